"""What an unknown word may have been meant to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from herenow.intent.normalise import singular
from herenow.intent.spelling.inflection import Inflections
from herenow.intent.spelling.speller import Speller

LATER: Final = 0.98
"""A spelling loses this share for each likelier one before it, so that of equal phrases the first wins."""


class Spelling(NamedTuple):
    """A known form for an unknown word, how surely it was meant, and how many edits apart they are.

    Another form of the word (a plural, a compound's head) is no edit apart.
    """

    form: str
    certainty: float
    edits: int


@dataclass(frozen=True, slots=True, repr=False)
class Guesses:
    """Guesses by the words of a table: other forms of them first, then other spellings."""

    inflections: Inflections
    speller: Speller

    def __call__(self, form: str) -> tuple[Spelling, ...]:
        """Best first; also for words of two and three letters, which count only in company."""
        inflected = [Spelling(each.form, each.certainty, 0) for each in self.inflections.forms(form)]
        stem = singular(form)
        near = self.speller.near(form) or (self.speller.near(stem) if stem != form else ())
        spelt = [
            Spelling(each.form, each.certainty * LATER**rank, each.distance) for rank, each in enumerate(near)
        ]
        return (*inflected, *spelt)
