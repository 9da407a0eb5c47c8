import json

from tests.cli.places import run


def test_the_openapi_document_is_printed_written_and_checked(tmp_path):
    """One text in three ways; a file that says something else has drifted."""
    path = tmp_path / "openapi.json"
    run("openapi", "--write", path)
    assert run("openapi", "--check", path).stdout == ""
    printed = run("openapi").stdout
    assert printed == path.read_text()
    assert "/v1/installations" in json.loads(printed)["paths"]
    path.write_text("{}")
    assert "make openapi" in run("openapi", "--check", path, expect=1).stderr


def test_schemas_are_written_and_checked(tmp_path):
    """One file a document; a missing one is drift too."""
    run("schemas", "--write", tmp_path)
    run("schemas", "--check", tmp_path)
    (tmp_path / "app.json").unlink()
    assert "app.json" in run("schemas", "--check", tmp_path, expect=1).stderr


def test_schemas_need_a_folder():
    """Printing ten documents helps nobody."""
    run("schemas", expect=2)
