"""What phones send: launches that follow a search, launches without a trace, configs asked for again."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote_plus
from uuid import UUID

import orjson
from tests.benchmarks.client import Response
from tests.benchmarks.synthetic import places, tags

CONTEXT: Final[Mapping[str, Any]] = {
    "platform": "android",
    "os_version": "15",
    "app_version": "3.2.1",
    "locale": "en-IN",
    "time_zone": "Asia/Kolkata",
    "device": {
        "class": "phone",
        "model": "Pixel 9",
        "screen": {"width": 1080, "height": 2424, "density": 2.6},
    },
    "capabilities": ["in_app", "push", "local_notification", "geofence"],
    "network": "wifi",
}
CONSENT: Final = {"analytics": "unknown", "personalization": "granted", "location": "unknown"}
_SECRET: Final = "c2FtcGxlLW9ubHktbmV2ZXItYS1yZWFsLXNlY3JldCE"


@dataclass
class Hello:
    """The peers' one request."""

    def request(self, _last: Response | None) -> bytes:
        """Always the same."""
        return b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@dataclass
class FirstLaunches:
    """First launches, each of a new installation; ``kind`` is a key of ``ACQUISITIONS``."""

    key: str
    kind: str
    seed: int
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def request(self, _last: Response | None = None) -> bytes:
        """A launch that never was before."""
        body = {
            "installation_id": str(UUID(int=self._chance.getrandbits(128), version=4)),
            "installation_secret": _SECRET,
            "context": CONTEXT,
            "acquisition": ACQUISITIONS[self.kind](self._chance),
            "consent": CONSENT,
        }
        return post("/v1/installations", body, {"X-Herenow-Key": self.key})


@dataclass
class ChangedConfigs:
    """The config of one installation, its context another each time: every request evaluates."""

    token: str
    asked: int = 0

    def request(self, _last: Response | None) -> bytes:
        """The same device under the next version of the app."""
        self.asked += 1
        context = {**CONTEXT, "app_version": f"3.3.{self.asked}"}
        return post("/v1/config", {"context": context}, {"Authorization": f"Bearer {self.token}"})


@dataclass
class UnchangedConfigs:
    """The config of one installation, asked for again and again with the validator held."""

    token: str
    held: bytes = b""
    _request: bytes = b""

    def request(self, last: Response | None) -> bytes:
        """Conditional on what the last answer gave, so that an expired validator is replaced."""
        if last is not None and last.status == 200:
            self.held = last.etag
        if not self._request or (last is not None and last.status == 200):
            headers = {"Authorization": f"Bearer {self.token}"}
            if self.held:
                headers["If-None-Match"] = self.held.decode()
            self._request = post("/v1/config", {"context": CONTEXT}, headers)
        return self._request


def post(path: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> bytes:
    """A JSON request that accepts gzip."""
    content = orjson.dumps(body)
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: localhost",
        "Accept-Encoding: gzip",
        "Content-Type: application/json",
        f"Content-Length: {len(content)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def searched(chance: random.Random) -> str:
    """The founding search's form over every tag and place: "burger joints in kandivali west"."""
    return f"{chance.choice(_TAGS)} joints in {chance.choice(_PLACES).lower()}"


def _from_play(text: str) -> dict[str, Any]:
    return {
        "play_install_referrer": {
            "install_referrer": f"utm_source=web&utm_medium=search&utm_term={quote_plus(quote_plus(text))}",
            "referrer_click_timestamp_seconds": 1_795_138_800,
            "install_begin_timestamp_seconds": 1_795_138_860,
            "google_play_instant": False,
        }
    }


def _search(chance: random.Random) -> dict[str, Any]:
    return _from_play(searched(chance))


def _unknown(chance: random.Random) -> dict[str, Any]:
    return _from_play(f"xyqw {chance.randrange(10**6)} jjgrt for qqle")


def _organic(_chance: random.Random) -> dict[str, Any]:
    return {}


ACQUISITIONS: Final = {"search": _search, "organic": _organic, "unknown": _unknown}
"""How an installation came, by name."""

_TAGS: Final = tags()
_PLACES: Final = places()
