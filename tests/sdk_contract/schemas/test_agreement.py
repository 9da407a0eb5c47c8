"""The JSON Schemas of manifest and parts are of one mind with the server, the evaluator and the vectors."""

import copy
import json
from collections.abc import Mapping
from typing import Any

import pytest
from tests.sdk_contract.schemas.judging import (
    ROOT,
    SCHEMAS,
    VALIDATORS,
    Place,
    compiled,
    found,
    is_accepted,
    is_dropped,
    objects_of,
    pointers,
    replaced,
    without,
)
from tests.sdk_contract.schemas.specimens import SPECIMENS

from herenow.authoring.audit import Audit
from herenow.authoring.documents import DOCUMENTS
from herenow.authoring.manifest import ManifestSigner
from herenow.authoring.packaging import package_of
from herenow.authoring.publishing import Publishing
from herenow.authoring.releases import Releases
from herenow.authoring.validation import require_valid, validate
from herenow.identity.keyring import KeyRing
from herenow.scope import Scope
from herenow.storage.memory import MemoryBlobs, MemoryDocuments
from herenow.storage.ports import Blobs
from herenow_sdk.core.device.jws import decode

VECTORS = ROOT / "sdk_contract" / "vectors" / "v1"

ANYTHING = {
    "default",
    "defaultValue",
    "force",
    "variations/*",
    "contextualVariations/*",
    "hashValue",
    "leafId",
    "banditVersion",
    "kind",
    "staff/*",
    "values/*",
}
"""Ends of the places at which any JSON may stand: values of the app, and what is told as it came."""
MAPS = {
    *("weights", "features", "savedGroups", "contextualBandits", "placements", "campaigns", "offers"),
    *("facets", "sources", "google_ads", "category"),
}
"""Objects from names to records, in which every member is a record."""
STRANGE = (None, 7, -1, 0.5, "", [], 2**60)
"""Values of every type, at the edges of what is meant."""
STRICTER = {
    "PRS-0003": "an empty part is no fault to a device, but nobody means to publish one",
    "PRS-0014": "members that a rule does not use are not judged by a device",
    "PRS-0019": "groups of another type count as none, and are not told",
}
LAXER = {
    "PRS-0020": "what a condition means is not judged by the schema",
    "PPA-0007": "a weight that a newer server knows is told and ignored",
    "PPA-0008": "likewise, whatever it is",
}
REPEATED = {"MAN-0052"}
"""Vectors in which an entry of a list stands twice, which no schema says."""


def ends_in(at: Place, ends: set[str]) -> bool:
    """Whether a place is one of those, an index written as ``*``."""
    words = ["*" if isinstance(key, int) else key for key in at]
    return words[-1] in ends or "/".join(words[-2:]) in ends


def is_map(name: str, at: Place) -> bool:
    """Whether every member there is a record or a weight, whatever it is called."""
    return ends_in(at, MAPS) or (name, at) == ("tile", ("fences",))


def is_compared(at: Place) -> bool:
    """Whether a place is also judged beside another, which no schema says: instants, the ends of a ring."""
    ring = at[3:6] == ("geometry", "coordinates", 0) or at[2:4] == ("polygon", 0)
    return ring or at[-1] == "expires_at"


def vectors(operation: str) -> list[Any]:
    """Every case of an operation, by its id."""
    suites = [json.loads(file.read_text(encoding="utf-8")) for file in VECTORS.glob("*.json")]
    cases = [case for suite in suites if suite["operation"] == operation for case in suite["cases"]]
    return [pytest.param(case, id=case["id"]) for case in cases]


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_specimen_holds_every_member_and_is_accepted(name):
    """The documents that the tests below change hold whatever the schema describes."""
    VALIDATORS[name].validate(SPECIMENS[name])
    assert not is_dropped(name, SPECIMENS[name]) or name == "package"
    held = {at[-1] for at in pointers(SPECIMENS[name])} | {"condition"}
    for node in objects_of(SCHEMAS[name]):
        assert set(node["properties"]) <= held


@pytest.mark.parametrize("app", ["bites", "reels"])
def test_what_is_compiled_from_an_example_is_accepted(app):
    """Every part of both examples, byte for byte as a device fetches it."""
    for part in compiled(app):
        VALIDATORS[f"parts/{part.name}"].validate(json.loads(part.content))


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_value_of_another_type_is_refused_at_every_place(name):
    """Of every member and element in turn, except where any JSON may stand."""
    for at in pointers(SPECIMENS[name]):
        if not ends_in(at, ANYTHING):
            wrong = 7 if isinstance(found(SPECIMENS[name], at), bool) else True
            assert not is_accepted(name, replaced(SPECIMENS[name], at, wrong)), at


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_missing_member_is_refused_exactly_where_something_needs_it(name):
    """Left out one by one: what the schema accepts without a member, the evaluator reads without it too."""
    refused = set()
    for at in pointers(SPECIMENS[name]):
        if isinstance(at[-1], int):
            continue
        changed = without(SPECIMENS[name], at)
        if not is_accepted(name, changed):
            refused.add(at[-1])
        elif name != "package":
            assert not is_dropped(name, changed), at
    required = {member for node in objects_of(SCHEMAS[name]) for member in node.get("required", ())}
    assert refused >= required


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in SCHEMAS if name != "package"])
def test_the_evaluator_reads_whatever_is_accepted(name):
    """No value that the schema lets stand makes a device drop something, and unknown members never do."""
    for at in pointers(SPECIMENS[name]):
        for value in STRANGE:
            changed = replaced(SPECIMENS[name], at, value)
            if is_accepted(name, changed) and not is_compared(at):
                assert not is_dropped(name, changed), (at, value)
        if isinstance(found(SPECIMENS[name], at), dict) and not is_map(name, at):
            changed = copy.deepcopy(SPECIMENS[name])
            found(changed, at)["said_by_a_newer_server"] = {"a": 1}
            assert is_accepted(name, changed), at


@pytest.mark.parametrize("case", vectors("parse"))
def test_the_vectors_of_parsing_are_judged_alike(case):
    """A part of which a vector says that something is dropped is refused, any other accepted."""
    given = case["given"]
    accepted = VALIDATORS[f"parts/{given['part']}"].is_valid(given["content"])
    dropped = bool(case["expect"]["dropped"])
    assert accepted is (case["id"] in LAXER if dropped else case["id"] not in STRICTER)


@pytest.mark.parametrize("case", vectors("evaluate"))
def test_the_parts_of_whole_evaluations_are_judged_alike(case):
    """A part of which the evaluator uses everything is accepted; one of which it drops something is not."""
    parts = case["given"]["parts"].items() if isinstance(case["given"].get("parts"), dict) else ()
    for part, content in parts:
        name = f"parts/{part}"
        if name in SCHEMAS and case["id"] not in STRICTER:
            assert is_accepted(name, content) is not is_dropped(name, content), part


@pytest.mark.parametrize("case", vectors("tile"))
def test_the_vectors_of_tiles_are_judged_alike(case):
    """A document of which a device uses everything is accepted; one of which it drops a fence is not."""
    for document in case["given"].get("documents", ()):
        if isinstance(document, dict) and document["shard"] < document["shards"]:
            assert is_accepted("tile", document) is not is_dropped("tile", document), document


@pytest.mark.parametrize("case", vectors("manifest"))
def test_the_vectors_of_manifests_are_judged_alike(case):
    """A payload that a device takes without dropping anything is accepted; one that it drops of is not."""
    if "expect" in case:
        payload = json.loads(decode(case["given"]["text"].split(".")[1]) or b"")
        whole = not case["expect"]["dropped"] or case["id"] in REPEATED
        assert VALIDATORS["manifest"].is_valid(payload) is whole


@pytest.mark.parametrize("app", ["bites", "reels"])
def test_what_a_server_signs_and_packs_is_accepted(app):
    """The manifest in force of each example, with a capability switched off, and the package of it."""
    publishing, blobs, scope = published(app)
    package = package_of(publishing, blobs, scope, "3.2.0")
    VALIDATORS["package"].validate(package)
    VALIDATORS["manifest"].validate(json.loads(decode(package["manifest"].split(".")[1]) or b""))


def clock() -> float:
    """The time of the server."""
    return 1_800_000_000.0


def published(app: str) -> tuple[Publishing, Blobs, Scope]:
    """An example, live on a server that keeps everything in memory."""
    documents, blobs, scope = MemoryDocuments(clock), MemoryBlobs(), Scope(app, "staging")
    audit = Audit(documents, clock=clock)
    releases = Releases(documents, blobs, audit, validate=judged, clock=clock)
    signer = ManifestSigner(KeyRing(documents, bytes(32), clock=clock), clock=clock)
    publishing = Publishing(documents, releases, signer, audit, clock=clock)
    folder = ROOT / "examples" / app
    files = {each.file: folder / each.file for each in DOCUMENTS}
    release = releases.create(
        scope, {name: file.read_bytes() for name, file in files.items() if file.exists()}, by="asha"
    )
    publishing.publish(scope, release.release.number, by="asha")
    publishing.set_kill(scope, ["push"], by="asha", if_match=1)
    return publishing, blobs, scope


def judged(files: Mapping[str, bytes], *, catalog: Any = None) -> Any:
    """The real validation."""
    return require_valid(validate(files, catalog=catalog))
