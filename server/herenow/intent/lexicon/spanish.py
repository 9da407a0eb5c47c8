"""Spanish."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from herenow.intent.lexicon.model import Lexicon, rules_of, words_of

SPANISH: Final = Lexicon(
    language="es",
    rules=rules_of("spanish"),
    function_words=words_of(
        "a al algo algun alguna algunas algunos ante aqui así aún como con cual cuales cuando de del "
        "desde donde dónde e el ella ellos en entre era es esa ese eso esta está están este esto estoy "
        "gustaría hacia hasta hay haya he la las le les lo los mas me mi mis muy nada ni no nos nosotros "
        "o otra otro para pero por porque puedo podemos que qué quien se sea ser si sí sin sobre son su "
        "sus también te tengo tiene tienen tu tus un una unas uno unos y ya yo"
    ),
    request_words=words_of(
        "app aplicación apps buscar busco buscamos búsqueda encontrar encuentra encuéntrame dime dame "
        "quiero quisiera queremos necesito necesitamos lista listado lugar lugares mostrar muestra "
        "muéstrame opciones opción sitio sitios ver favor"
    ),
    place_prepositions=words_of("en cerca por hacia junto alrededor dentro desde"),
    articles=words_of("el la los las un una del de"),
    compass=MappingProxyType({"oeste": "o", "este": "e", "norte": "n", "sur": "s"}),
    place_suffixes=words_of("barrio zona centro"),
)
