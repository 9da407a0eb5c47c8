"""Intents: synonyms and labels are given to values that the catalogue has, one meaning a phrase."""

from __future__ import annotations

from collections.abc import Iterator

from herenow.authoring.documents.faults import Fault, Path, unknown
from herenow.authoring.validation.findings import Problem, warning
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.select import texts


def check(folder: Folder) -> Iterator[Problem]:
    """Synonyms, labels, places."""
    intents = folder.document("intents")
    for path in ("synonyms/*/~", "labels/*/~"):
        for at, value in texts(intents, path):
            yield from _unknown_value(folder, at, str(at[1]), value)
    yield from _two_meanings(folder)


def _unknown_value(folder: Folder, at: Path, facet: str, value: str) -> Iterator[Problem]:
    values, known = folder.facet_values(facet)
    if known and value not in known:
        yield warning("intents", at, unknown("UNKNOWN_FACET_VALUE", f"item has '{facet}'", value, values))


def _two_meanings(folder: Folder) -> Iterator[Problem]:
    """A phrase that means two values of one facet means neither."""
    seen: dict[tuple[str, str], str] = {}
    for at, phrase in texts(folder.document("intents"), "synonyms/*/*/*"):
        _, facet, value, _ = (str(step) for step in at)
        other = seen.setdefault((facet, " ".join(phrase.casefold().split())), value)
        if other != value:
            detail = f"'{phrase}' already means '{other}'"
            yield warning("intents", at, Fault("TWO_MEANINGS", detail, "one value a phrase"))
