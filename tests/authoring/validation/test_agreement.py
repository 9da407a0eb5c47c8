"""Validation and the evaluator know the same things."""

from herenow.authoring.documents.conditions import LOGICAL, OPERATORS
from herenow.authoring.documents.placements import Weights
from herenow.authoring.json_schema import json_schemas
from herenow.authoring.validation.attributes import person_attributes
from herenow.authoring.validation.folder import Folder
from herenow.profiles.learned.deriving import EVERY
from herenow_sdk.core.attributes import derive
from herenow_sdk.core.conditions import compile_condition
from herenow_sdk.core.ordering import FEATURES

CONTEXT = {
    "platform": "android",
    "os_version": "15",
    "app_version": "3.2.1",
    "locale": "en-IN",
    "time_zone": "Asia/Kolkata",
    "utc_offset_s": 19800,
    "network": "wifi",
    "capabilities": ["push"],
    "device": {
        "class": "phone",
        "model": "Pixel 9",
        "screen": {"width": 1080, "height": 2424, "density": 2.6},
    },
}
PROFILE = {
    "id": "i",
    "user_id": "u",
    "installed_at": 0,
    "intent": {
        "label": "Burgers",
        "confidence": 0.9,
        "facets": [{"facet": "category", "value": "burger"}],
        "place": {"name": "Kandivali West", "facet": "area"},
    },
    "acquisition": {"status": "resolved", "source": "web", "medium": "cpc", "campaign": "c", "confidence": 1},
}
ELSEWHERE = ("here.", "person.visiting", "consent.", "best_time.")
"""What a release, a device or a channel makes; not in the person above."""


def paths(value, at=""):
    """The dotted paths of everything that is no object."""
    if not isinstance(value, dict):
        yield at
        return
    for name, below in value.items():
        yield from paths(below, f"{at}.{name}" if at else name)


def test_validation_knows_exactly_the_attributes_that_the_evaluator_derives():
    """Neither can a condition read what never comes, nor is what comes called unknown."""
    facets = {"app": {"facets": {"category": {"type": "tags", "intent": True}}}}
    known = person_attributes(Folder({}, facets, frozenset(), None))
    derived = set(paths(derive(CONTEXT, PROFILE, {"consent": {"push": "granted"}}, 86_400 * 30)))
    assert {path for path in derived if known.find(path) is None} == set()
    assert {path for path in known.known if not path.startswith(ELSEWHERE)} <= derived | set(EVERY)
    assert {path for path in EVERY if known.find(path) is None} == set()


def test_every_operator_of_the_grammar_is_the_evaluators():
    """A document can only use what the evaluator evaluates."""
    definitions = json_schemas()["audiences.json"]["$defs"]
    operators = definitions["operators"]["properties"]
    junctions = definitions["condition"]["properties"]
    assert (set(operators), set(junctions)) == (set(OPERATORS), set(LOGICAL))
    conditions = [{"attribute": {name: schema["examples"][0]}} for name, schema in operators.items()]
    conditions += [{name: schema["examples"][0]} for name, schema in junctions.items()]
    assert [compile_condition(condition).problems for condition in conditions] == [()] * len(conditions)


def test_weights_are_the_features_of_the_order():
    """A marketer weighs every feature but the boost, which has points of its own."""
    assert set(Weights().fields) == set(FEATURES) - {"boost"}
