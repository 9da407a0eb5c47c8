"""The JSON Schemas: complete, committed, and of one mind with the server."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from marshmallow import ValidationError
from tests.depth import examples

from herenow.authoring.documents import BY_FILE, DOCUMENTS
from herenow.authoring.json_schema import json_schemas, main, written

ROOT = Path(__file__).parents[3]
SCHEMAS = json_schemas()
FOLDERS = [Path(__file__).parent / "founding", ROOT / "examples" / "bites", ROOT / "examples" / "reels"]
EXAMPLES = [
    pytest.param(file, id=f"{file.parent.name}/{file.name}")
    for folder in FOLDERS
    for file in sorted(folder.iterdir())
    if file.name in BY_FILE
]
NAMES = [document.name for document in DOCUMENTS]


def accepted_by_server(document, value):
    """Whether the server finds no fault of form."""
    try:
        document.root.check(value)
    except ValidationError:
        return False
    return True


def accepted_by_schema(document, value):
    """Whether an editor finds no fault."""
    return Draft202012Validator(SCHEMAS[f"{document.name}.json"]).is_valid(value)


def properties(schema, at=""):
    """Every property of every object in a schema, with where it stands."""
    if isinstance(schema, dict):
        for name, below in schema.get("properties", {}).items() if schema.get("type") == "object" else ():
            yield f"{at}/{name}", below
        for key, below in schema.items():
            if key not in {"examples", "enum", "const"}:
                yield from properties(below, f"{at}/{key}")
    elif isinstance(schema, list):
        for index, below in enumerate(schema):
            yield from properties(below, f"{at}/{index}")


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_schema_is_the_generated_one(name):
    """Whoever changes a field commits its schema."""
    committed = (ROOT / "schemas" / f"{name}.json").read_text(encoding="utf-8")
    assert committed == written(SCHEMAS[f"{name}.json"]), (
        "run: python -m herenow.authoring.json_schema schemas/"
    )


def test_the_command_writes_every_schema(tmp_path):
    """The command takes one folder and fills it."""
    assert main([str(tmp_path / "new")]) == 0
    assert sorted(file.name for file in (tmp_path / "new").iterdir()) == sorted(SCHEMAS)
    assert main([]) == 2


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_a_valid_schema_with_an_identity(name):
    """Each is draft 2020-12 with id, title and description."""
    schema = SCHEMAS[f"{name}.json"]
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:herenow:schema:{name}"
    assert schema["title"].startswith("herenow ")
    assert schema["description"].endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_every_property_is_described_with_an_example_it_accepts(name):
    """An editor shows both for every property there is, and no example is wrong."""
    schema = SCHEMAS[f"{name}.json"]
    found = list(properties(schema))
    assert len(found) > 2
    for pointer, below in found:
        assert below.get("description"), pointer
        assert below.get("examples"), pointer
        rooted = {"$schema": schema["$schema"], "$defs": schema.get("$defs", {}), **below}
        for example in below["examples"]:
            assert Draft202012Validator(rooted).is_valid(example), (pointer, example)


@pytest.mark.parametrize("name", NAMES)
def test_objects_are_closed_or_say_what_their_members_are(name):
    """No object lets a misspelt member pass."""

    def objects(schema):
        if isinstance(schema, dict):
            if schema.get("type") == "object":
                yield schema
            for key, below in schema.items():
                if key not in {"examples", "enum"}:
                    yield from objects(below)
        elif isinstance(schema, list):
            for below in schema:
                yield from objects(below)

    for schema in objects(SCHEMAS[f"{name}.json"]):
        assert "additionalProperties" in schema
        assert schema["additionalProperties"] is not True


@pytest.mark.parametrize("file", EXAMPLES)
def test_the_examples_are_right_by_server_and_schema(file):
    """Every document of the founding example and of the example apps is right by itself."""
    document, value = BY_FILE[file.name], json.loads(file.read_text(encoding="utf-8"))
    document.root.check(value)
    assert accepted_by_schema(document, value)


def nodes(value, at=()):
    """The path of every value inside a value."""
    yield at
    for step, below in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from nodes(below, (*at, step))


SCALARS = [None, True, False, 0, 1, -1, 5.0, 0.5, 101, 10**7, "", "x", "Not A Name", "mon", "burger", "45m"]
TEXTS = ["08:30", "25:00", "2026-12-31", "en", "x" * 3000]
LISTS = [[], ["x"], ["x", "x"], [None], [1, 2], [0, 0.5], [[]], ["checkout", 0, 0.5]]
OBJECTS = [{}, {"x": 1}, {"en": "text"}, {"zz-": "text"}, {"": 1}, {"text": {"type": "tags"}}]
CONDITIONS = [
    {"$in": []},
    {"$in": ["x"]},
    {"$nope": 1},
    {"a.b": {"$gte": 1, "$lt": 2}},
    {"$or": []},
    {"$or": [{"a": 1}]},
    {"$not": {"a": {"$not": {"$in": [1]}}}},
    {"a": {"$elemMatch": {"$regex": "x"}}},
    {"a": {"$elemMatch": {"$not": {"b": 1}}}},
    {"a": {"$elemMatch": {"b": {"$gt": 1}}}},
    {"a": {"$size": {"$gte": 1}}},
    {"a": {}},
    {"a": {"b": 1}},
    {"a": [[1]]},
    {"a": {"$exists": 1}},
    {"a": {"$type": "list"}},
]
SUBSTITUTES = [*SCALARS, *TEXTS, *LISTS, *OBJECTS, *CONDITIONS]


@settings(max_examples=examples(250), deadline=None)
@given(st.data())
def test_server_and_schema_judge_every_mutation_alike(data):
    """Whatever is replaced, removed or added in an example, both accept it or both refuse it."""
    file = data.draw(
        st.sampled_from([parameter.values[0] for parameter in EXAMPLES if "founding" in parameter.id])
    )
    document, value = BY_FILE[file.name], copy.deepcopy(json.loads(file.read_text(encoding="utf-8")))
    path = data.draw(st.sampled_from(list(nodes(value))))
    kind = data.draw(st.sampled_from(["replace", "remove", "add"]))
    substitute = data.draw(st.sampled_from(SUBSTITUTES))
    holder = value
    for step in path[:-1]:
        holder = holder[step]
    if not path:
        value = substitute
    elif kind == "replace":
        holder[path[-1]] = substitute
    elif kind == "remove":
        del holder[path[-1]]
    elif isinstance(holder, dict):
        holder[
            data.draw(st.sampled_from(["$schema", "extra", "description", "audience", "_", "condition"]))
        ] = substitute
    else:
        holder.append(substitute)
    assert accepted_by_server(document, value) == accepted_by_schema(document, value)
