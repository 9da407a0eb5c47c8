"""The example apps show for ten searches each what their golden files say, word for word."""

from __future__ import annotations

import pytest
from tests.examples.first_screens import GOLDEN, SEARCHES, golden_path, screen_text

HOW = "where that is meant: python -m tests.examples.first_screens, and judge the difference"
ALL = [(app, name) for app, searches in SEARCHES.items() for name in searches]


@pytest.mark.parametrize(("app", "name"), ALL)
def test_a_first_screen_is_as_it_was(app, name):
    """What is understood, what is shown in which order, and every reason for it."""
    assert screen_text(app, SEARCHES[app][name]) == golden_path(app, name).read_text("utf-8"), HOW


def test_each_app_has_ten_searches():
    """No golden file is left of a search that is asked no more."""
    assert all(len(searches) == 10 for searches in SEARCHES.values())
    assert {path.relative_to(GOLDEN).as_posix() for path in GOLDEN.rglob("*.txt")} == {
        f"{app}/{name}.txt" for app, name in ALL
    }
