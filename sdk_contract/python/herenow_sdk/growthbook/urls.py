"""URLs as browsers read them, as far as targeting needs it: https://url.spec.whatwg.org, special schemes.

Python's own parser keeps what browsers normalise (letter case of hosts, default ports, ``..``, characters
that have to be escaped), and targeting compares what browsers show.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, quote, quote_plus

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)
_DEFAULT_PORTS: Final = {"http": "80", "https": "443"}
_AUTHORITY: Final = re.compile(r"(?:[^@/?#]*@)?([^:/?#@]*)(?::([0-9]*))?")
_FORBIDDEN_IN_HOSTS: Final = re.compile(r"[\x00-\x20\"#%/:<>?@\[\\\]^`|{}]")
_IN_PATHS: Final = "/!$&'()*+,;=:@%~|[]^\\-._"
_IN_QUERIES: Final = "/!$&()*+,;=:@%~|[]^\\-._?`{}"
_IN_FRAGMENTS: Final = "/!$&'()*+,;=:@%~|[]^\\-._?{}#"
_MAX_URL: Final = 65_536
"""Longer texts are no URLs."""


@dataclass(frozen=True, slots=True)
class Url:
    """The parts of a URL: ``host`` with a port that is not the scheme's, ``query`` and ``fragment`` bare."""

    scheme: str
    host: str
    path: str
    query: str
    fragment: str

    @property
    def origin(self) -> str:
        """Scheme and host."""
        return f"{self.scheme}://{self.host}"

    @property
    def rest(self) -> str:
        """What follows the origin."""
        query = f"?{self.query}" if self.query else ""
        return f"{self.path}{query}{'#' + self.fragment if self.fragment else ''}"

    def __str__(self) -> str:
        return self.origin + self.rest

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """Names and values of the query, decoded, in order."""
        return parse_qsl(self.query, keep_blank_values=True, max_num_fields=None)

    def with_parameters(self, parameters: Iterable[tuple[str, str]]) -> Url:
        """The URL with another query."""
        return replace(self, query="&".join(f"{_form(name)}={_form(value)}" for name, value in parameters))


def _form(text: str) -> str:
    return quote_plus(text, safe="*").replace("~", "%7E")


def parse_url(text: str, base: str | None = None) -> Url:
    """The URL of a text, relative to a host of https where ``base`` names one. Raises ``ValueError``."""
    text = re.sub(r"[\t\r\n]", "", text.strip("".join(map(chr, range(33)))))
    if len(text) > _MAX_URL:
        raise ValueError("the text is too long for a URL")
    scheme, rest = _scheme_of(text)
    if not scheme:
        if base is None:
            raise ValueError("the URL is not absolute")
        scheme, rest = "https", _absolute(rest, base)
    before, _, fragment = rest.partition("#")
    before, _, query = before.partition("?")
    authority, slash, path = before.replace("\\", "/").lstrip("/").partition("/")
    return Url(
        scheme,
        _host(authority, scheme),
        _path(slash + path),
        quote(query, safe=_IN_QUERIES),
        quote(fragment, safe=_IN_FRAGMENTS),
    )


def _scheme_of(text: str) -> tuple[str, str]:
    found = _SCHEME.fullmatch(text)
    if found is None:
        return "", text
    scheme = found[1].lower()
    if scheme not in _DEFAULT_PORTS:
        raise ValueError(f"no URL of a page begins with {scheme}:")
    return scheme, found[2]


def _absolute(relative: str, base: str) -> str:
    if relative[:2].replace("\\", "/") == "//":
        return relative
    return f"//{base}{'' if relative[:1] in ('/', chr(92), '?', '#') else '/'}{relative}"


def _host(authority: str, scheme: str) -> str:
    found = _AUTHORITY.fullmatch(authority)
    if found is None or not found[1] or _FORBIDDEN_IN_HOSTS.search(found[1]):
        raise ValueError("the URL has no valid host")
    host = found[1].lower()
    host = host if host.isascii() else host.encode("idna").decode("ascii")
    port = (found[2] or "").lstrip("0") or ("0" if found[2] else "")
    return host if port in ("", _DEFAULT_PORTS[scheme]) else f"{host}:{port}"


def _path(path: str) -> str:
    """The path with its dot segments resolved and what has to be escaped escaped."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for index, segment in enumerate(segments):
        plain = re.sub("%2e", ".", segment, flags=re.IGNORECASE)
        if plain == "..":
            del kept[-1:]
        if plain not in (".", ".."):
            kept.append(segment)
        elif index == len(segments) - 1:
            kept.append("")
    return "/" + quote("/".join(kept), safe=_IN_PATHS)
