import pytest

from herenow.cli import screens


def test_modifiers_and_unparsed_text_are_understood_aloud():
    """Everything the intent says, nothing it does not."""
    intent = {
        "facets": [{"facet": "category", "value": "chinese"}],
        "place": None,
        "modifiers": [{"kind": "band", "facet": "price", "value": "cheap"}],
        "unparsed": ["quux"],
    }
    assert screens.understood(intent) == "category chinese · price cheap · not understood: quux"


def test_what_is_not_wanted_and_amounts_are_understood_aloud():
    """Values and wishes that are denied say so; bounds read as people say them."""
    intent = {
        "facets": [],
        "excluded": [{"facet": "category", "value": "momos"}],
        "modifiers": [
            {"kind": "price", "facet": "price", "value": {"high": 500, "unit": "INR"}},
            {"kind": "amenity", "value": "smoking", "negated": True},
        ],
    }
    assert screens.understood(intent) == "not category momos · price to 500 INR · not smoking"


def test_an_item_shows_the_value_or_the_words_that_matched():
    """Found by its text, it shows the words."""
    said = [{"code": "INTENT_MATCH", "args": {"text": "blue door"}}]
    assert "blue door" in next(screens.item_lines([{"id": "a", "reasons": said}]))


def test_an_app_without_a_title_has_none():
    """Reading a title out of another feature would be a guess."""
    assert screens.title_of({"show_map": {"type": "boolean", "value": True}}) is None


def test_an_item_without_fields_is_called_by_its_id():
    """And long names are cut to their column."""
    lines = list(screens.item_lines([{"id": "a-1"}, {"id": "b", "fields": {"name": "N" * 60}}], first=3))
    assert lines[0].strip() == "3  a-1"
    assert lines[1].strip() == f"4  {'N' * (screens.NAME_WIDTH - 1)}…"


@pytest.mark.parametrize(
    ("value", "text"), [(True, "on"), (False, "off"), ("x", '"x"'), (3, "3"), ({"a": None}, '{"a": null}')]
)
def test_values_read_as_people_write_them(value, text):
    """Booleans as switches, the rest as JSON."""
    assert screens.value_text(value) == text
