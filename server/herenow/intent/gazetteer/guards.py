"""Words that are places only where the text says so.

"In" is not Indiana, "thai" not a town, and whoever searches "nice shoes" is not on the Riviera. A name
that is an everyday word needs support: a preposition before it, its region behind it, or a text that says
nothing else. The lists hold words of the languages that the modifiers speak; folded as tokens are.
"""

from __future__ import annotations

from functools import lru_cache

from herenow.intent.gazetteer.layout import PLAIN_LETTERS
from herenow.intent.gazetteer.place import City, Place

SHORTEST_NAME = 4
"""Latin letters of a name that stands by itself."""

_REMEMBERED = 4096
_UNKNOWN_NAME_POPULATION = 300_000
"""A smaller city needs support under a name that is not its own: most such names are other words too."""


UNMISTAKABLE = frozenset({"nyc", "usa", "uae"})
"""Short, and nothing else."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PREPOSITIONS = _words(
    "in at near around nearby from outside visiting en cerca desde hacia em na no perto dans chez pres vers"
    " bei nach aus nahe di dekat ke dari sekitar mein paas nel nella vicino naar bij kolo okolo"
    " में के पास से"
)
"""Words that announce a place, also where they mean other things beside."""

SILENT = _words(
    "a al all am an and any are as atau aur avec be but can com con dan das del dengan der des di die do"
    " e ein eine el es est et find for fur get give go good hai has have he her his how i if im is ist it"
    " its just ka ki ko la las le les like los me mi mit more most my new no not o oder of off old on one"
    " only or os ou our out over par please por pour que se search show si so some su that the their them"
    " then they this to too tu two um uma un una und untuk up us von was we what when where which who why"
    " will with y yang you your zu और का की को है"
)
"""Words that carry no content and never name a place by themselves."""

COMPASS = _words(
    "north south east west northern southern eastern western central centre center upper lower norte sur este"
    " oeste sul nord sud est ouest ost sued suden norden westen osten utara selatan timur barat"
)
"""Parts of a place, not a place."""

EVERYDAY = _words(
    # English
    "account action africa after again alba along alot always american april asia august ay baby bad bag"
    " bags ball bank banks bar bat bath battle bay beach bear beer before bella bend best better big"
    " bigger bike bikes bird bishop black blue body boss both boulder boy boys bread breakfast brick bride"
    " bridge bright brook brown buffalo burger bus bush butter buy cafe cake call called camp canyon"
    " capital car carbon card cars casa case cases cash castle cat cave central centro chad champagne"
    " chance cheap cheese chicken chili chinese church city clay clerk club coach coast coastal code"
    " coffee college cologne come comedy commerce cook cork corona council court cow cream credit crew"
    " cross crown crystal dame data date deal debit deli delis delta den desk diamond dining dinner dish"
    " dog dogs dolphin door downtown dragon drama dress driver drug drugs dual duck each eagle early easy"
    " edge egg eggs el elk enterprise europe ever every eye eyes face fair falls family far farm fashion"
    " fate field film fine first fish five flight flights flint flower food foot forest forge fort found"
    " fountain fox free french fresh friday friend full fund game games gaming gap garden gate gay german"
    " giant girl glass globe goes going gold golden golf good grand granite grant grape gray greek green"
    " grove guide gulf gun gym hair hand hands happy harbor harbour hard hardy hay head heart heaven hill"
    " hills holiday home honey hook hope horse hostel hotel house hull human ideal independence indian"
    " industry insurance invest island islands italian ivory jacket japanese java jeans jersey jet jewish"
    " job jobs joy july junction june key kids king kings kiss korean lacs lake lakes lamb land largo last"
    " league leather lebanese left lemon level liberty life light lime linden lion little littoral live"
    " loan lone long lost lot love lucky lunch made magic make makes making male mall man manager many"
    " maple mar marble march margarita marina market marks mason mat mate max may meal meat media medicine"
    " mer mercy metro mexican milk mill mint mission mobile model monday money monster monte moon mountain"
    " movie movies much music mustang nail nails name named natural need needles needs never next nice"
    " nine normal nurse nut nuts ocean office officer oil olive one open opportunity orange order outer"
    " outlet over page paid palm panda papa paradise park part parts pay peach pearl pepper pet phone"
    " phones piano pig pine pink pita pizza plain plains plano plateau play player plaza plus point police"
    " pool pop port post power prince princess pro progress pub queen race rainbow ramen ranch range"
    " reading really red regal remote rent rest rice rich ride rides ridge right ring river rivers road"
    " rock roles roll roman rose round royal rugby sage sake salad sale salt same san sand sandwich satin"
    " savanna save school sea seal sell shell ship shirt shoes shop si side sides silver six skin sky"
    " smoke soap sol solar solo son sons soul soup spa spanish spice split sport sports spring springs"
    " square star station steam steel still stone store storm story street study style such sugar suit"
    " summer summit sun sunday sunrise sunset super surprise sweet table taco take taken takes tall taxi"
    " tea team teen tell temp temple ten thai than ticket tickets tiger time times tips tire tires toast"
    " tofu top tour tourist tours tower town trail train travel tree trend truth turkey turkish two under"
    " union unity university uno uptown valley van veg vegan very via victory view village vista walnut"
    " war water wave wedding welcome wells went whale wheat while white wife wine wing winter wolf wood"
    " woods work worker working works world yoga young"
    # Spanish, Portuguese, Italian
    " barra bosque bravo cascada cruz delicias esperanza feira flores gloria libertad limon loja luna luz"
    " massa moreno paz perla playa praia progreso reforma rio rosas salto serra tigre torres"
    # French, German
    " agen baden die essen fur gut halle hamm hof lens regen singen werder"
    # Indonesian, Hindi in Latin letters
    " bhoj khana mau pali sabha sagar una"
)
"""Names of places that are words, first names or dishes as well."""
ABBREVIATED = _words("la us")
"""Short forms of places that are function words too: meant at the end of a text after an English "in"."""
_BEFORE_ABBREVIATED = _words("in near to from around")

ANNOUNCING = PREPOSITIONS | _BEFORE_ABBREVIATED
_MEANINGLESS = SILENT | COMPASS | PREPOSITIONS


@lru_cache(maxsize=_REMEMBERED)
def is_never(key: str) -> bool:
    """Whether a key names no place whatever stands around it: silent or compass words, numbers."""
    if all(part in _MEANINGLESS for part in key.split(" ")):
        return key not in ABBREVIATED
    letters = key.replace(" ", "")
    return letters.isdigit() or (letters.isascii() and len(letters) <= 1)


@lru_cache(maxsize=_REMEMBERED)
def is_word(key: str) -> bool:
    """Whether a key consists of everyday, silent and compass words."""
    return all(part in EVERYDAY or part in _MEANINGLESS for part in key.split(" "))


def needs_support(key: str, place: Place, own: str) -> bool:
    """Whether a place may be read from this key only where the text supports it; ``own`` is its own key."""
    letters = key.replace(" ", "")
    if letters.isascii() and len(letters) < SHORTEST_NAME and key not in UNMISTAKABLE:
        return True
    return is_word(key) or (is_alias(key, place, own) and place.population < _UNKNOWN_NAME_POPULATION)


def is_alias(key: str, place: Place, own: str) -> bool:
    """Whether one word is a city's name in another language, and no part of its own."""
    known = key in ABBREVIATED or f" {key.translate(PLAIN_LETTERS)} " in f" {own} "
    return " " not in key and isinstance(place, City) and not known


def is_supported(key: str, place: Place, before: str | None, *, ends: bool) -> bool:
    """Whether the text supports it: by the word ``before``, or by being nothing else (``ends`` with it)."""
    if key in ABBREVIATED:
        return ends and before in _BEFORE_ABBREVIATED
    if before is None and ends:
        return len(key) >= SHORTEST_NAME or not key.isascii() or place.population >= _UNKNOWN_NAME_POPULATION
    return before in PREPOSITIONS
