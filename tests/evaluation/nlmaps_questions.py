"""NLmaps questions: the text in two languages and the tags that its query language asks for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

Tag = tuple[str, str]
Term = str | tuple[str, list["Term"]]

CATEGORY_KEYS = frozenset(
    {
        *("amenity", "craft", "cuisine", "historic", "leisure", "natural", "office", "religion", "shop"),
        *("sport", "tourism"),
    }
)
"""Keys that say what kind of place is asked for."""
ANYTHING = "*"

_PIECE = re.compile(r"'((?:[^'\\]|\\.)*)'|([A-Za-z_]+)\(|(\))|([^,()']+)")


@dataclass(frozen=True, slots=True)
class Question:
    """A text by language, and the category tags asked for; none where only a named place is."""

    texts: dict[str, str]
    gold: frozenset[Tag]


def read_questions(path: Path) -> list[Question]:
    """The lines of ``nlmaps.jsonl``."""
    with path.open(encoding="utf-8") as lines:
        told = [json.loads(line) for line in lines]
    return [
        Question(
            {"en": each["text_en"], "de": each["text_de"]},
            frozenset(
                (key, value)
                for key, value in tags_of(parse(each["mrl"]))
                if key in CATEGORY_KEYS and value != ANYTHING
            ),
        )
        for each in told
    ]


def in_todays_tags(question: Question, replaced: Mapping[Tag, Tag]) -> Question:
    """The same question with old tags replaced; one that is no category today falls away."""
    gold = (replaced.get(tag, tag) for tag in question.gold)
    return Question(question.texts, frozenset(tag for tag in gold if tag[0] in CATEGORY_KEYS))


def parse(mrl: str) -> list[Term]:
    """The terms of a machine-readable query: texts, and names with their arguments."""
    stack: list[tuple[str, list[Term]]] = [("", [])]
    for quoted, opened, closed, bare in (match.groups() for match in _PIECE.finditer(mrl)):
        if opened:
            stack.append((opened, []))
        elif closed and len(stack) > 1:
            name, arguments = stack.pop()
            stack[-1][1].append((name, arguments))
        elif quoted is not None or (bare and bare.strip()):
            stack[-1][1].append(quoted if quoted is not None else bare.strip())
    return stack[0][1]


def tags_of(terms: list[Term]) -> Iterator[Tag]:
    """All tags within; of a choice of values each."""
    for term in terms:
        if isinstance(term, str):
            continue
        name, arguments = term
        if name == "keyval" and isinstance(arguments[0], str):
            yield from ((arguments[0], value) for value in _values(arguments[1:]))
        else:
            yield from tags_of(arguments)


def _values(terms: list[Term]) -> Iterator[str]:
    for term in terms:
        if isinstance(term, str):
            yield term
        else:
            yield from _values(term[1])
