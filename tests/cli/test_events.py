import pytest
from tests.cli.places import run


def test_what_is_too_old_is_forgotten_on_this_machine(here):
    """With the counts of what went; a store without an app has nothing to forget."""
    assert "0 records of 0 logs" in here("events", "expire", "--app", "small-app").stdout


def test_it_works_on_the_stores_themselves():
    """A server elsewhere is told so."""
    told = run("events", "expire", "--app", "x", "--server", "http://127.0.0.1:9", "--token", "t", expect=2)
    assert "without --server" in told.stderr


def test_a_log_is_exported_from_this_machine(here, tmp_path):
    """An empty one as no file; days are checked as they are read."""
    pytest.importorskip("pyarrow", reason="the learn extra is not installed")
    told = here("events", "export", "--app", "small-app", "--to", tmp_path / "out")
    assert "app=small-app/environment=production" in told.stdout
    assert "There is no record of small-app/production" in told.stderr
    wrong = here("events", "export", "--app", "a", "--to", tmp_path, "--from-day", "soon", expect=2)
    assert "is not a day" in wrong.stderr


def test_profiles_are_learned_again_or_held_against_their_log(here):
    """Of nobody there is nothing to say; who is named and not there is told."""
    assert (
        "0 profiles of small-app/production, 0 records: 0 differ."
        in here("events", "replay", "--app", "small-app", "--check").stdout
    )
    missing = here("events", "replay", "--app", "small-app", "--installation", "x", expect=1)
    assert "no installation 'x'" in missing.stderr
    user = here("events", "replay", "--app", "small-app", "--user", "u", expect=1)
    assert "your backend told nothing of user 1 in small-app/production" in user.stderr
