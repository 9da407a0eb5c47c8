"""Chapter 13: recording, queueing, sending, repeating and recognising beacons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from herenow_sdk.conformance.operation import Operation, Refused
from herenow_sdk.core.device.batches import Batch, next_batch, settle
from herenow_sdk.core.device.beacons import handle_beacon
from herenow_sdk.core.device.clock_skew import may_trigger, occurrence
from herenow_sdk.core.device.consent import effective_consent
from herenow_sdk.core.device.outbox import (
    Outbox,
    add_beacon,
    apply_consent,
    begin_session,
    read_outbox,
    retire,
)
from herenow_sdk.core.device.retries import backoff_ms, classify, plan_retry, retry_after_s
from herenow_sdk.core.device.sequence import read_seen, recognise
from herenow_sdk.core.reasons import RetryClass


def _handling(given: Mapping[str, Any]) -> Any:
    """``{"beacon", "consent", "pad"?}``: ``pad`` puts so many letters into ``properties.pad``."""
    beacon = given["beacon"]
    if "pad" in given:
        beacon = {**beacon, "properties": {"pad": "x" * given["pad"]}}
    decided, fault = handle_beacon(beacon, effective_consent(given["consent"]))
    return {"handling": decided.value, "code": fault}


class _Device:
    """A queue on which a vector's acts are carried out one after the other."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.outbox = read_outbox(given.get("kept"))
        self.consent = effective_consent(given.get("consent"))
        self.batch: Batch | None = None
        self.stored: Outbox = self.outbox

    def add(self, act: Mapping[str, Any]) -> Any:
        """``beacon``, ``times``: record it so often, each with its own id and time."""
        codes = []
        for number in range(act.get("times", 1)):
            beacon = dict(act["beacon"])
            if "times" in act:
                beacon["id"] = f"{act['series']:08x}-0000-4000-8000-{number:012x}"
            if "pad" in act:
                beacon["properties"] = {**beacon.get("properties", {}), "pad": "x" * act["pad"]}
            self.outbox, fault = add_beacon(self.outbox, beacon, self.consent)
            codes.append(fault)
        return codes[-1]

    def send(self, act: Mapping[str, Any]) -> Any:
        """``now_ms``: put a batch together."""
        self.outbox, self.batch = next_batch(self.outbox, self.consent, act["now_ms"])
        self.stored = self.outbox
        if self.batch is None:
            return None
        body = self.batch.body("")
        return {
            "names": _runs([each["name"] for each in body["beacons"]]),
            "seqs": _spans([each["seq"] for each in body["beacons"]]),
            "dropped": body.get("dropped", {}),
        }

    def answer(self, act: Mapping[str, Any]) -> Any:
        """``action``, ``rejected``: settle the batch; ``rejected`` names positions in it."""
        if self.batch is None:
            return None
        ids = [each.beacon["id"] for each in self.batch.queued]
        rejected = [{"id": ids[each["index"]], "code": each["code"]} for each in act.get("rejected", [])]
        settled = settle(self.outbox, self.batch, RetryClass(act["action"]), {"rejected": rejected})
        self.outbox, self.batch = settled.outbox, None
        return {"delivered": len(settled.delivered), "rejected": sorted(settled.rejected.values())}

    def consent_is(self, act: Mapping[str, Any]) -> Any:
        """``consent``: the person changed their mind."""
        self.consent = effective_consent(act["consent"])
        self.outbox = apply_consent(self.outbox, self.consent)

    def leave(self, _: Mapping[str, Any]) -> Any:
        """The installation is replaced."""
        self.outbox = retire(self.outbox, self.consent)

    def session(self, _: Mapping[str, Any]) -> Any:
        """A new session begins."""
        self.outbox = begin_session(self.outbox)

    def restart(self, _: Mapping[str, Any]) -> Any:
        """The app dies and starts again from what was stored before the last batch was sent."""
        self.outbox, self.batch = begin_session(read_outbox(self.stored.kept())), None

    def look(self, _: Mapping[str, Any]) -> Any:
        """What waits."""
        names = _runs([each.beacon["name"] for each in self.outbox.queued])
        return {"names": names, "next_seq": self.outbox.next_seq, "limit": self.outbox.limit}


def _batch(given: Mapping[str, Any]) -> Any:
    """``{"kept"?, "consent", "acts": [{"act", …}]}``: what each act answers."""
    device = _Device(given)
    acts: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
        "add": device.add,
        "send": device.send,
        "answer": device.answer,
        "consent": device.consent_is,
        "leave": device.leave,
        "session": device.session,
        "restart": device.restart,
        "look": device.look,
    }
    return [acts[act["act"]](act) for act in given["acts"]]


def _runs(names: list[str]) -> list[list[Any]]:
    """Equal neighbours as ``[name, count]``."""
    runs: list[list[Any]] = []
    for name in names:
        if runs and runs[-1][0] == name:
            runs[-1][1] += 1
        else:
            runs.append([name, 1])
    return runs


def _spans(numbers: list[int]) -> list[list[int]]:
    """Consecutive numbers as ``[first, last]``."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return spans


def _sequence(given: Mapping[str, Any]) -> Any:
    """``{"kept", "seqs"}``: the verdict on each number, and what is kept afterwards."""
    seen, verdicts = read_seen(given["kept"]), []
    for seq in given["seqs"]:
        verdict, seen = recognise(seen, seq)
        verdicts.append(verdict.value)
    return {"verdicts": verdicts, "kept": seen.as_json()}


def _retry(given: Mapping[str, Any]) -> Any:
    """``{"status", "code"?, "readable"?, "renewed"?, "attempt", "random", "retry_after"?, "now"}``."""
    action = classify(
        given["status"],
        given.get("code"),
        readable=given.get("readable", True),
        renewed=given.get("renewed", False),
    )
    planned = plan_retry(action, given["attempt"], given["random"], given.get("retry_after"), given["now"])
    return {"action": planned.action.value, "delay_ms": planned.delay_ms}


def _retry_steps(given: Mapping[str, Any]) -> Any:
    return {
        "backoff_ms": backoff_ms(given["attempt"], given["random"]),
        "retry_after_s": retry_after_s(given.get("retry_after"), given["now"]),
    }


def _clock_skew(given: Mapping[str, Any]) -> Any:
    """``{"type", "at", "sent_at", "received_ms", "lives_ms"?}``: when it happened, whether it triggers."""
    happened = occurrence(given["at"], given["sent_at"], given["received_ms"])
    if happened.fault is not None or happened.at_ms is None:
        raise Refused(str(happened.fault))
    triggers = may_trigger(given["type"], happened.at_ms, given["received_ms"], given.get("lives_ms"))
    return {
        "at_ms": happened.at_ms,
        "told_ms": happened.told_ms,
        "corrected": happened.corrected,
        "triggers": triggers,
    }


OPERATIONS: Final[Mapping[str, Operation]] = {
    "beacon-handling": _handling,
    "batch": _batch,
    "sequence": _sequence,
    "retry": _retry,
    "clock-skew": _clock_skew,
}
STEPS: Final[Mapping[str, Operation]] = {"retry": _retry_steps}
