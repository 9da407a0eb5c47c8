"""Names in texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow_sdk.core.templates import is_template, names, render

from .strategies import json_objects, steady

ATTRIBUTES = {
    "intent": {"label": "Westerns", "place": {"name": "Bandra"}, "kind": ["a", "b"]},
    "n": 3.0,
    "e": "",
}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{intent.label}} in {{ intent.place.name }}", "Westerns in Bandra"),
        ("{{n}} × {{intent.kind}}", "3 × a, b"),
        ("{{intent.kind.0}}", "a"),
        ("no names", "no names"),
        ("{{}} {{a b}} {x}", "{{}} {{a b}} {x}"),
        ("", ""),
        ("{{missing}}", None),
        ("{{intent}}", None),
        ("{{e}}", None),
    ],
)
def test_render(text: str, shown: str | None) -> None:
    """Every name is filled, or the text is not shown at all."""
    assert render(text, ATTRIBUTES) == shown


def test_a_value_is_not_read_again() -> None:
    """What somebody typed is shown as typed, never taken for a template."""
    assert render("{{x}}", {"x": "{{id}}", "id": "secret"}) == "{{id}}"


def test_names() -> None:
    """The names of a text, in order."""
    assert names("{{a.b}} and {{c}}") == ("a.b", "c")
    assert is_template("{{a}}")
    assert not is_template("{{ }}")
    assert not is_template(5)


@steady
@given(st.text("{} ab.", max_size=20), json_objects)
def test_any_text_renders(text: str, attributes: dict) -> None:
    """No text and no attributes make rendering fail."""
    assert render(text, attributes) is None or isinstance(render(text, attributes), str)
