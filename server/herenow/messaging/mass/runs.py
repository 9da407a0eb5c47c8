"""Runs: one occurrence of a mass campaign on its way to everybody on the roll.

A run has one document for what it is, one for its counts, one for each shard of the roll. Workers claim a
shard, go through it page by page, and write down after each page how far they came: a killed worker's shard
is taken over at the next page, and going through a page twice triggers nothing twice, for a message has one
id for one person and occurrence. Whether it is then said, and when, is decided as for every triggered one.

A pace counts in the order in which people are reached: of ``max`` messages ``per`` an hour the first ``max``
are due at once, the next an hour later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from herenow.clock import Clock
from herenow.errors import Conflict, NotFound
from herenow.messaging.mass.counting import HELD, SENT, SUPPRESSED, WAITING, Moves
from herenow.messaging.records import UNKNOWN
from herenow.profiles.roll import SHARDS
from herenow.scope import Scope
from herenow.storage.ports import ABSENT, Document, Documents, Key, VersionConflict, walk
from herenow_sdk.core.messages.waiting import Pending, Waiting

CLAIM_S: Final = 120
"""A worker that has not gone on by then counts as dead."""
KEPT_S: Final = 90 * 86_400
"""So long a run is told of after it ended."""
_ATTEMPTS: Final = 5
_OF_CALLING: Final = frozenset({"people", "called", "shards"})


class State(StrEnum):
    """Where a run is."""

    RUNNING = "running"
    """Not everybody was called yet."""
    WAITING = "waiting"
    """Everybody was, and some messages wait: held, for the app, for a worker. It is told and not kept."""
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Run:
    """One occurrence of a campaign: since when it runs, and until when anybody is still called.

    ``since`` is when what began it was published: whose own clock had read the time before is not called.
    """

    campaign: str
    occurrence: str
    begins: int
    ends: int
    state: State
    since: int = 0
    version: int = 0

    @property
    def name(self) -> str:
        """What tells it from every other."""
        return f"{self.campaign}#{self.occurrence}"

    def triggered(self, waiting: Waiting) -> bool:
        """Whether a waiting trigger is of this run."""
        return (
            waiting.campaign == self.campaign and self.begins <= waiting.at and waiting.cancelled_at is None
        )

    def as_json(self) -> dict[str, Any]:
        """As it is kept and told."""
        return {
            "campaign": self.campaign,
            "occurrence": self.occurrence,
            "begins": self.begins,
            "ends": self.ends,
            "state": self.state.value,
            "since": self.since,
        }


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: installations looked at, shards of the roll that are through, and its messages.

    ``numbers`` were taken for messages; ``stages`` tell where those stand that were triggered.
    """

    people: int = 0
    numbers: int = 0
    shards: int = 0
    stages: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def kept(cls, counts: Mapping[str, int]) -> Progress:
        """As it is counted."""
        stages = {name: many for name, many in counts.items() if name not in _OF_CALLING and many > 0}
        return cls(counts.get("people", 0), counts.get("called", 0), counts.get("shards", 0), stages)

    @property
    def called(self) -> int:
        """Messages triggered, one a person; of a run from before they were counted, the numbers taken."""
        return sum(self.stages.values()) or self.numbers

    @property
    def waiting(self) -> int:
        """Messages that did not come to their end."""
        held = sum(self.by_reason(HELD).values())
        return self.stages.get(WAITING, 0) + held

    def by_reason(self, stage: str) -> dict[str, int]:
        """How many stand at a stage, by the reason."""
        named = ((name.partition("/"), many) for name, many in sorted(self.stages.items()))
        return {reason: many for (at, _, reason), many in named if at == stage}

    @property
    def share(self) -> float:
        """The share of the roll that is through, 0 to 1."""
        return self.shards / SHARDS


@dataclass(frozen=True, slots=True)
class Portion:
    """A shard of a run that this worker has claimed; ``cursor`` is where to go on."""

    run: Run
    shard: int
    cursor: str | None
    version: int


class Runs:
    """Begins runs, hands out their shards, tells their progress, calls them off."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def begin(self, scope: Scope, run: Run) -> Run:
        """The run, begun now unless it was before."""
        key = _key(scope, run.name)
        expires = run.ends + KEPT_S
        with suppress(VersionConflict):
            version = self._documents.put_if(key, run.as_json(), version=ABSENT, expires_at=expires)
            return replace(run, version=version)
        found = self.get(scope, run.campaign, run.occurrence)
        return run if found is None else found

    def get(self, scope: Scope, campaign: str, occurrence: str) -> Run | None:
        """A run, ``None`` when it never began."""
        stored = self._documents.get(_key(scope, f"{campaign}#{occurrence}"))
        return None if stored is None else _run(stored)

    def all(self, scope: Scope) -> Iterator[Run]:
        """Every run that is still told of, by campaign and occurrence."""
        return map(_run, walk(self._documents, _partition(scope)))

    def progress(self, scope: Scope, run: Run) -> Progress:
        """How far a run is."""
        stored = self._documents.get(_counts(scope, run))
        return Progress.kept(stored.value) if stored else Progress()

    def cancel(self, scope: Scope, campaign: str, occurrence: str) -> Run:
        """Call a run off: nobody else is called, and what still waits is not sent.

        Raises ``NotFound`` (UNKNOWN_RUN); ``Conflict`` when others keep changing it.
        """
        for _ in range(_ATTEMPTS):
            run = self.get(scope, campaign, occurrence)
            if run is None:
                raise NotFound(
                    f"no run '{occurrence[:40]}' of campaign '{campaign[:60]}'",
                    code="UNKNOWN_RUN",
                    detail="`herenow mass list` tells those that there are.",
                )
            if run.state is State.CANCELLED:
                return run
            with suppress(VersionConflict):
                return self._become(scope, run, State.CANCELLED)
        raise Conflict("the run is being changed by other requests", detail="Try again.")

    def claim(self, scope: Scope, run: Run, shard: int, worker: str, now: int) -> Portion | None:
        """This worker's from now on, unless it is through or somebody else is at it."""
        key = _portion(scope, run, shard)
        stored = self._documents.get(key)
        value: Mapping[str, Any] = stored.value if stored else {}
        if value.get("done") or value.get("claimed_until", 0) > now:
            return None
        claimed = {**value, "claimed_by": worker, "claimed_until": now + CLAIM_S}
        with suppress(VersionConflict):
            before = stored.version if stored else ABSENT
            version = self._documents.put_if(key, claimed, version=before, expires_at=run.ends + KEPT_S)
            return Portion(run, shard, value.get("cursor"), version)
        return None

    def take_numbers(self, scope: Scope, run: Run, count: int) -> int:
        """The number, from 0, of the first of so many messages: what a pace counts by."""
        key = _counts(scope, run)
        total = self._documents.increment(key, "called", count, expires_at=run.ends + KEPT_S)
        return total - count

    def advance(
        self, scope: Scope, portion: Portion, cursor: str | None, people: int, worker: str, now: int
    ) -> Portion | None:
        """Write down that a page is through; ``None`` after the last, or when the shard was taken over."""
        done = cursor is None
        told = {"cursor": cursor, "done": done, "claimed_by": worker, "claimed_until": now + CLAIM_S}
        key, expires = _portion(scope, portion.run, portion.shard), portion.run.ends + KEPT_S
        try:
            version = self._documents.put_if(key, told, version=portion.version, expires_at=expires)
        except VersionConflict:
            return None
        counts = _counts(scope, portion.run)
        self._documents.increment(counts, "people", people, expires_at=expires)
        if not done:
            return replace(portion, cursor=cursor, version=version)
        if self._documents.increment(counts, "shards", 1, expires_at=expires) >= SHARDS:
            with suppress(VersionConflict):
                self._become(scope, portion.run, State.DONE)
        return None

    def told(self, scope: Scope) -> list[dict[str, Any]]:
        """Every run with its progress, as JSON."""
        return [self.told_of(scope, run) for run in self.all(scope)]

    def told_of(self, scope: Scope, run: Run) -> dict[str, Any]:
        """A run with its progress, as JSON."""
        progress = self.progress(scope, run)
        waits = run.state is State.DONE and progress.waiting > 0
        return run.as_json() | {
            "state": (State.WAITING if waits else run.state).value,
            "people": progress.people,
            "progress": progress.share,
            "called": progress.called,
            "sent": progress.stages.get(SENT, 0),
            "uncertain": progress.stages.get(UNKNOWN, 0),
            "waiting": progress.waiting,
            "held": progress.by_reason(HELD),
            "suppressed": progress.by_reason(SUPPRESSED),
        }

    def moved(self, scope: Scope, moves: Moves, now: int) -> None:
        """Count that messages of runs stand elsewhere now."""
        for run, stages in moves.items():
            for stage, many in sorted(stages.items()):
                self._documents.increment(_counts_of(scope, run), stage, many, expires_at=now + KEPT_S)

    def cancelled(self, scope: Scope) -> list[Run]:
        """Runs that were called off: what they triggered is not sent."""
        return [run for run in self.all(scope) if run.state is State.CANCELLED]

    def is_running(self, scope: Scope, run: Run) -> bool:
        """Whether it was not called off meanwhile."""
        found = self.get(scope, run.campaign, run.occurrence)
        return found is not None and found.state is State.RUNNING

    def _become(self, scope: Scope, run: Run, state: State) -> Run:
        changed = replace(run, state=state)
        key, expires = _key(scope, run.name), run.ends + KEPT_S
        version = self._documents.put_if(key, changed.as_json(), version=run.version, expires_at=expires)
        return replace(changed, version=version)


def paced(begins: int, number: int, most: int | None, per_s: int) -> int:
    """When the message of a number (from 0) is due: ``most`` of them in each ``per_s`` seconds.

    >>> [paced(0, number, 2, 60) for number in range(5)]
    [0, 0, 60, 60, 120]
    """
    return begins if most is None else begins + number // most * per_s


def without_cancelled(pending: Pending, runs: Sequence[Run], now: int) -> Pending:
    """What waits, with everything called off that a run triggered which was cancelled."""
    if not runs:
        return pending
    waiting = (
        replace(each, cancelled_at=now) if any(run.triggered(each) for run in runs) else each
        for each in pending.waiting
    )
    return Pending(tuple(waiting), pending.progress)


def _run(stored: Document) -> Run:
    value = {**stored.value, "state": State(stored.value["state"])}
    return Run(**value, version=stored.version)


def _partition(scope: Scope) -> str:
    return scope.partition("mass")


def _key(scope: Scope, name: str) -> Key:
    return Key(_partition(scope), name)


def _portion(scope: Scope, run: Run, shard: int) -> Key:
    return Key(scope.partition(f"mass#{run.name}"), f"{shard:02d}")


def _counts(scope: Scope, run: Run) -> Key:
    return _counts_of(scope, run.name)


def _counts_of(scope: Scope, name: str) -> Key:
    return Key(scope.partition(f"mass#{name}"), "counts")


class CalledOff:
    """Tells the cancelled runs of an app, read again every few seconds, not for every message."""

    def __init__(self, runs: Runs, *, clock: Clock, every_s: float = 5.0) -> None:
        self._runs = runs
        self._clock = clock
        self._every_s = every_s
        self._known: dict[Scope, tuple[float, Sequence[Run]]] = {}

    def __call__(self, scope: Scope) -> Sequence[Run]:
        """The runs."""
        now = self._clock()
        read_at, found = self._known.get(scope, (0.0, ()))
        if not read_at <= now < read_at + self._every_s:
            found = self._runs.cancelled(scope)
            self._known[scope] = now, found
        return found
