import pytest

from herenow.cli import wording
from herenow.ordering.ladder import LADDER
from herenow_sdk.core.reasons import FeatureReason, ItemReason, PlacementReason


def test_every_code_has_words():
    """Totality: a new reason in the core without words here fails this test."""
    assert set(wording.FEATURES) == set(FeatureReason)
    assert set(wording.ITEMS) == set(ItemReason)
    assert set(wording.PLACEMENTS) == set(PlacementReason)


def test_every_rung_that_concedes_has_words():
    """The names of the ladder's rungs, the exact one apart."""
    assert {rung.name for rung in LADDER} - {"exact"} == set(wording.STEPS)


@pytest.mark.parametrize("code", [*ItemReason, *PlacementReason])
def test_missing_arguments_still_read(code):
    """A reason from a server of another version has other arguments; words never fail."""
    table = wording.item_words if isinstance(code, ItemReason) else wording.placement_words
    assert table({"code": code.value})


@pytest.mark.parametrize("step", sorted(wording.STEPS))
def test_a_step_without_arguments_still_reads(step):
    """As above, for each step of widening."""
    assert wording.placement_words({"code": "WIDENED", "args": {"step": step}})


def test_unknown_codes_read_as_themselves():
    """A newer server's code is shown, not hidden."""
    assert wording.item_words({"code": "SUNNY"}) == "SUNNY"
    assert wording.feature_words({"reason": "SUNNY"}) == "SUNNY"
    assert wording.placement_words({"code": "WIDENED", "args": {"step": "moon"}}).endswith("moon")


@pytest.mark.parametrize(
    ("metres", "text"),
    [(None, ""), (0, "0 m"), (640, "640 m"), (2000, "2 km"), (1449, "1.4 km"), (12_000, "12 km")],
)
def test_distances_read_as_people_say_them(metres, text):
    """Metres below a kilometre, then kilometres with at most one decimal."""
    assert wording.distance(metres) == text


def test_widening_is_told_as_a_sequence():
    """The first concession says why, the later ones follow."""
    told = wording.because_lines(
        [
            {"code": "SEARCHED", "args": {"label": "Burgers", "place": "Kandivali West"}},
            {"code": "WIDENED", "args": {"step": "radius", "from_m": 2000, "to_m": 5000}},
            {"code": "WIDENED", "args": {"step": "modifiers", "dropped": ["cheap"]}},
        ]
    )
    assert list(told) == [
        "made for the search: Burgers in Kandivali West",
        "too few matched, so the circle grew from 2 km to 5 km",
        "then cheap was not insisted on",
    ]


@pytest.mark.parametrize(
    ("values", "text"),
    [([], "…"), (None, "…"), ("a", "a"), (["a", "b"], "a and b"), (list("abc"), "a, b and c")],
)
def test_lists_read_as_sentences(values, text):
    """Commas, and one word before the last."""
    assert wording.joined(values) == text


def test_words_found_in_an_item_are_quoted():
    """What was understood and what was only found read apart."""
    searched = {"label": "Cafes", "text": "blue door", "place": "Mid"}
    assert wording.placement_words({"code": "SEARCHED", "args": searched}).endswith(
        'Cafes "blue door" in Mid'
    )
    assert wording.item_words({"code": "INTENT_MATCH", "args": {"text": "blue"}}) == 'says "blue"'
    assert wording.placement_words({"code": "WIDENED", "args": {"step": "no_text", "text": "blue"}}).endswith(
        '"blue" was not insisted on'
    )
