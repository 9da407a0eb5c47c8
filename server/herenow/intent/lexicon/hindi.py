"""Hindi as it is written in Devanagari."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from herenow.intent.lexicon.model import Lexicon, rules_of, words_of

HINDI: Final = Lexicon(
    language="hi",
    rules=rules_of("hindi"),
    function_words=words_of(
        "अब अपना अपनी अपने आप इस इसका इसके उस उसका एक ऐसा ऐसे ओर और क्या कब कर करना करने करें का कि किस "
        "किसी की कुछ के को कोई कौन कौनसा चाहिए चाहता चाहती जब जहां जिस जिसमें जो तक तो था थी थे दो पर "
        "बारे भी मुझे मुझको में मेरा मेरी मेरे मैं यह या ये रहा रही रहे लिए वह वहां वाला वाली वाले वे से "
        "हम हमें हमारे ही हूं हूँ है हैं हो होता होना"
    ),
    request_words=words_of(
        "ऐप एप खोज खोजें खोजो ढूंढ ढूंढो ढूंढें ढूँढ दिखाओ दिखाएं दिखाइए बताओ बताएं बताइए सूची जगह जगहें "
        "विकल्प मिलेगा मिलेंगे कहां कहाँ कृपया"
    ),
    place_prepositions=words_of("में पास नजदीक नज़दीक करीब आसपास"),
    compass=MappingProxyType({"पश्चिम": "प", "पूर्व": "पू", "उत्तर": "उ", "दक्षिण": "द"}),
    place_suffixes=words_of("स्टेशन इलाका"),
)
