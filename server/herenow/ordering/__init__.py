"""Which items of a catalogue fill a placement, and in which order."""
