"""The queue of beacons: bounded, in order, each number for one beacon, nothing lost but what is told."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.depth import examples
from tests.sdk_contract.core.strategies import json_values, quick, steady

from herenow_sdk.core.device.batches import MAX_BATCH_BYTES, next_batch, settle
from herenow_sdk.core.device.beacons import TYPES, compact, handle_beacon
from herenow_sdk.core.device.consent import Handling, effective_consent
from herenow_sdk.core.device.outbox import MAX_QUEUED, Outbox, add_beacon, apply_consent, read_outbox
from herenow_sdk.core.device.sequence import WINDOW, Seen, recognise
from herenow_sdk.core.reasons import BeaconFault, RetryClass, SeqVerdict

ALL = effective_consent({"analytics": "granted", "location": "granted"})
NOW = 1_795_138_990_000


def beacon(number, kind="behavior", **properties):
    """A beacon with its own id."""
    return {
        "id": f"6f0c2f9e-52b1-4f0e-9d39-{number:012x}",
        "type": kind,
        "name": "tap",
        "at": "2026-11-20T07:13:10+05:30",
        "properties": properties,
    }


def filled(*beacons):
    """An outbox with these beacons."""
    outbox = Outbox()
    for each in beacons:
        outbox, _ = add_beacon(outbox, each, ALL)
    return outbox


@pytest.mark.requirement("13.3.3")
def test_a_batch_says_when_it_was_sent() -> None:
    """The body holds the beacons, when they were sent, and what was dropped only if anything was."""
    outbox, batch = next_batch(filled(beacon(1)), ALL, NOW)
    assert batch is not None

    assert batch.body("2026-11-20T07:15:00+05:30") == {
        "sent_at": "2026-11-20T07:15:00+05:30",
        "beacons": [{**beacon(1), "seq": 1}],
    }
    dropping = next_batch(add_beacon(outbox, None, ALL)[0], ALL, NOW)[1]
    assert dropping is not None
    assert dropping.body("")["dropped"] == {"MALFORMED_BEACON": 1}


answers = st.sampled_from(
    [*RetryClass, RetryClass.DONE, RetryClass.DONE, "lost", "died before", "died after"]
)
acts = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(1, 700), st.sampled_from(TYPES)),
        st.tuples(st.just("send"), answers),
        st.tuples(st.just("consent"), st.sampled_from(["granted", "denied", "unknown"])),
    ),
    max_size=12,
)


class Server:
    """A receiver that counts each number once and remembers what it stands for."""

    def __init__(self) -> None:
        self.seen = Seen()
        self.counted: dict[int, str] = {}
        self.order: list[int] = []

    def receive(self, batch) -> None:
        """Take a batch as it comes over the wire."""
        for each in json.loads(compact(batch.body("")))["beacons"]:
            verdict, self.seen = recognise(self.seen, each["seq"])
            if verdict is SeqVerdict.ACCEPTED:
                self.counted[each["seq"]] = each["id"]
                self.order.append(int(each["id"][-12:], 16))
            assert verdict is SeqVerdict.DUPLICATE or self.counted[each["seq"]] == each["id"]
            assert verdict is not SeqVerdict.TOO_OLD


@settings(deadline=None, max_examples=examples(15))
@given(acts)
def test_whatever_happens_each_beacon_counts_once(script) -> None:
    """Lost answers, crashes, refusals, withdrawals: no number means two things, nothing counts twice."""
    outbox, consent, server, number = Outbox(), ALL, Server(), 0
    for act in script:
        if act[0] == "add":
            for _ in range(act[1]):
                number += 1
                outbox, _ = add_beacon(outbox, beacon(number, act[2], n=number), consent)
        elif act[0] == "consent":
            consent = effective_consent({"analytics": act[1], "location": "granted"})
            outbox = apply_consent(outbox, consent)
        else:
            outbox = exchange(outbox, consent, server, act[1])
        assert len(outbox.queued) <= MAX_QUEUED
    assert len(set(server.counted.values())) == len(server.counted)


def exchange(outbox, consent, server, answer):
    """One attempt to send; the device's disk is what ``kept`` holds."""
    after, batch = next_batch(outbox, consent, NOW)
    disk = json.dumps(after.kept())
    if batch is None:
        return after
    if answer == "died before":
        return read_outbox(json.loads(disk))
    if answer in {"lost", "died after", RetryClass.DONE}:
        server.receive(batch)
    if answer in {"lost", "died after"}:
        return read_outbox(json.loads(disk))
    return settle(after, batch, answer, {"rejected": []}).outbox


@quick
@given(st.lists(st.sampled_from(TYPES), min_size=1, max_size=60), st.integers(1, 60))
def test_order_is_kept(kinds, limit) -> None:
    """What is sent at all arrives in the order in which it was recorded."""
    outbox = replace(filled(*(beacon(n, kind, n=n) for n, kind in enumerate(kinds))), limit=limit)
    server = Server()
    while True:
        outbox, batch = next_batch(outbox, ALL, NOW)
        if batch is None:
            break
        server.receive(batch)
        outbox = settle(outbox, batch, RetryClass.DONE).outbox

    assert server.order == list(range(len(kinds)))


@quick
@given(json_values)
def test_any_json_kept_is_some_queue(kept) -> None:
    """A disk that holds nonsense gives a queue that works."""
    for told in (kept, {"beacons": kept, "next_seq": kept, "limit": kept, "dropped": kept, "exposed": kept}):
        outbox, fault = add_beacon(read_outbox(told), beacon(1), ALL)
        assert fault is None
        _, batch = next_batch(outbox, ALL, NOW)
        assert batch is not None
        assert 1 <= outbox.limit <= 500


@quick
@given(st.dictionaries(st.sampled_from(["id", "type", "name", "at", "properties"]), json_values))
@pytest.mark.requirement("16.4.1")
def test_any_beacon_is_taken_or_told_by_a_code(changes) -> None:
    """What a host app passes in never raises, and what is told about it is a code and nothing of it."""
    outbox, fault = add_beacon(Outbox(), beacon(1) | changes, ALL)

    assert fault is None or isinstance(fault, BeaconFault)
    assert set(outbox.dropped) <= set(BeaconFault)
    assert outbox.dropped or outbox.queued
    assert handle_beacon(beacon(1) | changes, {})[1] == fault


def test_what_json_cannot_express_is_malformed() -> None:
    """Dates, sets, NaN, circles, half a surrogate pair: dropped alone, whatever the host's language."""
    circle: dict[str, object] = {}
    circle["self"] = circle
    for properties in ({"at": object()}, {"x": {1, 2}}, {"x": float("nan")}, circle, {"x": "\ud83c"}):
        _, fault = add_beacon(Outbox(), beacon(1) | {"properties": properties}, ALL)
        assert fault is BeaconFault.MALFORMED_BEACON


def test_what_the_host_changes_later_changes_no_beacon() -> None:
    """A beacon is what it was when it was recorded."""
    told = beacon(1, items=["a"])
    outbox, _ = add_beacon(Outbox(), told, ALL)
    told["properties"]["items"].append("b")

    assert outbox.queued[0].beacon["properties"] == {"items": ["a"]}


@steady
@given(st.lists(st.integers(1, 32_000), min_size=1, max_size=40))
def test_a_batch_stays_within_its_bytes(pads) -> None:
    """However large the beacons, the body keeps what servers take."""
    outbox = filled(*(beacon(n, pad="x" * pad) for n, pad in enumerate(pads)))
    _, batch = next_batch(outbox, ALL, NOW)
    assert batch is not None

    assert len(compact(batch.body("2026-11-20T07:15:00.120+05:30"))) <= 512_000
    assert sum(each.size + 1 for each in batch.queued) <= MAX_BATCH_BYTES


def test_a_server_that_answers_nonsense_has_acknowledged() -> None:
    """Whatever stands beside the success, the beacons are delivered once."""
    outbox, batch = next_batch(filled(beacon(1)), ALL, NOW)
    assert batch is not None
    for answer in (None, [], {"rejected": 5}, {"rejected": [None, {"id": 7}]}):
        settled = settle(outbox, batch, RetryClass.DONE, answer)
        assert settled.delivered == (beacon(1)["id"],)
        assert settled.outbox.queued == ()


def test_the_window_spans_two_batches() -> None:
    """Nothing that is still under way can be too old for the receiver."""
    assert WINDOW >= 2 * 500
    assert handle_beacon(beacon(1), ALL) == (Handling.SEND, None)
