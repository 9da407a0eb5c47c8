"""How a message leaves: addresses, what is handed to whom, and what became of it."""
