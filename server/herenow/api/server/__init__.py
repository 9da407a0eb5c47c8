"""The server plane: what a customer's own backend tells, with a secret key."""
