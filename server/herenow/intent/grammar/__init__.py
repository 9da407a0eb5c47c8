"""Wishes beside what is searched, read by rules that each language writes as text.

``notation`` reads the rules of a language, ``trie`` holds them compiled, ``Grammar`` is the compiled rules
of several languages with the facets of one app, ``find`` reads a text by it, ``negations`` tells what the
text does not want. ``places_named`` and ``frames`` guess at names that no vocabulary knows.
"""

from herenow.intent.grammar.compiled import Grammar
from herenow.intent.grammar.finding import candidates, find, negations
from herenow.intent.grammar.frames import FRAME_WEIGHT, Frame, FrameKind, frames, grown
from herenow.intent.grammar.model import Asking, ModifierMatch
from herenow.intent.grammar.negation import Negation, negations_beside
from herenow.intent.grammar.places import NamedPlace, places_named

__all__ = [
    "FRAME_WEIGHT",
    "Asking",
    "Frame",
    "FrameKind",
    "Grammar",
    "ModifierMatch",
    "NamedPlace",
    "Negation",
    "candidates",
    "find",
    "frames",
    "grown",
    "negations",
    "negations_beside",
    "places_named",
]
