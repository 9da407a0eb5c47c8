"""``{{intent.place.name}}`` in a text, filled from the attributes.

Deliberately no language: a name between double braces, nothing else. A text that names something the
person does not have is not shown half filled; it is ``None``, and whoever asked falls back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeGuard

from herenow_sdk.core.paths import Lookup, lookup
from herenow_sdk.core.values import is_array, to_text

_PLACEHOLDER: Final = re.compile(r"\{\{\s*([A-Za-z0-9_$-]+(?:\.[A-Za-z0-9_$-]+)*)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A text cut at its placeholders: ``literals`` has one more element than ``names``."""

    literals: tuple[str, ...]
    names: tuple[str, ...]
    lookups: tuple[Lookup, ...]

    def render(self, attributes: Mapping[str, Any]) -> str | None:
        """The filled text, or ``None`` when a name is missing or has nothing to show."""
        rendered = [self.literals[0]]
        for read, literal in zip(self.lookups, self.literals[1:], strict=True):
            text = shown(read(attributes))
            if text is None:
                return None
            rendered += (text, literal)
        return "".join(rendered)


@lru_cache(maxsize=4096)
def compile_template(text: str) -> Template:
    """The template of a text; a text without placeholders has no ``names``."""
    literal_first = _PLACEHOLDER.split(text)
    found = tuple(literal_first[1::2])
    return Template(tuple(literal_first[::2]), found, tuple(map(lookup, found)))


def is_template(value: Any) -> TypeGuard[str]:
    """Whether the value is a text with a placeholder in it."""
    return isinstance(value, str) and "{{" in value and bool(compile_template(value).names)


def is_plain(text: str) -> bool:
    """Whether placeholders are the only braces of a template language in the text.

    >>> is_plain("{{place.name}} is close"), is_plain("{{ item.name | upcase }}"), is_plain("{% if a %}")
    (True, False, False)
    """
    return "{%" not in text and "{{" not in _PLACEHOLDER.sub("", text)


def render(text: str, attributes: Mapping[str, Any]) -> str | None:
    """Fill the placeholders of a text; ``None`` when a name is missing.

    A list shows its elements with commas. Objects, ``null`` and ``""`` count as missing.

    >>> render("{{intent.label}} nearby", {"intent": {"label": "Comedies"}})
    'Comedies nearby'
    """
    return compile_template(text).render(attributes)


def names(text: str) -> tuple[str, ...]:
    """The attribute paths a text names, in order."""
    return compile_template(text).names


def shown(value: Any) -> str | None:
    """How a value reads in a text; ``None`` when there is nothing to show."""
    if is_array(value):
        parts = [shown(part) for part in value if not is_array(part)]
        return ", ".join(part for part in parts if part) or None
    if value is None or isinstance(value, Mapping):
        return None
    return to_text(value) or None
