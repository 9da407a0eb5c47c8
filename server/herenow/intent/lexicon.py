"""The words of a language that mean the same in every app.

Function words, prepositions that announce a place, compass words, and the vocabulary of modifiers.
Nothing here names a thing that an app could sell or show; those words come from its catalogue and
its ``intents.json``. Another language is another ``Lexicon``; phrases are written as people type
them, and compared as everything else is (case, marks and plurals folded).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language.

    ``function_words`` and ``request_words`` carry no content: they are never reported as not
    understood and never make a phrase on their own. ``compass`` gives each direction its short form.
    ``price_words`` stand by their place in the order of price bands (``lowest``, ``middle``,
    ``highest``), ``role_words`` by the role of the facet that they judge. ``distances`` of phrases and
    of ``units`` are metres.
    """

    function_words: frozenset[str]
    request_words: frozenset[str]
    place_prepositions: frozenset[str]
    articles: frozenset[str]
    limits: frozenset[str]
    compass: Mapping[str, str]
    place_suffixes: frozenset[str]
    price_words: Mapping[str, tuple[str, ...]]
    role_words: Mapping[str, tuple[str, ...]]
    near_me: tuple[str, ...]
    open_now: tuple[str, ...]
    distances: Mapping[str, int]
    units: Mapping[str, float]

    def is_silent(self, form: str) -> bool:
        """Whether a word need not be understood."""
        return form in self.function_words or form in self.request_words


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in text.split(","))


ENGLISH = Lexicon(
    function_words=_words(
        "a about an and any are around at be beside between but by can close could do does down for from get"
        " give go good had has have how i if im in inside into is it its just less like me my near no not of"
        " off on only or our out over please so some than that the their them there these they this those to"
        " too towards under up upto us want was we were what whats when where which who whose why will with"
        " within would you your"
    ),
    request_words=_words(
        "app apps browse discover find finding list listing listings looking look need option options place"
        " places search searching see show site sites spot spots suggest suggestions try website"
    ),
    place_prepositions=_words("in near at around by nearby from to beside inside towards within"),
    articles=_words("the of"),
    limits=_words("within under inside in less than up to upto about around"),
    compass=MappingProxyType({"west": "w", "east": "e", "north": "n", "south": "s"}),
    place_suffixes=_words("station area"),
    price_words=MappingProxyType(
        {
            "lowest": _phrases(
                "cheap, cheaper, cheapest, budget, low budget, budget friendly, inexpensive, affordable,"
                " low price, low priced, low cost, economical, value for money"
            ),
            "middle": _phrases("mid range, midrange, medium priced, moderately priced, reasonably priced"),
            "highest": _phrases(
                "expensive, luxury, luxurious, premium, high end, upscale, pricey, high priced"
            ),
        }
    ),
    role_words=MappingProxyType(
        {
            "quality": _phrases(
                "best, top, top rated, highest rated, best rated, highly rated, well rated, good rating,"
                " high rating, finest, five star"
            ),
            "popularity": _phrases("popular, most popular, trending, famous, well known"),
            "freshness": _phrases("new, newest, latest, recent, just opened, newly opened, just added"),
        }
    ),
    near_me=_phrases(
        "near me, nearby, near by, around me, close to me, close by, around here, near here, nearest"
    ),
    open_now=_phrases("open now, open today, currently open, still open"),
    distances=MappingProxyType(
        {"walking distance": 1000, "walkable": 1000, "short walk": 1000, "short drive": 5000}
    ),
    units=MappingProxyType(
        {
            **dict.fromkeys(("km", "kms", "kilometer", "kilometers", "kilometre", "kilometres"), 1000.0),
            **dict.fromkeys(("m", "meter", "meters", "metre", "metres"), 1.0),
            **dict.fromkeys(("mi", "mile", "miles"), 1609.344),
        }
    ),
)
