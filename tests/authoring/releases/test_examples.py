from pathlib import Path

import pytest

from herenow.authoring.documents import DOCUMENTS
from herenow.authoring.releases import Releases
from herenow.authoring.validation import require_valid, validate
from herenow.scope import Scope
from herenow_sdk.core.bundle import parse_bundle

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.mark.parametrize("app", ["bites", "reels"])
def test_an_example_becomes_a_release_that_a_device_understands(rooms, app):
    """Judged by the real validation, compiled, and read by the evaluator without dropping a record."""
    paths = {document.file: EXAMPLES / app / document.file for document in DOCUMENTS}
    files = {name: path.read_bytes() for name, path in paths.items() if path.exists()}
    releases = Releases(
        rooms.documents,
        rooms.blobs,
        rooms.audit,
        validate=lambda files, catalog=None: require_valid(validate(files, catalog=catalog)),
        clock=rooms.clock,
    )
    release = releases.create(Scope(app, "staging"), files, by="asha").release
    documents = releases.documents(Scope(app, "staging"), release.number)
    bundle, diagnostics = parse_bundle(releases.parts(Scope(app, "staging"), release.number))
    assert diagnostics == ()
    assert set(bundle.features) == set(documents["features.json"]) - {"$schema"}
    assert set(bundle.placements) == set(documents["app.json"]["placements"])
    assert releases.files(Scope(app, "staging"), release.number) == files
