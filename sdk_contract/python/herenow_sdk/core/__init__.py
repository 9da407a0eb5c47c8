"""The one evaluator: pure functions, no I/O, no clock, no randomness."""
