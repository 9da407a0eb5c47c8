"""Who asks: keys, installations, tokens, roles, rate limits."""
