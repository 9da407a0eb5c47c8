"""How a value is called in a title: the app's own label, its own plural, or the value itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from herenow.intent.normalise import singular, words

Labels = Mapping[tuple[str, str], Mapping[str, str]]
"""(facet, value) → locale → label; the empty locale is for everybody."""


def compile_labels(document: Mapping[str, Any]) -> dict[tuple[str, str], dict[str, str]]:
    """From ``intents.json``: declared ``labels`` first, else a synonym that is the value's plural."""
    labels = {
        (facet, value): {"": synonym}
        for facet, value, synonym in texts_by_value(document.get("synonyms"))
        if _is_plural(synonym, value)
    }
    for facet, values in _objects(document.get("labels")):
        for value, label in values.items():
            labels[facet, value] = dict(label) if isinstance(label, Mapping) else {"": str(label)}
    return labels


def texts_by_value(document: Any) -> Iterable[tuple[str, str, str]]:
    """Every (facet, value, text) of an object facet → value → list of texts."""
    for facet, values in _objects(document):
        for value, texts in values.items():
            for text in texts if isinstance(texts, (list, tuple)) else ():
                yield facet, value, str(text)


def label_of(labels: Labels, facet: str, value: str, locales: Sequence[str]) -> str:
    """In the first of ``locales`` that has one (``hi-IN`` falls back to ``hi``)."""
    declared = labels.get((facet, value), {})
    wanted = [name for locale in locales for name in (locale, locale.partition("-")[0])]
    for locale in (*wanted, "", "en"):
        if locale in declared:
            return _capitalised(declared[locale])
    return _capitalised(next(iter(declared.values()), value))


def _capitalised(text: str) -> str:
    # A label that its author capitalised somewhere is left alone ("iPhone cases").
    if not text.islower():
        return text
    return " ".join(word[:1].upper() + word[1:] for word in text.split(" "))


def _is_plural(synonym: str, value: str) -> bool:
    plural, single = words(synonym), words(value)
    return (
        [token.form for token in plural] != [token.form for token in single]
        and [token.stem for token in plural] == [token.stem for token in single]
        and all(singular(token.form) != token.form for token in plural[-1:])
    )


def _objects(document: Any) -> Iterable[tuple[str, Mapping[str, Any]]]:
    if isinstance(document, Mapping):
        yield from ((name, value) for name, value in document.items() if isinstance(value, Mapping))
