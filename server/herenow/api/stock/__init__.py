"""The planes of other protocols, open to apps in browsers, with errors in their own shapes."""
