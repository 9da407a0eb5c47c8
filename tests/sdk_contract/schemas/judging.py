"""The JSON Schemas of manifest and parts, and who else judges the same documents."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from herenow.authoring.parts import Part, compile_parts
from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.device.jws import Refused
from herenow_sdk.core.device.manifest import read_manifest
from herenow_sdk.core.place.tiles import read_tile

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "schemas" / "contract"
SCHEMAS: dict[str, Any] = {
    file.relative_to(FOLDER).with_suffix("").as_posix(): json.loads(file.read_text(encoding="utf-8"))
    for file in sorted(FOLDER.rglob("*.json"))
}
REGISTRY = Registry().with_resources(
    (schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values()
)
VALIDATORS = {name: Draft202012Validator(schema, registry=REGISTRY) for name, schema in SCHEMAS.items()}

Place = tuple[str | int, ...]

_JUDGED_ELSEWHERE = {"condition", "candidates", "audience", "serving_set"}
"""Members whose inside other rules judge: conditions (chapter 6), and what a serving set says."""


def is_accepted(name: str, document: Any) -> bool:
    """Whether the schema of this name finds no fault."""
    return VALIDATORS[name].is_valid(document)


def is_dropped(name: str, document: Any) -> bool:
    """Whether the evaluator refuses the document or leaves out something of it.

    What it tells of conditions and of weights that it does not know is not asked of a schema.
    """
    if name == "manifest":
        try:
            return bool(read_manifest("k1", json.dumps(document).encode()).dropped)
        except Refused:
            return True
    if name == "tile":
        return read_tile(document["tile"], [document]).fences.keys() != document["fences"].keys()
    _, diagnostics = parse_bundle({name.removeprefix("parts/"): document})
    return any("condition" not in each.record and "weights/" not in each.record for each in diagnostics)


def compiled(app: str) -> tuple[Part, ...]:
    """The parts of an example as a release holds them."""
    folder = ROOT / "examples" / app
    files = [*folder.glob("*.json"), *folder.glob("*.geojson")]
    return compile_parts({file.name: json.loads(file.read_text(encoding="utf-8")) for file in files})


def objects_of(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema in a schema that has properties of its own."""
    if isinstance(schema, dict):
        if {"properties", "description", "type"} <= schema.keys():
            yield schema
        for key, below in schema.items():
            if key not in {"if", "oneOf"}:
                yield from objects_of(below)
    elif isinstance(schema, list):
        for below in schema:
            yield from objects_of(below)


def pointers(value: Any, at: Place = ()) -> Iterator[Place]:
    """Every place in a document that its schema judges, the outer before the inner."""
    if at:
        yield at
    if at and at[-1] in _JUDGED_ELSEWHERE:
        return
    members = (
        value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
    )
    for key, below in members:
        yield from pointers(below, (*at, key))


def found(document: Any, at: Place) -> Any:
    """What stands at a place."""
    for key in at:
        document = document[key]
    return document


def replaced(document: Any, at: Place, value: Any) -> Any:
    """A copy with another value at one place."""
    changed = copy.deepcopy(document)
    found(changed, at[:-1])[at[-1]] = value
    return changed


def without(document: Any, at: Place) -> Any:
    """A copy that lacks one member or element."""
    changed = copy.deepcopy(document)
    del found(changed, at[:-1])[at[-1]]
    return changed
