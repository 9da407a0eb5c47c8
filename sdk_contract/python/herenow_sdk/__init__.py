"""herenow SDK: the reference implementation of the on-device contract."""

from typing import Final

__version__: Final = "0.1.0"
