"""The event loop in front of Flask: it waits for clients, so that nothing else has to."""
