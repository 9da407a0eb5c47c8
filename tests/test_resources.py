import pytest

from herenow.errors import NotFound
from herenow.resources import example, resource


def test_examples_and_schemas_are_found():
    """In a checkout and in a wheel alike."""
    assert (example("bites") / "app.json").is_file()
    assert (resource("schemas") / "app.json").is_file()


def test_what_is_not_shipped_is_told():
    """With what to do about it."""
    with pytest.raises(NotFound, match="not part of this installation"):
        resource("examples", "nothing")
