"""The JSON Schemas of manifest and parts say what the specification says."""

import re

import pytest
from jsonschema import Draft202012Validator
from tests.sdk_contract.schemas.judging import SCHEMAS, compiled, objects_of
from tests.sdk_contract.schemas.specimens import SPECIMENS

from herenow_sdk.conformance.specification import specification_path
from herenow_sdk.core.ordering import FEATURES as WEIGHTS

SPEC = specification_path().read_text(encoding="utf-8")


def test_every_part_and_the_manifest_have_a_schema():
    """One file for each part that a release may hold, and one each for what is learned and the rest."""
    parts = {f"parts/{part.name}" for part in compiled("bites")}
    assert set(SCHEMAS) == set(SPECIMENS) == parts | {"parts/priors", "manifest", "package", "tile"}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_says_what_it_is_of(name):
    """Each is draft 2020-12, with an id, a title, and a description of every property."""
    schema = SCHEMAS[name]
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:herenow:contract:{name.replace('parts/', 'part:')}"
    assert schema["title"]
    for node in objects_of(schema):
        for member, below in node["properties"].items():
            assert below.get("description", "").endswith("."), f"{name}: {member}"


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_property_is_a_word_of_the_specification(name):
    """A schema names nothing that SPEC.md does not name."""
    for node in objects_of(SCHEMAS[name]):
        for member in node["properties"]:
            assert re.search(rf"`[^`\n]*\b{member}\b[^`\n]*`", SPEC), f"{name}: {member}"


@pytest.mark.parametrize(
    ("heading", "name", "where"),
    [
        ("| member | type | |", "manifest", None),
        ("| member of a feature | type | absent |", "parts/features", "feature"),
        ("| member of a rule | type |", "parts/features", "rule"),
        ("| member of a placement | type | absent |", "parts/placements", "placement"),
        ("| campaign | type | absent |", "parts/campaigns", "message"),
    ],
)
def test_every_member_of_a_table_of_the_specification_is_in_its_schema(heading, name, where):
    """Whoever adds a row to SPEC.md adds the property."""
    assert SPEC.count(heading + "\n") == 1
    rows = SPEC.partition(heading + "\n")[2].partition("\n\n")[0].splitlines()[1:]
    named = {member for row in rows for member in re.findall(r"`([^`]+)`", row.split("|")[1])}
    schema = SCHEMAS[name] if where is None else SCHEMAS[name]["$defs"][where]
    assert len(named) > 3
    assert named <= set(schema["properties"])


def test_the_weights_are_those_that_order():
    """The schema names the features of 8.1.4 and no other."""
    weights = SCHEMAS["parts/placements"]["$defs"]["placement"]["properties"]["weights"]
    assert tuple(weights["properties"]) == WEIGHTS
