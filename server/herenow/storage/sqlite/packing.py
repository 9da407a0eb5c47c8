"""Values of the event log, compact: deflated with a dictionary of what beacons have in common.

A beacon is small, and mostly names that every beacon has. Alone it deflates badly; with a preset dictionary
(RFC 1950, section 2.2) that holds those names it shrinks to about a fifth. The first byte tells the form:
``{`` is plain JSON, as every value was stored once and as those that do not shrink still are; ``1`` is
deflated with the first dictionary. A dictionary, once used, never changes: another one gets another number.
"""

from __future__ import annotations

import zlib
from typing import Final

_PLAIN: Final = b"{"
_DEFLATED: Final = b"\x01"
_RAW: Final = -12
"""Raw deflate within 4 KB: the memory of a larger window costs four times what deflating does."""
_LEVEL: Final = 6
_MEMORY: Final = 5
_WORDS: Final = (
    b'"dropped":{"revoked":"false":true":null"feature":"experiment":"variation":"rule":"reason":"TARGETING_MATCH"'
    b'"type":"exposure","proximity":"region":"lat":"lon":"accuracy_m":"cell":"fence_dwelled","fence_exited",'
    b'"fence_entered","fence":"place":"type":"geo","name":"location","code":"order":"offer_redeemed","currency":"INR"'
    b'"value":"items":[{"item":"quantity":1,"price":"cart_remove","cart_add","purchase","rating","feedback","score":'
    b'"failed","acted","dismissed","opened","shown","delivered","sent","campaign":"message":"channel":"local_notification"'
    b'"in_app"email"sms"push"offer":"type":"message","query":"results":"search","seconds":"session":"session_end",'
    b'"session_start","screen":"screen_view","via":"item_follow","item_hide","item_dislike","item_share","item_save",'
    b'"item_impression","item_view","item_tap","placement":"home_feed","position":0},"at_ms":1795138990500,"received_ms":'
    b'1795138991500,"seq":1}{"id":"0b9f3a52-7c1d-4e0a-9d39-5f1d2c3b4a10","type":"behavior","name":"item_tap","at":'
    b'"2026-11-22T09:19:10+05:30","properties":{"item":"'
)
"""Likely neighbours stand together; what is commonest stands last, where it is cheapest to point at."""


def packed(body: bytes) -> bytes:
    """The JSON object ``body`` as it is stored: the shorter of deflated and plain."""
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW, _MEMORY, zlib.Z_DEFAULT_STRATEGY, _WORDS)
    small = _DEFLATED + deflate.compress(body) + deflate.flush()
    return small if len(small) < len(body) else body


def unpacked(stored: bytes) -> bytes:
    """The JSON that was stored. Raises ``ValueError`` for a form that this server does not know."""
    if stored[:1] == _PLAIN:
        return stored
    if stored[:1] != _DEFLATED:
        raise ValueError("a value of the event log has a form that this server does not know")
    inflate = zlib.decompressobj(_RAW, _WORDS)
    return inflate.decompress(stored[1:]) + inflate.flush()
