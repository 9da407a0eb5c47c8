"""Requests of one installation, with what each answer asks for (SPEC 13.5).

A token is fetched when there is none, or once more when the server says it has ended; nothing else here
repeats anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from herenow_sdk.client.credentials import Installation
from herenow_sdk.client.settings import Settings
from herenow_sdk.client.transport import Response, Transport
from herenow_sdk.core.device.negotiation import HEADER, spec_header
from herenow_sdk.core.device.retries import classify
from herenow_sdk.core.reasons import RetryClass

Json = Mapping[str, Any]
_EARLY_S: Final = 60
"""A token is renewed so long before it ends."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, or having none, and what to do about it."""

    action: RetryClass
    response: Response | None = None
    document: Json | None = None

    @property
    def status(self) -> int | None:
        """The status of the answer."""
        return self.response.status if self.response else None

    @property
    def code(self) -> Any:
        """The code of a problem."""
        return self.document.get("code") if self.document and (self.status or 0) >= 400 else None

    def header(self, name: str) -> str | None:
        """A header by its lower-case name."""
        return self.response.headers.get(name) if self.response else None


class Calls:
    """The calls of the SDK plane and the public plane. One at a time: its owner sees to that."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._settings = settings
        self._transport = transport
        self._tokens: dict[str, tuple[str, float]] = {}

    def public(self, path: str, etag: str | None = None) -> Reply:
        """A document that anybody may fetch; its body is not looked at."""
        headers = {"If-None-Match": etag} if etag else {}
        response = self._transport.send("GET", path, None, headers)
        if response is None:
            return Reply(RetryClass.RETRY)
        document = response.document() if response.status >= 400 else None
        code = document.get("code") if document else None
        readable = bool(response.body)
        return Reply(classify(response.status, code, readable=readable), response, document)

    def keyed(self, path: str, body: Json) -> Reply:
        """A call that the publishable key is enough for; a token in its answer is taken."""
        reply = self._send("POST", path, body, {"X-Herenow-Key": self._settings.key})
        told = reply.document.get("installation") if reply.document else None
        if reply.action is RetryClass.DONE and not self._take_token(told):
            return replace(reply, action=RetryClass.RETRY)
        return reply

    def authorised(
        self, installation: Installation, method: str, path: str, body: Json, etag: str | None = None
    ) -> Reply:
        """A call of this installation, with a token fetched for it where that is needed."""
        if not self._has_token(installation):
            renewal = self._renew(installation)
            return (
                self._once(installation, method, path, body, etag, renewed=True)
                if renewal is None
                else renewal
            )
        reply = self._once(installation, method, path, body, etag)
        if reply.action is not RetryClass.RENEW_TOKEN:
            return reply
        renewal = self._renew(installation)
        return (
            self._once(installation, method, path, body, etag, renewed=True) if renewal is None else renewal
        )

    def _renew(self, installation: Installation) -> Reply | None:
        """``None`` when there is a fresh token, otherwise why there is none."""
        told = {"installation_id": installation.id, "installation_secret": installation.secret}
        reply = self.keyed("/v1/token", told)
        return None if reply.action is RetryClass.DONE else reply

    def _once(
        self,
        installation: Installation,
        method: str,
        path: str,
        body: Json,
        etag: str | None,
        *,
        renewed: bool = False,
    ) -> Reply:
        token, _ = self._tokens[installation.id]
        headers = {"Authorization": f"Bearer {token}"}
        if etag:
            headers["If-None-Match"] = etag
        return self._send(method, path, body, headers, renewed=renewed)

    def _send(
        self, method: str, path: str, body: Json, headers: Mapping[str, str], *, renewed: bool = False
    ) -> Reply:
        spoken = {HEADER: spec_header(self._settings.capabilities)}
        response = self._transport.send(method, path, body, {**spoken, **headers})
        if response is None:
            return Reply(RetryClass.RETRY)
        document = response.document()
        code = document.get("code") if document and response.status >= 400 else None
        readable = document is not None
        action = classify(response.status, code, readable=readable, renewed=renewed)
        return Reply(action, response, document)

    def _has_token(self, installation: Installation) -> bool:
        _, ends_at = self._tokens.get(installation.id, ("", 0.0))
        return self._settings.host.clock() < ends_at - _EARLY_S

    def _take_token(self, told: Any) -> bool:
        if not isinstance(told, Mapping) or not isinstance(told.get("token"), str):
            return False
        lasts = told.get("expires_in")
        seconds = lasts if isinstance(lasts, int) else 0
        self._tokens[str(told.get("id"))] = (told["token"], self._settings.host.clock() + seconds)
        return True
