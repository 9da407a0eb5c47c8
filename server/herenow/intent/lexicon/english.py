"""English."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from herenow.intent.lexicon.model import Lexicon, rules_of, words_of

ENGLISH: Final = Lexicon(
    language="en",
    rules=rules_of("english"),
    function_words=words_of(
        "a about an and any are around at be beside between but by can close could do does down for from get"
        " give go good had has have how i if im in inside into is it its just less like me my near no not of"
        " off on only or our out over please so some than that the their them there these they this those to"
        " too towards under up upto us want was we were what whats when where which who whose why will with"
        " within would you your"
    ),
    request_words=words_of(
        "app apps browse discover find finding list listing listings looking look need option options place"
        " places search searching see show site sites spot spots suggest suggestions try website"
    ),
    place_prepositions=words_of("in near at around by nearby from to beside inside towards within"),
    articles=words_of("the of"),
    compass=MappingProxyType({"west": "w", "east": "e", "north": "n", "south": "s"}),
    place_suffixes=words_of("station area"),
)
