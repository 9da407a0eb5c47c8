"""The embedded adapters: SQLite in WAL mode and a folder of blobs."""
