"""What the client holds of one device, and what happens to it. No network here.

Everything is changed under one lock, on disk as well as in memory, so that a crash leaves a state from
which the next start goes on.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from herenow_sdk.client.answer import Answer, read_answer, received
from herenow_sdk.client.clock import ServerClock
from herenow_sdk.client.credentials import Credentials, Installation
from herenow_sdk.client.deciding import Pages, Person, checks, decide
from herenow_sdk.client.events import event_of
from herenow_sdk.client.local_time import stated_zone
from herenow_sdk.client.mailbox import Mailbox
from herenow_sdk.client.message_record import MessageRecord
from herenow_sdk.client.retired import Retired
from herenow_sdk.client.rules import Rules, RuleSet
from herenow_sdk.client.settings import Settings
from herenow_sdk.client.store import Store
from herenow_sdk.client.surroundings import KINDS, Surroundings
from herenow_sdk.client.view import Explanation, View
from herenow_sdk.core.bundle import Bundle
from herenow_sdk.core.device.activation import HeldAnswer, Moment, applies, calmer, choose
from herenow_sdk.core.device.consent import (
    change_consent,
    effective_consent,
    may_send_acquisition,
    sendable_context,
)
from herenow_sdk.core.device.identity import Event, change_identity
from herenow_sdk.core.device.refresh import Asked
from herenow_sdk.core.messages import MessageRules
from herenow_sdk.core.messages.interests import Interests
from herenow_sdk.core.messages.leases import read_leases
from herenow_sdk.core.place.fences import Fence
from herenow_sdk.core.reasons import AnswerSource, ConsentAction, IdentityAction
from herenow_sdk.core.zones import UTC

Json = Mapping[str, Any]
_ANSWER: Final = "answer"
_CONSENT: Final = "consent"
_ACQUISITION: Final = "acquisition"
_OFFLINE: Final = "offline"
_MESSAGES: Final = "messages"


class Device:
    """The state of one start of the app. ``lock`` is held by whoever reads or changes more than one thing."""

    def __init__(self, settings: Settings) -> None:
        self.lock = threading.RLock()
        self.settings = settings
        self.files = Store(settings.folder, settings.diagnostics)
        self.clock = ServerClock(settings.host.clock, self.files)
        self.secrets = Store(settings.secret_folder, settings.diagnostics)
        self._credentials = Credentials(settings, self.files, self.secrets)
        self.retired = Retired(self.files, self.secrets, settings)
        self.rules = Rules(settings, self.files)
        self.context: dict[str, Any] = {}
        self.view = View()
        self.moment = Moment.STARTING
        self.asked = Asked()
        self.answer: Answer | None = None
        self._standing: Answer | None = None
        self.acquisition: dict[str, Any] = {}
        self.stated: dict[str, str] = {}
        self.unsent = False
        self._wrong: Event | None = None
        self.identify_token: str | None = None
        self._interests: tuple[Bundle, Interests] | None = None
        self.installation = self._opened()
        self._open_records()

    @property
    def now(self) -> int:
        """The present by the server's clock, epoch seconds."""
        return self.clock.now

    @property
    def device_now(self) -> int:
        """The present by the device's clock, epoch seconds."""
        return self.clock.device_now

    @property
    def consent(self) -> dict[str, str]:
        """What holds now: what the person stated, else what the server told, else unknown."""
        told = self.answer.offline("consent") if self.answer else None
        return effective_consent(self.stated, told)

    def sendable(self) -> dict[str, Any]:
        """The context as it may leave the device; it says that this device decides by itself."""
        context = sendable_context(self.context, self.consent)
        if self.settings.verify is None:
            return context
        told = context.get("capabilities")
        ours = [_OFFLINE, *([_MESSAGES] if self.says_alone else [])]
        named = [each for each in told if each not in ours] if isinstance(told, list) else []
        return {**context, "capabilities": [*named, *ours]}

    @property
    def says_alone(self) -> bool:
        """Whether this device decides about messages by itself (SPEC 11.13.1)."""
        return self.settings.verify is not None and _MESSAGES in self.settings.capabilities

    @property
    def message_bundle(self) -> Bundle | None:
        """The rules that messages are decided by; ``None`` where this device does not decide."""
        rules = self.rules.active or self.rules.packaged
        return rules.bundle if rules and self.says_alone else None

    @property
    def serving_set(self) -> Any:
        """The serving set of those rules."""
        rules = self.rules.active or self.rules.packaged
        return rules.manifest.serving_set if rules else None

    @property
    def fences(self) -> dict[str, Fence]:
        """All fences that are known around here."""
        rules = self.rules.active or self.rules.packaged
        return self.surroundings.around(rules.bundle.fences if rules else {})

    @property
    def items(self) -> dict[str, Json]:
        """The fields of every item on the pages at hand, by id."""
        pages = self._pages().items().values()
        told = (item for page in pages for item in page if isinstance(item, Mapping))
        return {
            item["id"]: item["fields"]
            for item in told
            if isinstance(item.get("id"), str) and isinstance(item.get("fields"), Mapping)
        }

    @property
    def wants_lease(self) -> bool:
        """Whether this device may speak only once it is lent something again (SPEC 11.6.3)."""
        bundle = self.message_bundle
        if bundle is None or not bundle.messages.campaigns:
            return False
        leases = self.messages.leases
        return leases is None or any(each.until <= self.now for each in read_leases(leases).held.values())

    def noticed(self, beacon: Json) -> None:
        """A beacon was recorded: it may trigger a message, or call one off."""
        bundle = self.message_bundle
        if bundle is None:
            return
        transition = KINDS.get(beacon["name"]) if beacon["type"] == "geo" else None
        if self._interests is None or self._interests[0] is not bundle:
            self._interests = (bundle, Interests.of(bundle.messages))
        if self._interests[1].include(beacon["name"], transition):
            zone = stated_zone(self.sendable(), self.now) or UTC
            event = event_of(beacon, transition, self.now, self.fences, zone)
            self.messages.heard(bundle.messages, beacon["id"], event)
            self.messages.keep()

    def told_messages(self, messages: Any) -> None:
        """The server decided about messages: they are shown when the app has room for them."""
        if isinstance(messages, list) and self.messages.given(messages):
            self.messages.keep()

    def launch_body(self) -> dict[str, Any]:
        """The body of the first launch, with how the installation came where that may be told."""
        acquisition = self.acquisition if may_send_acquisition(self.consent) else {}
        return {
            "installation_id": self.installation.id,
            "installation_secret": self.installation.secret,
            "context": self.sendable(),
            "acquisition": acquisition,
            "consent": self.stated,
        }

    def explain(self, name: str) -> Explanation:
        """Why a feature or placement of the view is as it is, with the checks where the device decided."""
        rules = self._rules_of(self.view.source)
        made = checks(rules.bundle, self.person, self._pages(), self.now) if rules else {}
        return self.view.explain(name, made.get(name, {}))

    def begin(self, context: Json, acquisition: Json | None, consent: Json | None) -> None:
        """A start: what the app knows now, and the best that can be shown without waiting."""
        self.context = dict(context)
        if acquisition is not None and not self.installation.launched:
            self.acquisition = dict(acquisition)
            self.files.keep_json(_ACQUISITION, self.acquisition, self._key)
        if consent:
            self.change_consent(consent)
        self.installation = self._credentials.started(self.installation)
        self._standing = self.answer
        self.show()

    def show(self) -> View:
        """Decide anew what stands, and put it on display."""
        now, active, packaged = self.now, self.rules.active, self.rules.packaged
        choice = choose(
            self._held(active), active.held if active else None, packaged.held if packaged else None, now
        )
        rules = self._rules_of(choice.source)
        config: Json = {}
        if rules is not None:
            config = decide(rules.bundle, self.person, self._pages(), now)
        elif choice.source is AnswerSource.SERVER and self._standing is not None:
            config = self._standing.config
        self.view = View(choice.source, choice.age_s, choice.stale, config, self.rules.killed)
        return self.view

    def receive(self, config: Json, etag: str | None, sent_as: Installation) -> None:
        """Keep an answer of the server's, and show it if the moment allows. Not one for somebody else."""
        if sent_as.id != self.installation.id:
            return
        self.clock.learn(config.get("server_time"))
        self.answer = received(config, etag, self.now)
        if self._let_in(self.moment):
            self.show()
        self.files.keep_json(_ANSWER, self.answer.kept(), self._key)
        self._lent()
        self.told_messages(config.get("messages"))

    def launched(self, sent_as: Installation) -> None:
        """The server knows this installation now."""
        if sent_as.id == self.installation.id:
            self.installation = self._credentials.keep(replace(self.installation, launched=True))
            self.acquisition = {}
            self.files.delete(_ACQUISITION)
            self._keep_consent(unsent=False)

    def obey(self) -> None:
        """A manifest was accepted: its kill switch counts at once, its rules at the next session."""
        self.view = replace(self.view, killed=self.rules.killed)

    def new_session(self) -> None:
        """The app is back after a while: what waited for that applies, exposures count again."""
        self.mailbox.new_session()
        self._let_in(Moment.NEW_SESSION)
        self.show()

    def change_consent(self, change: Json) -> None:
        """Do what a change of mind asks for, here and now; the server is told afterwards."""
        before = self.consent
        changed = change_consent(before, change)
        self.stated = {**self.stated, **{name: changed.consent[name] for name in change if name in before}}
        if ConsentAction.FORGET_SEARCH in changed.actions:
            self._forget_answer()
            self.messages.forget_given()
            self.files.delete(_ACQUISITION)
        if ConsentAction.PURGE_BEHAVIOR in changed.actions:
            self.messages.forget_behavior()
        if ConsentAction.FORGET_PLACES in changed.actions:
            self.messages.forget_places()
        self._keep_consent(unsent=self.unsent or ConsentAction.SEND_CONSENT in changed.actions)
        self.mailbox.consenting(self.consent)
        self.asked = replace(self.asked, answered_at=None)
        if ConsentAction.FORGET_SEARCH in changed.actions or self._rules_of(self.view.source):
            self.show()

    def consent_sent(self, sent: Json) -> None:
        """The server has taken what was said; not what was said meanwhile."""
        if dict(sent) == self.stated:
            self._keep_consent(unsent=False)

    def happened(self, event: Json) -> None:
        """Carry out what a change of identity asks for, in order (SPEC 15.1)."""
        change = change_identity(self.installation.user, event)
        for action in change.actions:
            self._carry_out(action, change.user, event)
        if not change.actions:
            return
        if self.installation.user != change.user:
            self.installation = self._credentials.keep(replace(self.installation, user=change.user))
        self.asked = Asked()
        self.show()

    def _carry_out(self, action: IdentityAction, user: str | None, event: Json) -> None:
        if action is IdentityAction.KEEP_BEACONS:
            self.retired.add(self.installation, self.mailbox, self.consent)
        elif action is IdentityAction.PURGE_BEACONS:
            self.mailbox.delete()
            self.retired.delete()
        elif action is IdentityAction.PURGE_ANSWERS:
            self._forget_answer()
            self.messages.forget()
            self.files.delete(_ACQUISITION)
            if not _is_same_person(event):
                self.acquisition = {}
        elif action is IdentityAction.PURGE_CONSENT:
            self.stated, self.unsent = {}, False
            self.files.delete(_CONSENT)
        elif action is IdentityAction.NEW_INSTALLATION:
            self._become_new(user, erased=_is_erasure(event))

    def _become_new(self, user: str | None, *, erased: bool) -> None:
        made = self._credentials.make(user)
        self.installation = self._credentials.keep(replace(made, erased=True)) if erased else made
        self.mailbox = Mailbox(self.files, self._key)
        self.surroundings.become(self._key)
        self.messages.become(self._key)
        if self.stated:  # of a restored backup: the same person, the same word
            self._keep_consent(unsent=False)
        if self.acquisition:  # there is only one search that led to an install
            self.files.keep_json(_ACQUISITION, self.acquisition, self._key)

    @property
    def _key(self) -> str:
        return self.installation.key(self.settings)

    def _opened(self) -> Installation:
        found, wrong = self._credentials.load()
        self._wrong = wrong
        return found or self._credentials.make()

    def _open_records(self) -> None:
        self.clock.open()
        consent = self.files.read_json(_CONSENT, self._key)
        self.stated = dict(consent.get("stated") or {})
        self.unsent = consent.get("unsent") is True
        self.acquisition = self.files.read_json(_ACQUISITION, self._key)
        self.answer = read_answer(self.files.read_json(_ANSWER, self._key))
        self.mailbox = Mailbox(self.files, self._key)
        self.surroundings = Surroundings.opened(self.files, self._key)
        self.messages = MessageRecord.opened(self.files, self._key)
        if self._wrong is Event.REINSTALLED:
            self.retired.delete()
        elif self._wrong is not None:
            self.happened({"kind": self._wrong})

    def _let_in(self, moment: Moment) -> bool:
        """Let the last answer stand if it may take effect at this moment (SPEC 14.3.2); whether it does."""
        answer = self.answer
        if answer is None or not applies(calmer(answer.activation, self.settings.activation), moment):
            return False
        self._standing = answer
        return True

    def _held(self, active: RuleSet | None) -> HeldAnswer | None:
        answer = self._standing
        if answer is None:
            return None
        serving_set = answer.config.get("serving_set")
        superseded = active is not None and active.supersedes(answer.made_at, serving_set)
        return HeldAnswer(answer.made_at, answer.valid_until, superseded)

    def _rules_of(self, source: AnswerSource) -> RuleSet | None:
        if source is AnswerSource.DEVICE:
            return self.rules.active
        return self.rules.packaged if source is AnswerSource.PACKAGED else None

    @property
    def person(self) -> Person:
        """Whom decisions are made for now."""
        profile = self._standing.offline("profile") if self._standing else None
        known = dict(profile) if isinstance(profile, Mapping) else self._stranger()
        if self.consent["personalization"] != "granted":
            known["intent"] = None  # a search shaped the answer it came with and is not kept (SPEC 16.2.3)
        zone = self._standing.offline("time_zone") if self._standing else None
        sticky = self._standing.offline("sticky") if self._standing else None
        return Person(self.sendable(), known, self.consent, zone, self.rules.killed, sticky)

    def _lent(self) -> None:
        """Take over what the server keeps of messages, beside what it cannot know yet."""
        told, bundle = self.answer.offline("state") if self.answer else None, self.message_bundle
        if not self.says_alone or not isinstance(told, Mapping):
            return
        queued = [each.beacon for each in self.mailbox.outbox.queued]
        showing = (each["properties"].get("message") for each in queued if each["type"] == "message")
        self.messages.lent(
            bundle.messages if bundle else MessageRules(),
            told,
            frozenset(each["id"] for each in queued),
            frozenset(each for each in showing if isinstance(each, str)),
            self.answer.config.get("serving_set") if self.answer else None,
        )
        self.messages.keep()

    def _stranger(self) -> dict[str, Any]:
        made_at = self.clock.server_time_of(self.installation.made_at)
        return {"id": self.installation.id, "installed_at": min(made_at, self.now)}

    def _pages(self) -> Pages:
        pages = self._standing.config.get("placements") if self._standing else None
        return Pages(pages if isinstance(pages, Mapping) else {})

    def _forget_answer(self) -> None:
        self.answer = self._standing = None
        self.files.delete(_ANSWER)

    def _keep_consent(self, *, unsent: bool) -> None:
        self.unsent = unsent
        if not self.files.keep_json(_CONSENT, {"stated": self.stated, "unsent": unsent}, self._key):
            self.files.delete(_CONSENT)  # no word is better than one that was taken back


def _is_same_person(event: Json) -> bool:
    """Whether only the installation was refused, not the person: a backup was restored."""
    return event.get("kind") == Event.REFUSED and not _is_erasure(event)


def _is_erasure(event: Json) -> bool:
    return event.get("kind") == Event.ERASED or event.get("code") == "ERASED"
