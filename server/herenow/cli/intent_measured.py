"""How well labelled searches were read: exact and overlapping F1 of each type, and how long it took."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from herenow.cli.intent_labelled import Naming
from herenow.intent.tagger.scoring import Counts, exact, of_slot, overlap, together
from herenow.intent.tagger.spans import Labelled, SlotSpan

_ALL = "all"


@dataclass(frozen=True, slots=True)
class SlotScore:
    """One type: how many spans are labelled, and how they were found."""

    slot: str
    exact: Counts
    overlap: Counts

    def as_json(self) -> dict[str, Any]:
        """Figures to four digits."""
        return {
            "type": self.slot,
            "spans": self.exact.labelled,
            "found": self.exact.hits + self.exact.extra,
            "exact_f1": round(self.exact.f1, 4),
            "overlap_f1": round(self.overlap.f1, 4),
        }


@dataclass(frozen=True, slots=True)
class Measured:
    """The scores of a file's types and of all together, and microseconds a search."""

    searches: int
    slots: tuple[SlotScore, ...]
    whole: SlotScore
    p50_us: int
    p95_us: int

    @classmethod
    def of(cls, labelled: Sequence[Labelled], told: Sequence[Mapping[str, Any]], naming: Naming) -> Measured:
        """Compare the spans of each search with what was told of it."""
        wanted = [list(each.spans) for each in naming.named(labelled)]
        found = [naming.spans_of(each["intent"]) for each in told]
        kinds = list(dict.fromkeys(span.slot for each in labelled for span in each.spans))
        named = {naming.name_of(kind): kind for kind in sorted(kinds)}
        known = [[span for span in spans if span.slot in named] for spans in found]
        slots = tuple(_score(kind, _only(wanted, name), _only(known, name)) for name, kind in named.items())
        took = sorted(each["took_us"] for each in told)
        return cls(len(labelled), slots, _score(_ALL, wanted, known), _at(took, 50), _at(took, 95))

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "searches": self.searches,
            "slots": [each.as_json() for each in self.slots],
            "all": self.whole.as_json(),
            "took_us": {"p50": self.p50_us, "p95": self.p95_us},
        }


def measured_lines(measured: Measured, scope: str) -> Iterator[str]:
    """A table, and the types that nothing was found of."""
    rows = (*measured.slots, measured.whole)
    width = max(len(each.slot) for each in rows)
    yield f"{measured.searches:,} {'search' if measured.searches == 1 else 'searches'} read by {scope}"
    yield click.style(f"{'':{width}}   spans   found   exact F1   overlap F1", dim=True)
    for each in rows:
        told = each.as_json()
        figures = (
            f"{told['spans']:>7,} {told['found']:>7,} {told['exact_f1']:>10.3f} {told['overlap_f1']:>12.3f}"
        )
        yield f"{each.slot:{width}} {figures}"
    yield f"a search took {measured.p50_us / 1000:.2f} ms (p50), {measured.p95_us / 1000:.2f} ms (p95)"
    unread = [each.slot for each in measured.slots if not each.exact.hits + each.exact.extra]
    if unread:
        yield f"Nothing was found of {', '.join(unread)}: is it called otherwise here?  --map TYPE=NAME"


def _score(slot: str, wanted: Iterable[list[SlotSpan]], found: Iterable[list[SlotSpan]]) -> SlotScore:
    pairs = list(zip(wanted, found, strict=True))
    return SlotScore(
        slot,
        together(exact(labels, said) for labels, said in pairs),
        together(overlap(labels, said) for labels, said in pairs),
    )


def _only(spans: Iterable[list[SlotSpan]], slot: str) -> list[list[SlotSpan]]:
    return [of_slot(each, slot) for each in spans]


def _at(ordered: Sequence[int], percent: int) -> int:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
