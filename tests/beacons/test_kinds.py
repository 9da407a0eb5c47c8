"""The kinds of beacons: schemas as committed, of one mind with the door."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tests.sdk_contract.core.strategies import quick

from herenow.authoring.documents.app import PROPERTY_TYPES
from herenow.authoring.json_schema import written
from herenow.beacons.declared import TYPES
from herenow.beacons.kinds import BY_NAME, KINDS, json_schemas
from herenow_sdk.core.profile.fold import WEIGHTS

SCHEMAS = json_schemas()
FOLDER = Path(__file__).parents[2] / "schemas" / "beacons"
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 2_000_000),
    st.floats(-200, 200, allow_nan=False),
    st.text(max_size=5),
    st.sampled_from(["INR", "push", "near", "te7u6c", "x" * 500]),
    st.lists(st.one_of(st.text(min_size=1, max_size=3), st.just({"item": "a", "quantity": 2})), max_size=3),
)


def test_the_committed_schemas_are_the_generated_ones():
    """Whoever changes a kind commits its schema, and none is left over."""
    committed = {file.name: file.read_text(encoding="utf-8") for file in FOLDER.iterdir()}

    assert committed == {name: written(schema) for name, schema in SCHEMAS.items()}, "run: make schemas"


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_a_valid_one_and_every_member_is_described(name):
    """Draft 2020-12, with a title, a sentence, and a description of each property."""
    schema = SCHEMAS[name]
    Draft202012Validator.check_schema(schema)
    assert schema["title"].startswith("herenow beacon")
    assert schema["description"].endswith(".")
    properties = schema["properties"]["properties"].get("properties", {})
    assert all(each["description"] for each in properties.values())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.file)
def test_the_example_of_a_kind_is_right(kind):
    """By its schema and at the door."""
    (example,) = SCHEMAS[f"{kind.file}.json"]["examples"]
    Draft202012Validator(SCHEMAS[f"{kind.file}.json"]).validate(example)
    assert kind.members.fault(kind.example) is None


@quick
@given(st.sampled_from(KINDS), st.data())
def test_schema_and_door_agree_about_any_properties(kind, data):
    """What an app checks by the schema is what the server takes."""
    names = st.sampled_from([*kind.members.by_name, "unheard_of"])
    changes = data.draw(st.dictionaries(names, VALUES, max_size=3))
    dropped = data.draw(st.sets(names, max_size=2))
    properties = {name: value for name, value in {**kind.example, **changes}.items() if name not in dropped}
    schema = SCHEMAS[f"{kind.file}.json"]["properties"]["properties"]

    accepted = kind.members.fault(copy.deepcopy(properties)) is None

    assert accepted == Draft202012Validator(schema).is_valid(properties), json.dumps(properties)


def test_every_event_that_a_profile_learns_from_is_a_kind():
    """The table of the contract and this one speak of the same names."""
    assert all(("behavior", name) in BY_NAME for name in WEIGHTS)


def test_an_app_declares_properties_of_the_types_that_the_door_knows():
    """The two lists stand in packages that do not know each other."""
    assert PROPERTY_TYPES == TYPES
