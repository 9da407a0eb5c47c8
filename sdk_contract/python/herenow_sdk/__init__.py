"""herenow SDK: the reference implementation of the on-device contract."""

__version__ = "0.1.0"
