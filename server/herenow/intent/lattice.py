"""What may have been meant by the words that were typed: each as it stands, unknown ones also corrected.

A text of *n* tokens has *n + 1* borders; an arc leads from one border to a later one and says a form that
the table knows. A known word has one arc, itself. A word that no vocabulary knows has more: its likeliest
spellings, its base form, two words written as one, or, over two tokens, one word written as two. Which arc
is meant is settled by the phrases that they form with their neighbours, never word by word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple, Protocol

from herenow.intent.normalise import Token, singular

MAX_READINGS: Final = 4
"""Arcs beside the typed one; more would multiply the work for guesses nobody meant."""
MAX_GUESSED: Final = 12
"""Unknown words that are guessed at in one text: a text of nonsense costs no more than this."""
MAX_SLIPS: Final = 3
"""People slip once or twice; a text with more unknown words speaks of something else."""
SHORTEST_CORRECTED: Final = 4
SHORTEST_IN_COMPANY: Final = 2
JOINED: Final = 0.9
"""How sure two words are one that a blank fell into."""
TYPED: Final = 1.0
"""The certainty of a word as it was typed."""


@dataclass(frozen=True, slots=True)
class Arc:
    """A reading from one border to ``last``. ``certainty`` is 1 for what was typed.

    ``in_company`` marks a guess that is not to be trusted on its own, about a short word or about one of many
    unknown ones: it counts within a phrase of which another word was typed as it is, and else only where
    nothing else is understood.
    """

    last: int
    form: str
    stem: str
    certainty: float = TYPED
    in_company: bool = False


class Lattice(NamedTuple):
    """For each token the arcs that begin at it, the typed one first; and how many words are unknown."""

    arcs: tuple[tuple[Arc, ...], ...]
    unknown: int = 0

    @property
    def is_foreign(self) -> bool:
        """Whether so much is unknown that an unknown word is rather another word than a slip."""
        return self.unknown > MAX_SLIPS


class Guess(Protocol):
    """A likely form of an unknown word."""

    @property
    def form(self) -> str:
        """What the vocabulary has."""

    @property
    def certainty(self) -> float:
        """0 to 1, below 1."""


Guesser = Callable[[str], Iterable[Guess]]
"""The likeliest forms of a word that no vocabulary knows, best first."""


def lattice_of(tokens: Sequence[Token], is_known: Callable[[Token], bool], guess: Guesser | None) -> Lattice:
    """The readings of ``tokens``; without ``guess`` only what was typed."""
    arcs = [[Arc(at + 1, token.form, token.stem)] for at, token in enumerate(tokens)]
    if guess is None:
        return Lattice(tuple(map(tuple, arcs)))
    unknown = [at for at, token in enumerate(tokens) if _is_guessable(token) and not is_known(token)]
    for at in unknown[:MAX_GUESSED]:
        in_company = len(tokens[at].form) < SHORTEST_CORRECTED or len(unknown) > MAX_SLIPS
        arcs[at] += _guesses(tokens[at].form, at + 1, guess, in_company=in_company)
    _join(tokens, frozenset(unknown), is_known, arcs)
    return Lattice(tuple(map(tuple, arcs)), len(unknown))


def _is_guessable(token: Token) -> bool:
    form = token.form
    # Not isalpha: vowel signs of Indic scripts are marks, no letters.
    return len(form) >= SHORTEST_IN_COMPANY and not any(map(str.isdigit, form))


def _guesses(form: str, last: int, guess: Guesser, *, in_company: bool) -> list[Arc]:
    found = list(guess(form))[:MAX_READINGS]
    return [_arc(last, each.form, each.certainty, in_company=in_company) for each in found]


def _join(
    tokens: Sequence[Token], unknown: frozenset[int], is_known: Callable[[Token], bool], arcs: list[list[Arc]]
) -> None:
    """Two neighbours, one of them unknown, that are one known word: ``pi zza``."""
    for at, (left, right) in enumerate(pairwise(tokens)):
        if at not in unknown and at + 1 not in unknown:
            continue
        form = left.form + right.form
        joined = Token(form, singular(form), left.start, right.end)
        if len(form) >= SHORTEST_CORRECTED and is_known(joined):
            arcs[at].append(Arc(at + 2, form, joined.stem, JOINED))


def _arc(last: int, form: str, certainty: float, *, in_company: bool) -> Arc:
    return Arc(last, form, singular(form), certainty, in_company)
