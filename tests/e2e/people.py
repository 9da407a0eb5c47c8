"""Those who use a running server: a phone with its app, and a marketer at the admin plane."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx

Json = dict[str, Any]


def call(method: str, url: str, **request: Any) -> httpx.Response:
    """One request over a connection of its own; ``verify`` is off because loading certificates is slow."""
    return httpx.request(method, url, timeout=30, trust_env=False, verify=False, **request)


class Phone:
    """A phone that opens the app: its installation, and the token once it has one."""

    def __init__(self, url: str, key: str, *, installation_id: str | None = None, **context: Any) -> None:
        self.url = url
        self.id = installation_id or str(uuid4())
        self.secret = "c2FtcGxlLW9ubHktbm8tcmVhbC1zZWNyZXQtaGVyZSE"
        self.context = {"platform": "android", "locale": "en-IN", "device": {"class": "phone"}, **context}
        self._headers = {"X-Herenow-Key": key}

    def try_launch(self, acquisition: Mapping[str, Any] | None = None) -> httpx.Response:
        """The first launch, whatever comes of it."""
        body = {
            "installation_id": self.id,
            "installation_secret": self.secret,
            "context": self.context,
            "acquisition": dict(acquisition or {}),
            "consent": {"personalization": "granted"},
        }
        answer = call("POST", f"{self.url}/v1/installations", json=body, headers=self._headers)
        if answer.is_success:
            self._headers["Authorization"] = f"Bearer {answer.json()['installation']['token']}"
        return answer

    def launch(self, acquisition: Mapping[str, Any] | None = None) -> Json:
        """The config of the first launch."""
        answer = self.try_launch(acquisition)
        assert answer.is_success, answer.text
        config: Json = answer.json()["config"]
        return config

    def config(self) -> Json:
        """The config of a later start."""
        return self.post("/v1/config", {"context": self.context}).json()

    def post(self, path: str, body: Any) -> httpx.Response:
        """A successful call of this installation."""
        answer = call("POST", f"{self.url}{path}", json=body, headers=self._headers)
        assert answer.is_success, answer.text
        return answer

    def get(self, path: str) -> httpx.Response:
        """Any call of this installation."""
        return call("GET", f"{self.url}{path}", headers=self._headers)


def search(url: str, key: str, text: str, **context: Any) -> Json:
    """The config that a phone gets which was led here by a search."""
    return Phone(url, key, **context).launch({"query": text})


class Desk:
    """A marketer's calls on the admin plane for one app and environment."""

    def __init__(self, url: str, token: str, app: str, environment: str = "production") -> None:
        self.url = f"{url}/admin/v1/apps/{app}/environments/{environment}"
        self._headers = {"Authorization": f"Bearer {token}"}

    def call(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **request: Any
    ) -> httpx.Response:
        """Any call, whatever comes of it."""
        sent = {**self._headers, **(headers or {})}
        return call(method, f"{self.url}{path}", headers=sent, **request)

    def release(self, documents: Mapping[str, str]) -> int:
        """Make a release; its number."""
        made = self.call("POST", "/releases", json={"documents": dict(documents)})
        assert made.is_success, made.text
        return int(made.json()["number"])

    def pointer(self) -> Json:
        """What is live."""
        live: Json = self.call("GET", "/pointer").raise_for_status().json()
        return live

    def serving_set(self) -> Json:
        """What is live, as every answer names it."""
        live = self.pointer()
        return {name: live[name] for name in ("release", "catalog", "model")}

    def publish(self, number: int) -> Json:
        """Serve a release in place of what is live; the pointer then."""
        return self._move("/publish", {"release": number})

    def roll_back(self) -> Json:
        """Serve the release before; the pointer then."""
        return self._move("/rollback", {})

    def import_catalog(self, rows: bytes, media_type: str = "application/x-ndjson") -> Json:
        """Import and serve; version, report and pointer."""
        done = self.call("POST", "/catalog", content=rows, headers={"Content-Type": media_type})
        assert done.is_success, done.text
        told: Json = done.json()
        return told

    def _move(self, path: str, body: Json) -> Json:
        live = self.call("GET", "/pointer")
        match = {"If-Match": live.headers["ETag"]} if live.is_success else {}
        moved = self.call("POST", path, json=body, headers=match)
        assert moved.is_success, moved.text
        pointer: Json = moved.json()
        return pointer
