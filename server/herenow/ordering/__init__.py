"""Which items of a catalogue fill a placement, and in which order.

``search`` turns an intent into sets of items, with the help of ``modifiers`` and of ``residual`` text;
``ladder`` widens it until enough are found; ``scoring`` and ``selection`` do core's arithmetic on arrays;
``arrangement`` has core lay out the head; ``explain`` says why; ``engine`` ties them.
"""

from herenow.ordering.engine import PlacementOrderer
from herenow.ordering.model import (
    MAX_DEPTH,
    MAX_PAGE,
    MAX_RANKED,
    OrderedItem,
    OrderedPlacement,
    OrderingQuery,
    RankedList,
)

__all__ = [
    "MAX_DEPTH",
    "MAX_PAGE",
    "MAX_RANKED",
    "OrderedItem",
    "OrderedPlacement",
    "OrderingQuery",
    "PlacementOrderer",
    "RankedList",
]
