"""What came of messages: counted as it happens, compared with who was left alone."""
