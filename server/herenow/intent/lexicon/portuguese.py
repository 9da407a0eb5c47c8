"""Portuguese, of Brazil and of Portugal."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from herenow.intent.lexicon.model import Lexicon, rules_of, words_of

PORTUGUESE: Final = Lexicon(
    language="pt",
    rules=rules_of("portuguese"),
    function_words=words_of(
        "a ao aos aqui aquele aquela as até com como da das de dela dele do dos e é ela eles em entre era "
        "essa esse esta está estão este eu foi há isso já lhe mais mas me meu minha muito na não nas nem "
        "no nos nós o onde os ou para pela pelo per por porque posso podemos pra pro qual quais quando "
        "que quem se sem ser seu sua são só também te tem têm tenho ter tu um uma umas uns você vocês vou"
    ),
    request_words=words_of(
        "app aplicativo apps buscar busco busca encontrar encontre achar ache diga mostra mostrar mostre "
        "quero queria gostaria queremos preciso precisamos procurar procuro lista lugar lugares local "
        "opções opção site ver favor"
    ),
    place_prepositions=words_of("em no na nos nas perto por junto próximo dentro desde ao"),
    articles=words_of("o a os as um uma do da dos das de"),
    compass=MappingProxyType({"oeste": "o", "leste": "l", "norte": "n", "sul": "s"}),
    place_suffixes=words_of("bairro zona centro"),
)
