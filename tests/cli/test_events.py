from tests.cli.places import run


def test_what_is_too_old_is_forgotten_on_this_machine(here):
    """With the counts of what went; a store without an app has nothing to forget."""
    assert "0 records of 0 installations" in here("events", "expire", "--app", "small-app").stdout


def test_it_works_on_the_stores_themselves():
    """A server elsewhere is told so."""
    told = run("events", "expire", "--app", "x", "--server", "http://127.0.0.1:9", "--token", "t", expect=2)
    assert "without --server" in told.stderr
