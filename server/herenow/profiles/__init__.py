"""What is known of one installation, what it consented to, and how it is forgotten."""
