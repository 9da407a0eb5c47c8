"""One pass with the server: what is due, in order, and what its answers ask for.

Consent goes first, because everything after it is judged by it; then who signed in, the config, the rules,
the beacons. A pass ends at the first answer that says so, and the back-off begins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from herenow_sdk.client.calls import Calls, Reply
from herenow_sdk.client.credentials import Installation
from herenow_sdk.client.device import Device
from herenow_sdk.client.mailbox import Mailbox
from herenow_sdk.client.proximity import is_allowed
from herenow_sdk.client.tiles import fetch_tile
from herenow_sdk.core.device.cache import still_valid
from herenow_sdk.core.device.identity import Event
from herenow_sdk.core.device.instants import read_http_date
from herenow_sdk.core.device.refresh import Asked
from herenow_sdk.core.device.retries import plan_retry
from herenow_sdk.core.reasons import RetryClass

_GOES_ON: Final = frozenset({RetryClass.DONE, RetryClass.SPLIT})
_NEVER_AGAIN: Final = frozenset({RetryClass.STOP, RetryClass.DROP})
MAX_BATCHES: Final = 16
"""Batches sent in one pass: a full queue twice over, split as small as beacons are."""


class Synchroniser:
    """Runs passes for a device; ``answered`` is called as soon as a pass knows what a start waits for."""

    def __init__(self, device: Device, calls: Calls, answered: Callable[[], None]) -> None:
        self._device = device
        self._calls = calls
        self._answered = answered
        self._failures = 0
        # twice: an installation that this pass launched can only then say who signed in (SPEC 15.1.2)
        signed_in = self._identify
        self._steps = (
            self._consent,
            signed_in,
            self._config,
            signed_in,
            self._manifest,
            self._tiles,
            self._beacons,
        )
        self.stopped = False

    def run(self) -> None:
        """One pass; a second one when the first ended in a new installation that may launch.

        Whatever is raised, a full disk above all, is a failure like others: nobody is asked without end.
        """
        try:
            again = self._pass() is RetryClass.NEW_IDENTITY
            if again and self._pass() is RetryClass.NEW_IDENTITY:
                self._back_off(RetryClass.RETRY)  # a server that refuses every new one
        except BaseException:
            self._back_off(RetryClass.RETRY)
            raise
        finally:
            self._answered()

    def _pass(self) -> RetryClass | None:
        device = self._device
        if self.stopped:
            return None
        device.asked = replace(device.asked, attempted_at=device.now)
        for step in self._steps:
            if device.installation.erased:
                return None
            reply = step(device.installation)
            if reply is not None and reply.action not in _GOES_ON:
                self._ended(reply)
                return reply.action
        self._failures = 0
        device.asked = replace(device.asked, retry_at=None)
        return None

    def _ended(self, reply: Reply) -> None:
        device = self._device
        device.settings.diagnostics(reply.action.value, {"status": reply.status or 0})
        if reply.action is RetryClass.NEW_IDENTITY:
            with device.lock:
                device.happened({"kind": Event.REFUSED, "status": reply.status, "code": reply.code})
        elif reply.action in _NEVER_AGAIN:
            self.stopped = True
        else:
            action = RetryClass.RETRY if reply.action is RetryClass.RENEW_TOKEN else reply.action
            self._back_off(action, reply.header("retry-after"))

    def _back_off(self, action: RetryClass, header: str | None = None) -> None:
        device = self._device
        self._failures += 1
        random = device.settings.host.random()
        retry = plan_retry(action, self._failures, random, header, device.now)
        device.asked = replace(device.asked, retry_at=device.now - (-(retry.delay_ms or 0) // 1000))

    def _consent(self, installation: Installation) -> Reply | None:
        device = self._device
        if not device.unsent or not installation.launched:
            return None
        sent = dict(device.stated)
        reply = self._calls.authorised(installation, "PUT", "/v1/consent", sent)
        if reply.action is RetryClass.DONE:
            with device.lock:
                device.consent_sent(sent)
        return reply

    def _identify(self, installation: Installation) -> Reply | None:
        device, token = self._device, self._device.identify_token
        if token is None or not installation.launched:
            return None
        reply = self._calls.authorised(installation, "POST", "/v1/identify", {"user_token": token})
        if reply.action is RetryClass.DONE or reply.action in _NEVER_AGAIN:
            device.identify_token = None
        if reply.action in _NEVER_AGAIN:  # a token that is refused is the app's matter; the rest goes on
            device.settings.diagnostics("IDENTIFY_REFUSED", {"status": reply.status or 0})
            return None
        return reply

    def _config(self, installation: Installation) -> Reply | None:
        reply, config = self._ask(installation) if installation.launched else self._launch()
        device = self._device
        if reply.action is RetryClass.DONE:
            with device.lock:
                if config is not None:
                    device.receive(config, reply.header("etag"), installation)
                if not installation.launched:
                    device.launched(installation)
                self._note_answer()
        if reply.action is not RetryClass.NEW_IDENTITY:
            self._answered()
        return reply

    def _launch(self) -> tuple[Reply, Mapping[str, Any] | None]:
        with self._device.lock:
            body = self._device.launch_body()
        reply = self._calls.keyed("/v1/installations", body)
        return _with_config(reply, reply.document.get("config") if reply.document else None)

    def _ask(self, installation: Installation) -> tuple[Reply, Mapping[str, Any] | None]:
        with self._device.lock:
            device = self._device
            answer, context = device.answer, device.sendable()
            held = answer.etag if answer and not device.wants_lease else None
            returned = device.messages.returning(device.now) if device.says_alone else []
        if answer is not None and answer.poll_after_ms is not None:
            reply = self._calls.authorised(installation, "POST", "/v1/acquisition", {})
            return _with_config(reply, reply.document)
        body = {"context": context} | ({"leases": returned} if returned else {})
        reply = self._calls.authorised(installation, "POST", "/v1/config", body, held)
        if reply.status == 304 or (answer is not None and still_valid(reply.header("etag"), held)):
            return reply, None
        return _with_config(reply, reply.document)

    def _note_answer(self) -> None:
        device, answer = self._device, self._device.answer
        if answer is not None:
            refresh_after_s = answer.config.get("refresh_after_s")
            attempted = device.asked.attempted_at
            now = device.now
            device.asked = Asked(now, refresh_after_s, answer.valid_until, answer.poll_after_ms, attempted)

    def _manifest(self, _: Installation) -> Reply | None:
        rules, device = self._device.rules, self._device
        if not rules.may_fetch:
            return None
        path = f"/v1/apps/{device.settings.key}/manifest"
        reply = self._calls.public(path, rules.etag)
        if reply.action is not RetryClass.DONE or reply.response is None:
            return None if reply.action in _NEVER_AGAIN else reply
        with device.lock:
            told = read_http_date(reply.header("date") or "")
            if told is not None:
                device.clock.told(told)
            if reply.status != 304:
                rules.offer(_text(reply.response.body), reply.header("etag"), device.now)
            device.obey()
        return self._parts()

    def _parts(self) -> Reply | None:
        rules, device = self._device.rules, self._device
        for part in rules.missing():
            reply = self._calls.public(f"/v1/blobs/{part.sha256}")
            if reply.action is not RetryClass.DONE or reply.response is None:
                return None if reply.action in _NEVER_AGAIN else reply
            with device.lock:
                if rules.put(part, reply.response.body) is not None:
                    return None  # the last good set stays; another manifest will come
        with device.lock:
            if rules.activate(device.now):
                device.surroundings.outdated = True
        return None

    def _tiles(self, _: Installation) -> Reply | None:
        """The fences around the device, by tiles that anybody may fetch; all of them, or none."""
        device = self._device
        with device.lock:
            wanted = device.surroundings.wanted_tiles(device.device_now) if is_allowed(device) else ()
        found: dict[str, list[Mapping[str, Any]]] = {}
        for name in wanted:
            fetched = fetch_tile(self._calls, device.settings.key, name)
            if isinstance(fetched, Reply):
                return None if fetched.action in _NEVER_AGAIN else fetched
            found[name] = fetched
        if found:
            with device.lock:
                if is_allowed(device):  # the word may have been taken back meanwhile
                    device.surroundings.fetched(found, device.device_now)
                    device.surroundings.keep()
        return None

    def _beacons(self, _: Installation) -> Reply | None:
        device = self._device
        for name, retired, mailbox in device.retired.left():
            reply = self._deliver(retired, mailbox)
            if reply is None or reply.action in _NEVER_AGAIN or reply.action is RetryClass.NEW_IDENTITY:
                device.retired.done(name)
            else:
                return reply
        with device.lock:
            installation, mailbox = device.installation, device.mailbox
        return self._deliver(installation, mailbox) if installation.launched else None

    def _deliver(self, installation: Installation, mailbox: Mailbox) -> Reply | None:
        """Send what may be sent; ``None`` once nothing of it is left to send."""
        device, current = self._device, mailbox is self._device.mailbox
        for _ in range(MAX_BATCHES):
            with device.lock:
                consent = device.consent if current else _GRANTED
                batch = mailbox.next_batch(consent, device.device_now * 1000)
            if batch is None:
                return None
            body = batch.body(device.settings.host_instant())
            reply = self._calls.authorised(installation, "POST", "/v1/beacons", body)
            with device.lock:
                for code in mailbox.settle(batch, reply.action, reply.document).values():
                    device.settings.diagnostics(code, {"beacons": 1})
                if current and reply.action is RetryClass.DONE:
                    device.told_messages(_messages(reply.document))
            if reply.action not in {RetryClass.DONE, RetryClass.SPLIT, RetryClass.DROP}:
                return reply
        return None


_GRANTED: Final = {"analytics": "granted", "location": "granted"}
"""What is left of a retired installation was allowed when it was retired (SPEC 15.2.2)."""


def _with_config(reply: Reply, config: Any) -> tuple[Reply, Mapping[str, Any] | None]:
    """A success without a config in it is somebody else's page: no answer."""
    if reply.action is not RetryClass.DONE:
        return reply, None
    if not isinstance(config, Mapping) or not isinstance(config.get("features"), Mapping):
        return replace(reply, action=RetryClass.RETRY), None
    return reply, config


def _messages(document: Any) -> list[Any]:
    """Of an answer to beacons, the messages that are to be shown."""
    decisions = document.get("decisions") if isinstance(document, Mapping) else None
    told = decisions if isinstance(decisions, list) else []
    return [each["message"] for each in told if isinstance(each, Mapping) and "message" in each]


def _text(body: bytes) -> str:
    try:
        return body.decode("ascii").strip()
    except UnicodeDecodeError:
        return ""
