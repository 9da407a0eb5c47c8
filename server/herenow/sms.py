"""How many messages a network makes of a text, and how long a text may be.

The alphabet is that of 3GPP TS 23.038 (GSM 7 bit): 160 characters in one message, 153 each in several; one
character outside it turns the whole into UCS-2, with 70 and 67. What is billed is each of them.
"""

from __future__ import annotations

from typing import Final

MAX_SMS: Final = 1600
"""Characters that SNS takes, in several parts."""

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")
_SEPTETS: Final = (160, 153)
_UNITS: Final = (70, 67)


def parts(text: str) -> int:
    """How many messages a network sends for a text.

    >>> parts("Still hungry?"), parts("अब भी भूख है?"), parts("a" * 161)
    (1, 1, 2)
    """
    if _BASIC.union(_EXTENDED).issuperset(text):
        length, (alone, each) = len(text) + sum(map(_EXTENDED.__contains__, text)), _SEPTETS
    else:
        length, (alone, each) = len(text.encode("utf-16-le")) // 2, _UNITS
    return 1 if length <= alone else -(-length // each)
