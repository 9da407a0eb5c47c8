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


SHORT_NAMES = frozenset({"nyc", "sf", "dc", "la"})
"""Names of cities with fewer letters that people type; other short ones are those of other languages."""
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
    "a about above across ada against aku al all along als am among an and anda any ao aos are as ask"
    " atau au auf aur aux avec be because behind below beside between bisa both but buy by can com con da"
    " dan das de del dem dengan der des di did die do du during e each ein eine either el er es est et"
    " every few find for fur get give go good got hai hain has have he her here hey hi his how i ich if"
    " ihr im ini inside into is ist it its itu just ka kami kamu ki ko koi kya la lagi las le les let like"
    " los ma man may me mera meri mi mine mit mon more most mujhe my nas new no noch nor nos not nous nur"
    " o oder of off oh ok okay old on one only onto or os ou our ours out over own par pela pelo per"
    " please pm por pour put que run sa same say saya schon se search see sehr ses set seu show si sie"
    " since so some son su sua such than that the their them then there these they this those tidak to too"
    " towards try tu two um uma un una und until untuk up upon us use via vom von vos vous vs was we wenn"
    " what when where which while who why wie will wir with within y yahan yang yes yet you your zu zum"
    " zur और का की को है"
)
"""Words that carry no content and never name a place by themselves."""

COMPASS = _words(
    "north south east west northern southern eastern western central centre center upper lower norte sur este"
    " oeste sul nord sud est ouest ost sued suden norden westen osten utara selatan timur barat"
)
"""Parts of a place, not a place."""

EVERYDAY = _words(
    # English
    "account action africa after again airport alba alliance along alot always american april asia august"
    " ay baby bad bag bags ball bank banks bar barn bat bath battle bay beach bear beer before begun bell"
    " bella bend best better big bigger bike bikes bird bishop black blue body bone boom boss both boulder"
    " boy boys bread breakfast brick bride bridge bright brook brown buffalo burger bus bush butter buy"
    " cafe cage cake call called camp canyon capital car carbon card cars casa case cases cash castle cat"
    " cave central centro chad champagne chance cheap cheese chicken chili chinese church city clay clerk"
    " club coach coast coastal code coffee coin college cologne come comedy commerce commonwealth cook"
    " cork corona council country court cow cream credit crew cross crown crystal dame data date deal"
    " debit deli delis delta den desk diamond dining dinner dish dog dogs dolphin door downtown dragon"
    " drama dress driver drug drugs dual duck each eagle early easy edge egg eggs el elk enterprise europe"
    " ever every eye eyes face fair falls family far farm fashion fate federal field film fine first fish"
    " five fleet flight flights flint flora flower food foot forest forge fort found fountain fox free"
    " french fresh friday friend full fund game games gaming gap garden gate gay genes german giant girl"
    " glass globe goes going gold golden golf good grand granite grant grape gray greek green grove guide"
    " gulf gun gym hair hall hand hands hang happy harbor harbour hard hardy hay head heart heaven hill"
    " hills hire holiday home homo honey hook hope horn horse hostel hotel house hull human humble hunter"
    " ideal imperial independence indian industry insurance invest island islands italian ivory jacket"
    " japanese java jeans jersey jet jewish job jobs joy july junction june key kids king kings kiss"
    " korean lacs lake lakes lamb land largo last league leather lebanese left lemon level liberal liberty"
    " life light lime linden lion little littoral live loan lone long loop lost lot love lucky lunch made"
    " magic make makes making male mall man manage manager many maple mar marble march margarita marina"
    " market marks mason mat mate max may meal meat media medicine mer mercy metro mexican mile milk mill"
    " mine mint mission mobile model monday money monster monte moon mountain movie movies much music"
    " mustang nail nails name named natural need needles needs never next nice nine normal nurse nut nuts"
    " ocean office officer oil olive olympic one open opera opportunity oral orange order outer outlet"
    " over pace page paid palm panda papa paradise paramount park part parts pay peach pearl pepper pet"
    " phone phones piano pig pine pink pita pizza plain plains plano plantation plateau play player plaza"
    " plus point police pool pop port possession post power president prince princess pro progress pub"
    " punch queen race rainbow ramen ranch range rapid reading really red regal remote rent republic rest"
    " retreat rice rich ride rides ridge right ring river rivers road rock roles roll roman rose round"
    " royal rugby sage sake salad sale salt same san sand sandwich sandy satin savanna save school sea"
    " seal sell semi shell ship shirt shoes shop si side sides silver since sing six skin sky smoke soap"
    " sol solar solo son sons soul soup spa spanish spice split sport sports spring springs square star"
    " station steam steel sterling still stone store storm story street study style such sugar suit summer"
    " summit sun sunday sunrise sunset super superior surprise sweet table taco take taken takes tall tank"
    " taxi tea team teen tell temp temple ten thai than ticket tickets tiger time times tips tire tires"
    " toast tofu top tour tourist tours tower town trail train travel tree trend truth turkey turkish two"
    " under union unity university uno uptown valley van veg vegan very via victory view village vista"
    " walnut war water wave wedding welcome wells went whale wheat while white wife wine wing winter wolf"
    " wood woods work worker working works world worth yoga young"
    # Spanish, Portuguese, Italian
    " alegre alma alta altos anda antigua avion azul baja banco banda barra batalha bela bello beni bere"
    " bonito borsa bosque bravo cabo cair cala campana campanha campi cascada cento centrale chama chefe"
    " chino cine cita como constitucion corrente costi cruz delicias dire donna dura esperanza esse"
    " estrela estrella fara faro feira fermo flores floresta fondi fortuna frontera fundacion gloria graca"
    " gracas gracia guarda guia haga hago hanno hermosa hola iglesias isla jardim justicia latina leer"
    " libertad libres limon linda lista loja longa longe luce luna luz madera maio mala mani marco massa"
    " mesa mestre meta minas mira mora moreno nacimiento nada obra onda ouro palacio pare parede parla"
    " parli parola parole pasan passi passos paulista paz pedra pensa perla playa poblacion porta posse"
    " praia presidente princesa principe progreso propria pueblo puente puerto quarto reforma reino"
    " republica reserva resistencia reunion reyes rio rosas rosso saco saida sala salon salto salud santos"
    " seria serra socorro sola tanta tela tema tendo tera termini tienen tigre tira toma tomar tono torno"
    " torres triunfo uniao universidad urbana vada valle vari velho vera viejo vila vinto vite volta"
    # French, German, Dutch
    " agen allen auch baden boden bose bras bron cela celle champs daran die durant dure eisen ende essen"
    " fiche fier fur gare geel gerat grad greve gut haar halle hamm hof holt huizen ihren joue kamen"
    " keller kent keren komen lage lander langen langue lauf leek lens maan marche mari medias mitte muhe"
    " peine plaisir regen robe rouge sens singen stade terme tete trat vereniging vrede ware waren weil"
    " welkom wensen werder wetter"
    # Indonesian, Hindi in Latin letters
    " acara agar anak bakal bandar baru batang bayi belas beli berat beri bhoj bukan bulan bunda buta dana"
    " gaya guna juara kanker kapan kaya khana kira kita kolam kosong kotor lahan mandi materi mati mau"
    " mulia nanti negara nilai orang pali pekan pula ratu raya roda rumah sabha sagar saran selama setia"
    " sumber tamu tanda tata tiba una warna"
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
    is_other = " " not in key and isinstance(place, City) and key.translate(PLAIN_LETTERS) != own
    return is_word(key) or (is_other and place.population < _UNKNOWN_NAME_POPULATION)


def is_alias(key: str, place: Place, own: str) -> bool:
    """Whether one word is a city's name in another language, and no part of its own."""
    known = key in ABBREVIATED or f" {key.translate(PLAIN_LETTERS)} " in f" {own} "
    return " " not in key and isinstance(place, City) and not known


def is_supported(key: str, place: Place, own: str, before: str | None, *, ends: bool) -> bool:
    """Whether the text supports it: by the word ``before``, or by being nothing else (``ends`` with it)."""
    if len(key) < SHORTEST_NAME and key.isascii() and is_alias(key, place, own) and key not in SHORT_NAMES:
        return False
    if key in ABBREVIATED:
        return ends and before in _BEFORE_ABBREVIATED
    if before is None and ends:
        return len(key) >= SHORTEST_NAME or not key.isascii() or place.population >= _UNKNOWN_NAME_POPULATION
    return before in PREPOSITIONS
