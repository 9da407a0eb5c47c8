"""Which concepts a catalogue's value names.

Values are written by app developers: "burger", "Fast Food", "coffee and tea", "pharmacies", or the same in
their own language. Only names count, and names that follow from names; search terms do not: a value that is
merely searched by people who want a burger is not called one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from herenow.intent.general.concepts import Concept, PhraseKind
from herenow.intent.general.vocabulary import GeneralVocabulary
from herenow.intent.normalise import fold, phrase_key, stemmed

_PARTS = re.compile(r"\s*[,;/&+|]\s*|\s+(?:and|or|und|oder|y|e|et|ou)\s+", re.IGNORECASE)
_ENGLISH = "en"
_OUTRIGHT = False
_HERE, _ABROAD = False, True


class _Claim(NamedTuple):
    """How well a phrase names a concept; the smaller the better."""

    is_derived: bool
    is_foreign: bool
    lesser: float
    concept_id: str


@dataclass(frozen=True, slots=True, repr=False)
class Names:
    """The index of names."""

    _concepts: Mapping[str, Concept]
    _claims: Mapping[str, tuple[_Claim, ...]]

    @classmethod
    def of(cls, vocabulary: GeneralVocabulary) -> Names:
        """Of the names in all languages; what follows from names in English only, the language of tags."""
        claims: dict[str, list[_Claim]] = defaultdict(list)
        for concept in vocabulary.concepts.values():
            for form, phrase in vocabulary.names(concept, _ENGLISH).items():
                if phrase.kind is not PhraseKind.NARROWER:
                    is_derived = phrase.kind is PhraseKind.DERIVED
                    claim = _Claim(is_derived, _HERE, -phrase.weight, concept.id)
                    claims[_spaced(form)].append(claim)
            for text in vocabulary.foreign_names(concept, _ENGLISH):
                claims[_spaced(fold(text))].append(_Claim(_OUTRIGHT, _ABROAD, 0.0, concept.id))
        return cls(vocabulary.concepts, {key: _best(each) for key, each in claims.items()})

    def named(self, value: str) -> tuple[Concept, ...]:
        """What a value names, the surest reading only; the parts' where the whole names nothing."""
        whole = self._named(value)
        if whole:
            return whole
        parts = [part for part in _PARTS.split(value) if part]
        found = [concept for part in parts for concept in self._named(part)] if len(parts) > 1 else []
        return tuple(dict.fromkeys(found))

    def _named(self, value: str) -> tuple[Concept, ...]:
        claims = self._claims.get(_key(value), ()) or self._claims.get(_key(value.replace("_", " ")), ())
        return tuple(self._concepts[claim.concept_id] for claim in claims)


def _key(text: str) -> str:
    return _spaced(phrase_key(text))


def _spaced(key: str) -> str:
    """A key without plural endings and hyphens."""
    return stemmed(key.replace("-", " "))


def _best(claims: Sequence[_Claim]) -> tuple[_Claim, ...]:
    """English before other languages and names before what follows from them; then all that are as good."""
    first = min(claims)
    kept = {claim.concept_id: claim for claim in sorted(claims, reverse=True) if claim[:2] == first[:2]}
    return tuple(sorted(kept.values()))
