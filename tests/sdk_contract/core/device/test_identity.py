"""Nobody is ever shown what was decided for somebody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import json_objects, json_values, quick, steady

from herenow_sdk.core.device.cache import identity_key, opened, sealed
from herenow_sdk.core.device.identity import change_identity, is_refusal
from herenow_sdk.core.reasons import CacheFault, IdentityAction

users = st.sampled_from(["ann", "bob", "cyd"])
events = st.one_of(
    users.map(lambda user: {"kind": "identified", "user": user}),
    st.just({"kind": "logged_out"}),
    st.just({"kind": "erased"}),
    st.just({"kind": "secret_missing"}),
    st.just({"kind": "reinstalled"}),
    st.sampled_from([(401, "INVALID_SECRET"), (409, "SECRET_MISMATCH"), (410, "ERASED"), (500, None)]).map(
        lambda answer: {"kind": "refused", "status": answer[0], "code": answer[1]}
    ),
    json_objects,
)


class Phone:
    """A device that does what it is told, and remembers for whom each answer was made."""

    def __init__(self) -> None:
        self.user = None
        self.installation = 0
        self.record = b""
        self.beacons: list[tuple[int, str | None]] = []

    @property
    def key(self):
        """Whose records it opens."""
        return identity_key("bites", "production", str(self.installation))

    def use(self) -> None:
        """Fetch an answer, do something."""
        self.record = sealed(str(self.user).encode(), self.key)
        self.beacons.append((self.installation, self.user))

    def happens(self, event, *, purging=True) -> None:
        """Carry out what an event asks for; a phone that forgets to purge is one, too."""
        change = change_identity(self.user, event)
        for action in change.actions:
            if action is IdentityAction.PURGE_ANSWERS and purging:
                self.record = b""
            if action is IdentityAction.PURGE_BEACONS:
                self.beacons = [each for each in self.beacons if each[0] != self.installation]
            if action is IdentityAction.NEW_INSTALLATION:
                self.installation += 1
        self.user = change.user

    def shown(self):
        """For whom the answer on display was made; ``None`` when there is none."""
        content = opened(self.record, self.key)
        return None if isinstance(content, CacheFault) else content.decode()


@steady
@given(st.lists(events, max_size=12), st.booleans())
@pytest.mark.requirement("15.2.1")
def test_no_answer_of_another_person_is_ever_shown(script, purging) -> None:
    """Whatever happens in whatever order, even where a purge is forgotten: the key does not fit."""
    phone = Phone()
    for event in script:
        phone.use()
        phone.happens(event, purging=purging)
        assert phone.shown() in {None, "None", str(phone.user)}
    for installation in range(phone.installation + 1):
        known = {user for recorded, user in phone.beacons if recorded == installation} - {None}
        assert len(known) <= 1


@steady
@given(st.lists(events, max_size=12))
def test_what_was_purged_was_purged_before_the_new_id(script) -> None:
    """An app that dies in between has deleted, and can begin again."""
    user = None
    for event in script:
        change = change_identity(user, event)
        if IdentityAction.NEW_INSTALLATION in change.actions:
            at = change.actions.index(IdentityAction.NEW_INSTALLATION)
            assert IdentityAction.PURGE_ANSWERS in change.actions[:at]
            assert not any(action.startswith("PURGE") for action in change.actions[at:])
        user = change.user


@quick
@given(json_values, json_objects)
def test_any_event_changes_something_or_nothing(user, event) -> None:
    """Nonsense is no event."""
    assert change_identity(user, event).actions == ()
    assert not is_refusal(event.get("status"), event.get("code"))


@steady
@given(st.binary(max_size=40), st.binary(min_size=1, max_size=4), st.integers(0, 200))
def test_a_record_is_whole_or_not_used(content, more, end) -> None:
    """Cut anywhere or lengthened, a record is refused; whole it is what it was."""
    record = sealed(content)

    assert opened(record) == content
    assert opened(record + more) is CacheFault.CORRUPT
    if end < len(record):
        assert opened(record[:end]) is CacheFault.CORRUPT
    assert opened(record, identity_key("bites", "production", "1")) is CacheFault.OTHER_IDENTITY
    assert opened(record.replace(b"cache/1", b"cache/9", 1)) is CacheFault.OTHER_FORMAT


@quick
@given(st.binary(max_size=60))
def test_any_bytes_are_a_record_or_not(content) -> None:
    """A disk may hold anything."""
    assert isinstance(opened(content), CacheFault)
