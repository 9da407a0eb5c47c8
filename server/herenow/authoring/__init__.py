"""Config documents: validation, release, manifest and parts."""
