"""German."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from herenow.intent.lexicon.model import Lexicon, rules_of, words_of

GERMAN: Final = Lexicon(
    language="de",
    rules=rules_of("german"),
    function_words=words_of(
        "ab aber alle als also am an auch auf aus bei beim bin bis da dann das dass dein dem den denn der "
        "des die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer "
        "eines er es etwas euch für gibt haben hat hätte hier ich ihr im in ins ist ja kann kannst können "
        "könnte man mein meine meinem meinen meiner mich mir mit möchte möchten nach noch nur oder ob "
        "ohne sehr sein sich sie sind so um und uns unser vom von vor wann war was welche welcher welches "
        "wenn wer wie will wir wird wo woher wohin wollen zu zum zur"
    ),
    request_words=words_of(
        "app apps anzeigen finde finden find gesucht suche suchen sucht such liste möglichkeiten ort orte "
        "option optionen zeig zeige zeigen brauche brauchen bitte gern gerne"
    ),
    place_prepositions=words_of("in im bei nahe um an am auf zu zum zur nach neben"),
    articles=words_of("der die das den dem des ein eine einem einen einer"),
    compass=MappingProxyType({"west": "w", "ost": "o", "nord": "n", "süd": "s"}),
    place_suffixes=words_of("bahnhof viertel zentrum"),
)
