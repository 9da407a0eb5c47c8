"""English."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from herenow.intent.lexicon.model import Lexicon, phrases_of, rules_of, words_of

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
    limits=words_of("within under inside in less than up to upto about around"),
    compass=MappingProxyType({"west": "w", "east": "e", "north": "n", "south": "s"}),
    place_suffixes=words_of("station area"),
    price_words=MappingProxyType(
        {
            "lowest": phrases_of(
                "cheap, cheaper, cheapest, budget, low budget, budget friendly, inexpensive, affordable,"
                " low price, low priced, low cost, economical, value for money"
            ),
            "middle": phrases_of("mid range, midrange, medium priced, moderately priced, reasonably priced"),
            "highest": phrases_of(
                "expensive, luxury, luxurious, premium, high end, upscale, pricey, high priced"
            ),
        }
    ),
    role_words=MappingProxyType(
        {
            "quality": phrases_of(
                "best, top, top rated, highest rated, best rated, highly rated, well rated, good rating,"
                " high rating, finest, five star"
            ),
            "popularity": phrases_of("popular, most popular, trending, famous, well known"),
            "freshness": phrases_of("new, newest, latest, recent, just opened, newly opened, just added"),
        }
    ),
    near_me=phrases_of(
        "near me, nearby, near by, around me, close to me, close by, around here, near here, nearest"
    ),
    open_now=phrases_of("open now, open today, currently open, still open"),
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
