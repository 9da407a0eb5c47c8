"""The AWS adapters."""
