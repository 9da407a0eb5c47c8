"""What an unknown word may have been meant to be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from herenow.intent.normalise import singular
from herenow.intent.spelling.inflection import Inflections
from herenow.intent.spelling.speller import Speller

LATER: Final = 0.98
"""A spelling loses this share for each likelier one before it, so that of equal phrases the first wins."""


class Spelling(NamedTuple):
    """A known form for an unknown word, and how surely it was meant."""

    form: str
    certainty: float


@dataclass(frozen=True, slots=True, repr=False)
class Guesses:
    """Guesses by the words of a table: other forms of them first, then other spellings."""

    inflections: Inflections
    speller: Speller

    def __call__(self, form: str) -> Iterator[Spelling]:
        """Best first; also for words of three letters, which count only in company."""
        inflected = self.inflections.forms(form)
        yield from (Spelling(each.form, each.certainty) for each in inflected)
        stem = singular(form)
        near = self.speller.near(form) or (self.speller.near(stem) if stem != form else ())
        for rank, each in enumerate(near):
            yield Spelling(each.form, each.certainty * LATER**rank)
