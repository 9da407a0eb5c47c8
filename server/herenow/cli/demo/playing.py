"""The phone of the demo: its first launch over HTTP, measured where it happens."""

from __future__ import annotations

import base64
import json
import re
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final

import httpx

from herenow.acquisition.resolve import resolve
from herenow.errors import Unavailable
from herenow.intent.parser import parse
from herenow.launch.serving import ServingSet

_DURATION: Final = re.compile(r"dur=([0-9.]+)")
_PARSES: Final = 99


@dataclass(frozen=True, slots=True)
class Launch:
    """What the phone got. ``server_ms`` is the server's own account, ``bytes_gzipped`` the body's size."""

    installation_id: str
    token: str
    config: Mapping[str, Any]
    server_ms: float
    bytes_gzipped: int


def first_install(folder: Path) -> dict[str, Any]:
    """The example's first call. Its phone is always the same, so every run tells the same story."""
    body: dict[str, Any] = json.loads((folder / "install.json").read_bytes())
    return body


def fresh_identity() -> dict[str, str]:
    """Id and secret as a client makes them once."""
    secret = base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
    return {"installation_id": str(uuid.uuid4()), "installation_secret": secret}


def without_search(install: Mapping[str, Any]) -> dict[str, Any]:
    """The same phone, another person, no trace of a search."""
    return {**install, **fresh_identity(), "acquisition": {}}


def play(http: httpx.Client, key: str, install: Mapping[str, Any]) -> Launch:
    """``POST /v1/installations``. Raises ``Unavailable`` when the answer is not a launch."""
    headers = {"X-Herenow-Key": key, "Accept-Encoding": "gzip"}
    answer = http.post("/v1/installations", json=install, headers=headers)
    if not answer.is_success:
        raise Unavailable(f"the first launch was answered {answer.status_code}", detail=answer.text[:500])
    told = answer.json()
    timing = _DURATION.search(answer.headers.get("Server-Timing", ""))
    return Launch(
        installation_id=told["installation"]["id"],
        token=told["installation"]["token"],
        config=told["config"],
        server_ms=float(timing[1]) if timing else 0.0,
        bytes_gzipped=answer.num_bytes_downloaded,
    )


def searched_text(install: Mapping[str, Any]) -> str | None:
    """What was searched, as the server reads it out of the acquisition."""
    return resolve(install.get("acquisition", {}), {}).text


def parse_ms(text: str, serving: ServingSet) -> float:
    """How long understanding ``text`` takes here: the middle of 99 runs."""
    taken = []
    for _ in range(_PARSES):
        started = perf_counter()
        parse(text, serving.reader)
        taken.append(perf_counter() - started)
    return median(taken) * 1000
