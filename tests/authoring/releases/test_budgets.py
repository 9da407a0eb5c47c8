import random

import pytest

from herenow.authoring.budgets import PART_BUDGETS, require_within_budget, travelling_size
from herenow.authoring.parts import compile_parts
from herenow.errors import Invalid


def noise(characters):
    """Text that does not compress below half."""
    return "".join(random.Random(7).choices("0123456789abcdef", k=characters))


def test_a_set_within_budget_passes(reels):
    """The sample set is far below every bound."""
    require_within_budget(compile_parts(reels))


def test_the_error_points_at_the_heaviest_records(reels):
    """The largest feature is named first, with its place in the marketer's own file."""
    reels["features.json"]["huge/one"] = {"type": "string", "default": noise(400_000)}
    with pytest.raises(Invalid) as caught:
        require_within_budget(compile_parts(reels))
    assert caught.value.code == "OVER_BUDGET"
    first = caught.value.extra["errors"][0]
    assert (first["file"], first["pointer"]) == ("features.json", "/huge~1one")
    assert "102,400" in first["expected"]


def test_budgets_count_what_travels(reels):
    """A large feature that compresses well is no fault."""
    reels["features.json"]["title"]["default"] = "a" * 1_000_000
    require_within_budget(compile_parts(reels))


def test_too_many_fences_are_pointed_at_in_their_collection(reels):
    """A fence has no name of its own; it is told by its place in the list."""
    fences = [{"id": str(n), "properties": {"name": noise(50_000 + n)[n:]}} for n in range(50)]
    random.Random(1).shuffle(fences)
    reels["fences.geojson"] = {"type": "FeatureCollection", "features": fences}
    fences[3]["properties"]["name"] = noise(1_500_000)
    with pytest.raises(Invalid) as caught:
        require_within_budget(compile_parts(reels))
    assert caught.value.extra["errors"][0]["pointer"] == "/features/3"


def test_every_part_has_a_budget(reels):
    """A part without a bound could not be made."""
    reels |= {name: {} for name in ("campaigns.json", "offers.json", "fences.geojson", "policy.json")}
    assert {part.name for part in compile_parts(reels)} == set(PART_BUDGETS)


def test_the_same_content_always_travels_at_the_same_size():
    """The measure holds no time stamp."""
    assert travelling_size(b"here" * 99) == travelling_size(b"here" * 99)
