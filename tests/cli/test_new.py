import json

import pytest
from tests.cli.places import run

from herenow.cli.new import app_name


def test_a_new_app_is_called_after_its_folder_and_names_its_schemas(tmp_path):
    """Every document points at a schema that lies beside it, so that editors need no network."""
    folder = tmp_path / "My Reading App"
    run("new", folder)
    assert json.loads((folder / "app.json").read_text())["app"] == "my-reading-app"
    for path in folder.glob("*.json"):
        schema = json.loads((folder / json.loads(path.read_text())["$schema"]).read_text())
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_a_new_app_is_valid_previewed_and_published(here, tmp_path):
    """The commands that `new` prints work one after the other."""
    folder = tmp_path / "fresh"
    told = run("new", folder).stdout
    for line in told.splitlines()[1:]:
        here(*line.split()[1:])


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    """Nothing is overwritten."""
    (tmp_path / "notes.txt").write_text("mine")
    assert "is not empty" in run("new", tmp_path, expect=1).stderr
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]


def test_an_empty_folder_is_fine(tmp_path):
    """One that was just made."""
    (tmp_path / "empty").mkdir()
    run("new", tmp_path / "empty")


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("Shop", "shop"),
        ("my_app.v2", "my-app-v2"),
        ("2024", "my-app"),
        ("日本", "my-app"),
        ("a" * 60, "a" * 40),
    ],
)
def test_names_of_folders_become_names_of_apps(folder, name):
    """Lower case, digits and hyphens; a fixed name when nothing of it can be used."""
    assert app_name(folder) == name
