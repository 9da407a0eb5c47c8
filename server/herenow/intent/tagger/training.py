"""Fitting a tagger to an app's labelled searches, and judging where it beats the table alone.

A fifth of the searches, chosen by a digest of their text, is kept back: a model of the others is compared on
it with the table, slot by slot. It wins where it is the better in nine of ten resamples, and there alone it
is used. What is used is then fitted to all searches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from herenow.errors import Invalid
from herenow.intent.normalise import Token
from herenow.intent.tagger.chain import blended
from herenow.intent.tagger.crf import DEFAULT, Penalties, fitted
from herenow.intent.tagger.features import features_of
from herenow.intent.tagger.hints import Hint
from herenow.intent.tagger.knowing import Known
from herenow.intent.tagger.noising import Example, noised
from herenow.intent.tagger.scoring import Counts, exact, likelihood_better, of_slot, together
from herenow.intent.tagger.spans import Labelled, SlotSpan, in_tokens, labels_of
from herenow.intent.tagger.tagger import Tagger

FEWEST: Final = 200
"""Searches. Below, the table alone is better (measured: a learning curve on restaurant searches)."""
FEWEST_SPANS: Final = 8
"""Spans of a slot in the share kept back, to judge it by."""
HELD_BACK: Final = 5
"""One search in so many."""
SURE: Final = 0.9

Reading = Callable[[str], Known]
Spotting = Callable[[str], Iterable[SlotSpan]]
"""The spans that the table alone finds."""


@dataclass(frozen=True, slots=True)
class SlotResult:
    """How one slot did on the share kept back."""

    slot: str
    table: Counts
    tagger: Counts
    likelihood: float

    @property
    def wins(self) -> bool:
        """Whether the tagger is used for it."""
        return self.tagger.labelled >= FEWEST_SPANS and self.likelihood >= SURE

    def as_json(self) -> dict[str, Any]:
        """Figures to four digits."""
        return {
            "slot": self.slot,
            "spans": self.tagger.labelled,
            "table_f1": round(self.table.f1, 4),
            "tagger_f1": round(self.tagger.f1, 4),
            "likelihood": round(self.likelihood, 3),
            "wins": self.wins,
        }


@dataclass(frozen=True, slots=True)
class Trained:
    """A judgement, and the tagger when it wins anywhere."""

    searches: int
    held_back: int
    results: tuple[SlotResult, ...]
    tagger: Tagger | None

    @property
    def wins(self) -> tuple[str, ...]:
        """The slots in which the tagger is better."""
        return tuple(each.slot for each in self.results if each.wins)

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the tagger, and told."""
        return _facts(self.searches, self.held_back, self.results)


def train(
    labelled: Sequence[Labelled], read: Reading, spot: Spotting, *, penalties: Penalties = DEFAULT
) -> Trained:
    """Fit and judge. Raises ``Invalid`` (TOO_FEW_SEARCHES), ``Unavailable`` (NO_TAGGER)."""
    if len(labelled) < FEWEST:
        raise Invalid(
            f"{len(labelled)} labelled searches are too few to learn from",
            code="TOO_FEW_SEARCHES",
            detail=f"Below {FEWEST} the phrase table alone is better.",
        )
    kept, held = split(labelled)
    trial = fit(kept, read, penalties=penalties)
    results = tuple(_compared(held, trial, read, spot))
    wins = [each.slot for each in results if each.wins]
    facts = _facts(len(labelled), len(held), results)
    final = fit(labelled, read, penalties=penalties, slots=wins, facts=facts) if wins else None
    return Trained(len(labelled), len(held), results, final)


def fit(
    labelled: Iterable[Labelled],
    read: Reading,
    *,
    penalties: Penalties = DEFAULT,
    slots: Sequence[str] | None = None,
    facts: dict[str, Any] | None = None,
) -> Tagger:
    """A tagger of all these searches, for ``slots`` or else every slot of theirs.

    The mean of two models, one that sees the hints and one that does not: what the first leaves to the hints
    the second has to learn from the words.
    """
    known = [(each, read(each.text)) for each in labelled]
    hinted = [_example(each, told.tokens, told.hints) for each, told in known]
    by_words = [_example(each, told.tokens, ()) for each, told in known]
    chain = blended([fitted(noised(examples), penalties) for examples in (hinted, by_words)])
    named = {span.slot for each, _ in known for span in each.spans} if slots is None else slots
    return Tagger(chain, frozenset(named), facts or {})


def split(labelled: Iterable[Labelled]) -> tuple[list[Labelled], list[Labelled]]:
    """Those to learn from and those kept back; the same text always falls on the same side."""
    kept: list[Labelled] = []
    held: list[Labelled] = []
    for each in labelled:
        (held if is_held_back(each.text) else kept).append(each)
    return kept, held


def is_held_back(text: str) -> bool:
    """By the digest of the text."""
    return int.from_bytes(sha256(text.encode()).digest()[:4], "big") % HELD_BACK == 0


def spotted(tagger: Tagger, known: Known) -> list[SlotSpan]:
    """The spans that a tagger finds, in characters."""
    return [
        SlotSpan(each.slot, known.tokens[each.first].start, known.tokens[each.last - 1].end)
        for each in tagger.tag(known)
    ]


def _example(labelled: Labelled, tokens: Sequence[Token], hints: Iterable[Hint]) -> Example:
    return features_of(tokens, hints), labels_of(in_tokens(labelled.spans, tokens), len(tokens))


def _compared(held: Sequence[Labelled], trial: Tagger, read: Reading, spot: Spotting) -> Iterable[SlotResult]:
    by_tagger = [spotted(trial, read(each.text)) for each in held]
    by_table = [list(spot(each.text)) for each in held]
    for slot in sorted({span.slot for each in held for span in each.spans}):
        ours = [_of(each, found, slot) for each, found in zip(held, by_tagger, strict=True)]
        theirs = [_of(each, found, slot) for each, found in zip(held, by_table, strict=True)]
        yield SlotResult(slot, together(theirs), together(ours), likelihood_better(ours, theirs))


def _of(labelled: Labelled, found: Sequence[SlotSpan], slot: str) -> Counts:
    return exact(of_slot(labelled.spans, slot), of_slot(found, slot))


def _facts(searches: int, held_back: int, results: Iterable[SlotResult]) -> dict[str, Any]:
    return {
        "searches": searches,
        "held_back": held_back,
        "slots": [each.as_json() for each in results],
    }
