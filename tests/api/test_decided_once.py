"""Launch, config, preview, explanation and the answers to stock SDKs: each decides once, by the evaluator.

What is counted are the calls that really happen while a request is answered: how often the evaluator went
through the features, and from where in the server it was entered.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

import pytest

from herenow_sdk.core.features import evaluate_every_feature

DECISION = "herenow.launch.decision"
CORE = "herenow_sdk.core."


class Crossings:
    """Which functions of the evaluator the server called, from which module; and how often it decided."""

    def __init__(self) -> None:
        self.decided = 0
        self.entered: Counter[tuple[str, str]] = Counter()

    def note(self, frame: FrameType, event: str, _: Any) -> None:
        """Called for every call that Python makes (``sys.setprofile``)."""
        if event != "call":
            return
        code: CodeType = frame.f_code
        self.decided += code is evaluate_every_feature.__code__
        callee, caller = (_module(each) for each in (frame, frame.f_back))
        if callee.startswith(CORE) and caller.startswith("herenow."):
            self.entered[caller, f"{callee.removeprefix(CORE)}.{code.co_qualname}"] += 1

    def by(self, function: str) -> dict[str, int]:
        """How often each module of the server entered by a function."""
        return {caller: count for (caller, callee), count in self.entered.items() if callee == function}


def _module(frame: FrameType | None) -> str:
    return "" if frame is None else str(frame.f_globals.get("__name__", ""))


@contextmanager
def counted() -> Iterator[Crossings]:
    """What happens inside."""
    crossings = Crossings()
    before = sys.getprofile()
    sys.setprofile(crossings.note)
    try:
        yield crossings
    finally:
        sys.setprofile(before)


@pytest.fixture(name="asked")
def _asked(live):
    """Answers a request of each kind, and tells what was called meanwhile."""
    launched = live.launch()
    preview = f"/admin/v1/apps/{live.scope.app}/environments/{live.scope.environment}/preview"
    persona = {"documents": live.documents, "persona": "burger_searcher"}
    requests = {
        "launch": live.launch,
        "config": lambda: live.client.post(
            "/v1/config", json={"context": live.body["context"]}, headers=live.bearer(launched)
        ),
        "preview": lambda: live.client.post(preview, json=persona, headers=live.admin()),
        "explain": lambda: live.client.post(preview, json={**persona, "explain": True}, headers=live.admin()),
        "ofrep": lambda: live.client.post(
            "/ofrep/v1/evaluate/flags",
            json={"context": {"targetingKey": "u1"}},
            headers={"Authorization": f"Bearer {live.key}"},
        ),
        "growthbook": lambda: live.client.post(f"/api/eval/{live.key}", json={"attributes": {"id": "u1"}}),
    }

    def ask(kind: str) -> Crossings:
        with counted() as crossings:
            answer = requests[kind]()
        assert answer.status_code in {200, 201}, answer.text
        return crossings

    return ask


@pytest.mark.parametrize(("kind", "times"), [("launch", 1), ("config", 1), ("preview", 2), ("explain", 2)])
def test_an_answer_of_our_own_is_decided_in_one_place(asked, kind, times):
    """A preview decides twice: by what is live, and by what would be.

    The attributes may be prepared once more, by the same module: for the messages that wait for the person,
    after what the request itself made happen.
    """
    crossings = asked(kind)
    assert crossings.decided == times
    assert crossings.by("evaluate.evaluate_in") == {DECISION: times}
    assert set(crossings.by("evaluate.prepare")) == {DECISION}


def test_an_explanation_explains_the_decision_that_was_made(asked):
    """It traces the rules of that decision, and nobody is decided about anew."""
    explained, previewed = asked("explain"), asked("preview")
    assert explained.by("explain.explain_features") == {"herenow.launch.explaining": 1}
    assert explained.decided == previewed.decided


@pytest.mark.parametrize("kind", ["ofrep", "growthbook"])
def test_a_stock_sdk_is_answered_by_one_decision(asked, kind):
    """Over the attributes that it states, with the preparation that every answer has."""
    crossings = asked(kind)
    assert crossings.decided == 1
    assert crossings.by("evaluate.evaluate_features") == {"herenow.compat.evaluation": 1}
    assert crossings.by("evaluate.prepare") == {DECISION: 1}


@pytest.mark.parametrize("kind", ["launch", "config", "preview", "ofrep"])
def test_an_order_is_the_evaluators(asked, kind):
    """What stands in which place is arranged by the evaluator, whoever asks."""
    assert set(asked(kind).by("ordering.arrange")) == {"herenow.ordering.arrangement"}
