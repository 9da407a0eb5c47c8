"""Hindi as it is typed in Latin letters."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from herenow.intent.lexicon.model import Lexicon, rules_of, words_of

HINDI_LATIN: Final = Lexicon(
    language="hi-Latn",
    rules=rules_of("hindi_latin"),
    function_words=words_of(
        "aap ab apna apne aur bhi chahiye chahta chahte hai hain hum hume hamare ho hona ise iska is jaha "
        "jahan jo ka kar karna karne kare kaun kaunsa ke ki kis kisi ko koi kya main mai mein me mera "
        "mere meri mujhe mujhko na par pe raha rahe se tak to the tha thi toh us usme wala wale wali woh "
        "wo ya yeh ye liye hi"
    ),
    request_words=words_of(
        "app apps batao bataye bataiye dhundo dhundho dhoondo dhoondho khojo khoj dikhao dikhaye dikhaiye "
        "jagah milega milegi milenge kahan kaha list chahiye"
    ),
    place_prepositions=words_of("mein me paas pass nazdeek kareeb aaspaas"),
    compass=MappingProxyType({"paschim": "p", "purv": "pu", "uttar": "u", "dakshin": "d"}),
    place_suffixes=words_of("station ilaka"),
)
