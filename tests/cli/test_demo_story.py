import shlex

import click
import httpx
import pytest

from herenow.cli.demo import playing, telling
from herenow.cli.demo.command import EXAMPLE
from herenow.cli.demo.running import free_port
from herenow.cli.demo.seeding import seed
from herenow.errors import Unavailable
from herenow.resources import example

FOLDER = example(EXAMPLE)


@pytest.fixture
def seeded(at_server):
    """The example published at a server."""
    return seed(at_server.services, FOLDER)


@pytest.fixture
def http(at_server):
    """A phone's way to it."""
    with httpx.Client(base_url=at_server.url, trust_env=False) as client:
        yield client


def test_seeding_again_changes_nothing(at_server, seeded):
    """A kept folder is taken up where it was: same key, same release, same catalogue."""
    before = at_server.services.publishing.live(seeded.scope)
    assert seed(at_server.services, FOLDER) == seeded
    assert at_server.services.publishing.live(seeded.scope) == before


def test_two_people_stand_behind_the_release(at_server, seeded):
    """One made it and another approved it, as the policy asks."""
    release = at_server.services.releases.get(seeded.scope, 1)
    assert [each.by for each in release.approvals] != [release.created_by]


def test_the_story_tells_what_the_phone_got_and_why(at_server, seeded, http):
    """The search, what was understood, the title and its rule, the items and their reasons."""
    install = playing.first_install(FOLDER)
    text = playing.searched_text(install)
    parsed = playing.parse_ms(text, at_server.services.serving.current(seeded.scope))
    launch = playing.play(http, seeded.publishable_key, install)
    told = click.unstyle("\n".join(telling.told(telling.Story("Bites", text, parsed, launch, "home_feed"))))
    assert 'found by searching  "burger joints in kandivali west".' in told
    assert "category burger · place Kandivali West (2 km)" in told
    assert "because rule 'searched' matched" in told
    assert "     1  " in told
    assert "matches the search, in the place" in told
    assert "KB gzipped · release 1" in told


def test_a_phone_without_a_search_gets_a_story_too(seeded, http):
    """It says that nothing was searched and what comes first then."""
    install = playing.without_search(playing.first_install(FOLDER))
    launch = playing.play(http, seeded.publishable_key, install)
    told = click.unstyle("\n".join(telling.told(telling.Story("Bites", None, None, launch, "home_feed"))))
    assert "no search" in told
    assert "what is popular comes first" in told


def test_an_answer_that_is_no_launch_is_told(http):
    """A wrong key ends the demo with the server's own words."""
    with pytest.raises(Unavailable, match="answered 401"):
        playing.play(http, "pk_wrong", playing.first_install(FOLDER))


def test_the_printed_commands_are_for_a_shell():
    """Split as a shell does, the body is one argument; the emulator's address is shown."""
    lines = list(telling.next_steps("127.0.0.1", 8080, "pk_x", "Bites"))
    commands = [shlex.split(line) for line in lines if line.startswith("    curl")]
    assert [each[-1].startswith(("{", "http")) for each in commands] == [True, True]
    assert any("http://10.0.2.2:8080" in line for line in lines)


def test_another_port_is_taken_when_the_default_is_in_use(at_server):
    """The demo runs beside whatever runs already."""
    taken = int(at_server.url.rpartition(":")[2])
    assert free_port("127.0.0.1", taken) != taken
