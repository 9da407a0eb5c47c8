"""A deep link that opened the app: custom scheme or universal link.

``bites://search?q=burgers`` carries a query, ``https://bites.example/c/burgers/andheri`` only words
in its path. Both are our own links, so a query in one is explicit; the words of a path (and the host
of a custom scheme, which is the first step of its path) are weak text. A fragment is read as one
more query, since single-page sites put theirs there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from herenow.acquisition.ladder import Evidence, evidence_of, strongest, weak_evidence
from herenow.acquisition.utm import CampaignParameters, decode, parameters_from_pairs

LINK_LIMIT = 4096
_PATH_LIMIT = 400

# Written out rather than urlsplit: that raises on some hosts, and a hostile link is not an error.
_LINK = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]{0,40})://(?P<host>[^/?#]*)(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class DeepLink:
    """What a link says: its campaign parameters and the words of its path."""

    parameters: CampaignParameters
    path_words: str

    @property
    def evidence(self) -> Evidence:
        """The best text in it."""
        return strongest((evidence_of(self.parameters), weak_evidence(self.path_words)))


def parse_deep_link(link: str) -> DeepLink | None:
    """``None`` when it is not ``scheme://…`` (so no ``mailto:`` is read as words); never raises."""
    match = _LINK.fullmatch(link[:LINK_LIMIT].strip())
    if match is None:
        return None
    is_web = match["scheme"].lower() in ("http", "https")
    steps = match["path"] if is_web else f"{match['host']}/{match['path']}"
    return DeepLink(
        parameters_from_pairs(_pairs(match["query"], match["fragment"])), decode(steps[:_PATH_LIMIT])
    )


def _pairs(*queries: str | None) -> Iterator[tuple[str, str]]:
    for query in queries:
        for pair in (query or "").lstrip("?!/").split("&"):
            key, _, value = pair.partition("=")
            yield key, value
