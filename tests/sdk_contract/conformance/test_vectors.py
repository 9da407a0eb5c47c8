"""The index is the only entry point, and nothing passes it over."""

from __future__ import annotations

import json

import jsonschema
import pytest

from herenow_sdk.conformance import authoring, vectors
from herenow_sdk.conformance.vectors import BadVectors, load, read

pytestmark = pytest.mark.usefixtures("toy_reference")


def test_an_altered_suite_is_told(root, draft) -> None:
    """A suite whose bytes changed since the index was written is no part of the contract."""
    authoring.add(draft(), root)
    path = root / "v1" / "01-hash.json"
    path.write_text(path.read_text().replace("2166136261", "2166136262"))

    with pytest.raises(BadVectors, match="its SHA-256 is not the one in the index"):
        load(root)


def test_a_file_beside_the_index_is_told(root, draft) -> None:
    """A file that no index names cannot look like one that passes."""
    authoring.add(draft(), root)
    (root / "v1" / "99-forgotten.json").write_text("{}")

    with pytest.raises(BadVectors, match="no index names it"):
        load(root)


def test_a_missing_suite_is_told(root, draft) -> None:
    """What the index names has to be there."""
    authoring.add(draft(), root)
    (root / "v1" / "01-hash.json").unlink()

    with pytest.raises(BadVectors, match="it is missing"):
        load(root)


@pytest.mark.parametrize("member", ["count", "operation", "suite", "capability"])
def test_an_index_that_contradicts_a_suite_is_told(root, draft, member) -> None:
    """Count and head of a suite are those in the index."""
    authoring.add(draft(), root)
    index = read(root / "index.json")
    index["suites"][0][member] = {"count": 5, "capability": "place"}.get(member, "other")
    (root / "index.json").write_text(json.dumps(index))

    with pytest.raises(BadVectors, match="differ from the index"):
        load(root)


@pytest.mark.parametrize("text", ["{}", "nonsense", '{"spec": "1.0.0", "suites": [], "more": 1}'])
def test_a_malformed_index_is_told(root, text) -> None:
    """An index that is not one says what is wrong with it."""
    (root / "index.json").write_text(text)

    with pytest.raises(BadVectors, match=r"index\.json"):
        load(root)


def test_the_real_vectors_are_whole() -> None:
    """Ours: every suite as the index states it, and the index as the suites make it."""
    root = vectors.folder()

    assert load(root)
    assert (root / "index.json").read_text() == authoring.index_text(root)


def test_everybodys_validator_agrees() -> None:
    """The published schemas hold for the published files by a complete validator, too."""
    root = vectors.folder()
    suite_schema = jsonschema.Draft202012Validator(read(root / "suite.schema.json"))

    jsonschema.Draft202012Validator(read(root / "index.schema.json")).validate(read(root / "index.json"))
    for path in vectors.suite_files(root):
        suite_schema.validate(read(path))
