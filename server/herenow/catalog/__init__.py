"""The app's own content: facets, import, the compiled artefact and its indexes."""
