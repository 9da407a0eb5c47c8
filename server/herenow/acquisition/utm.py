"""Campaign parameters: the ``utm_*`` vocabulary and the query beside it, from any list of pairs.

Links pass through ad servers, stores and redirects that each encode once more, so values are
decoded once, and a second time when they still look encoded (Play documents ``%252B`` for a plus);
what still looks encoded after that is noise and is dropped, which makes decoding idempotent.
``+`` means a blank. Only known keys are kept: click ids are recognised for the network they name
and then forgotten, ``utm_content`` (Meta puts encrypted JSON there) is never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from urllib.parse import unquote

from herenow.text import clean_text

_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_MACRO = re.compile(r"\$?\{+[^{}]*\}+")
_NOT_A_VALUE = frozenset({"(not set)", "(none)", "(not provided)", "null", "none", "undefined", "nil"})
_DECODING_ROUNDS = 2
_NAME_LIMIT = 100
_KEY_LIMIT = 64
_VALUE_LIMIT = 2048  # encoded; what is kept of it is cut by clean_text
_PAIR_LIMIT = 64

PARAMETER_OF: Mapping[str, str] = MappingProxyType(
    {
        "utm_source": "source",
        "utm_medium": "medium",
        "utm_campaign": "campaign",
        "utm_term": "term",
        "keyword": "keyword",
        "q": "query",
        "query": "query",
        "search": "query",
        "search_query": "query",
    }
)

CLICK_IDS: Mapping[str, tuple[str, str | None]] = MappingProxyType(
    {
        "gclid": ("google", "cpc"),
        "gbraid": ("google", "cpc"),
        "wbraid": ("google", "cpc"),
        "dclid": ("google", "display"),
        "msclkid": ("bing", "cpc"),
        "ttclid": ("tiktok", "paid"),
        "twclid": ("twitter", "paid"),
        "fbclid": ("facebook", None),
        "igshid": ("instagram", None),
    }
)
"""Click id → the network it names and, where only paid clicks carry it, the medium."""


@dataclass(frozen=True, slots=True)
class CampaignParameters:
    """What a link says about where it was found. ``source`` and ``medium`` are lower case."""

    source: str | None = None
    medium: str | None = None
    campaign: str | None = None
    term: str | None = None
    keyword: str | None = None
    query: str | None = None

    @property
    def is_empty(self) -> bool:
        """Nothing known at all."""
        return self == EMPTY

    @property
    def is_store_organic(self) -> bool:
        """Found in the store itself, which tells nobody what was searched."""
        return self.source == "google-play" and self.medium == "organic"


EMPTY = CampaignParameters()


def decode(raw: str) -> str:
    """Percent-decoded text, cleaned and bounded; never raises, invalid UTF-8 becomes U+FFFD."""
    text = raw
    for _ in range(_DECODING_ROUNDS):
        if not _ENCODED.search(text):
            break
        text = unquote(text, errors="replace")
    # Cleaning may itself produce a '+' or a '%' (from their full-width forms), so it goes first and last.
    return clean_text(_ENCODED.sub(" ", clean_text(text).replace("+", " ")))


def parameters_from_pairs(pairs: Iterable[tuple[str, str]]) -> CampaignParameters:
    """Known keys of encoded pairs, the first of repeated ones, at most 64 pairs looked at."""
    found: dict[str, str] = {}
    network: tuple[str, str | None] | None = None
    for _, (raw_key, raw_value) in zip(range(_PAIR_LIMIT), pairs, strict=False):
        key = decode(raw_key[:_KEY_LIMIT]).lower()
        network = network or CLICK_IDS.get(key)
        name = PARAMETER_OF.get(key)
        if name and name not in found and (value := _value(name, raw_value[:_VALUE_LIMIT])):
            found[name] = value
    return CampaignParameters(**_with_network(found, network))


def parameters_from_mapping(raw: Mapping[object, object]) -> CampaignParameters:
    """From a JSON object: ``{"utm_source": "web", …}`` or the bare names ``{"source": "web", …}``."""
    pairs = ((key, value) for key, value in raw.items() if isinstance(key, str) and isinstance(value, str))
    return parameters_from_pairs((_PREFIXED.get(key.lower(), key), value) for key, value in pairs)


_PREFIXED = {name: f"utm_{name}" for name in ("source", "medium", "campaign", "term")}
_CANONICAL_KEY_OF = MappingProxyType({"query": "q", "keyword": "keyword"} | _PREFIXED)


def render(parameters: CampaignParameters) -> str:
    """The canonical query string."""
    return "&".join(_pairs(parameters).values())


def fitting(parameters: CampaignParameters, limit: int) -> CampaignParameters:
    """The parameters without those for which ``limit`` characters of canonical string have no room."""
    left = limit + 1  # the first pair needs no separator
    dropped: dict[str, None] = {}
    for name, pair in _pairs(parameters).items():
        if len(pair) + 1 <= left:
            left -= len(pair) + 1
        else:
            dropped[name] = None
    return replace(parameters, **dropped) if dropped else parameters


def _pairs(parameters: CampaignParameters) -> dict[str, str]:
    values = {name: getattr(parameters, name) for name in _CANONICAL_KEY_OF}
    return {name: f"{_CANONICAL_KEY_OF[name]}={_encoded(value)}" for name, value in values.items() if value}


def _encoded(value: str) -> str:
    # A '+' or an escape cannot occur in a decoded value, so these two are enough.
    return value.replace("&", "%26").replace(" ", "+")


def _value(name: str, raw: str) -> str:
    value = decode(raw)
    if value.lower() in _NOT_A_VALUE or _MACRO.fullmatch(value):
        return ""
    if name in ("source", "medium"):
        return clean_text(value.lower(), _NAME_LIMIT)
    return value


def _with_network(found: dict[str, str], network: tuple[str, str | None] | None) -> dict[str, str]:
    if network is None or "source" in found:
        return found
    source, medium = network
    named = {"source": source} | ({"medium": medium} if medium else {})
    return named | found
