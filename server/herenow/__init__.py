"""herenow: the backend that makes a mobile app personal from its very first launch."""

__version__ = "0.1.0"
