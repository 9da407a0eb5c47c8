"""What a search meant: facet values, a place, modifiers, and what was not understood."""
