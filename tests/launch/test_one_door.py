"""Everything that the server decides goes through the evaluator's doors, and nothing stands beside them."""

from pathlib import Path

import pytest
from tests.launch.doors import (
    BESIDE_CORE,
    CONDITION_LANGUAGE,
    CORE,
    DOORS,
    WORDS,
    is_allowed,
    uses,
    uses_of_source,
)

SERVER = Path(__file__).parents[2] / "server" / "herenow"
FOUND = tuple(uses(SERVER))


def test_the_server_decides_through_the_evaluator_alone():
    """A module that needs another door says so in ``doors.py``, with the reason."""
    assert [use for use in FOUND if not is_allowed(use)] == []


def test_no_door_stands_open_for_nobody():
    """What is allowed is used, by exactly the modules that may."""
    used = {(use.module, use.what) for use in FOUND}
    named = {name: {module for module, what in used if what == CORE + name} for name in DOORS}
    assert named == DOORS
    assert {CORE + name for name in WORDS} <= {what for _, what in used}
    for table in (BESIDE_CORE, CONDITION_LANGUAGE):
        assert all((module, what) in used for what, modules in table.items() for module in modules)


@pytest.mark.parametrize(
    "source",
    [
        "from herenow_sdk.core.evaluate import evaluate_in",
        "from herenow_sdk.core.evaluate import evaluate",
        "from herenow_sdk.core.conditions import compile_condition as judge",
        "from herenow_sdk.core.hashing import fnv1a32",
        "from herenow_sdk.core.rules import parse_feature",
        "from herenow_sdk.core.sticky import StickyBuckets",
        "from herenow_sdk.core.messages import decide_messages",
        "from herenow_sdk.core import conditions",
        "from herenow_sdk import core",
        "import herenow_sdk.core.features",
        "import herenow_sdk.core.features as f",
        "def later():\n    from herenow_sdk.core.experiments import parse_experiment",
        "import importlib\nimportlib.import_module('herenow_sdk.core.features')",
        "from herenow.launch.decision import evaluate_in",
        "from herenow.launch import decision\ndecision.evaluate_in(bundle, scope)",
        "from herenow_sdk.client.deciding import decide",
        "from herenow_sdk.growthbook import GrowthBook",
        "def holds(condition, value):\n    return value >= condition['$gte']",
    ],
)
def test_a_second_door_is_noticed(source):
    """However it is opened: each of these in a module of the server fails the first test."""
    assert [use for use in uses_of_source("herenow.launch.shortcut", source) if not is_allowed(use)]


def test_a_door_is_open_to_its_module_alone():
    """The same line is right in the module that decides, and wrong beside it."""
    source = "from herenow_sdk.core.evaluate import evaluate_in"
    assert all(is_allowed(use) for use in uses_of_source("herenow.launch.decision", source))
    assert not any(is_allowed(use) for use in uses_of_source("herenow.launch.service", source))
    assert not any(is_allowed(use) for use in uses_of_source("herenow.compat.evaluation", source))
