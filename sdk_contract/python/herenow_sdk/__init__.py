"""herenow SDK: the reference implementation of the on-device contract."""
