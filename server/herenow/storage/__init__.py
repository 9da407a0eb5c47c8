"""Three small ports (documents, blobs, event log) and their adapters."""
