import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.cli.places import run

from herenow.cli.simulate.command import check
from herenow.cli.simulate.staging import staged
from herenow.settings import Settings
from herenow.simulation.days import World
from herenow.simulation.people import Fate, populate

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """Five days of a dozen people on Bites: the stage and the world."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("lived"), documents="memory")
    with staged(settings, EXAMPLES / "bites", chance=3) as stage:
        people = list(populate(stage.around.scenery, 12, 5, 3))
        people[0] = replace(people[0], fate=Fate.ERASES, until=3)
        people[1] = replace(people[1], fate=Fate.STAYS, consent={**people[1].consent, "location": "denied"})
        world = World.of(stage.around, people, 3)
        for day in range(5):
            world.live(day)
        yield stage, world


def test_everybody_comes_and_tells_what_they_do(lived):
    """Nobody is left out; nothing but a lost answer makes a repeat; nothing is refused but for consent."""
    _, world = lived
    told = [phone.told for life in world.lives for phone in life.phones]
    assert all(life.phones for life in world.lives)
    assert sum(each.accepted for each in told) > 200
    assert {code for each in told for code in each.refused} == {"CONSENT_DENIED"}


def test_nothing_is_kept_against_a_will_and_nothing_of_the_erased(lived):
    """Though their phones told it all."""
    stage, world = lived
    denying = next(life for life in world.lives if life.person.number == 1)
    assert sum(phone.told.refused.get("CONSENT_DENIED", 0) for phone in denying.phones) > 0
    checked = check(stage, world)
    assert checked.consent.beacons > 0
    assert checked.consent.violations == 0
    assert checked.erased == sum(each.person.fate is Fate.ERASES for each in world.lives) > 0
    assert checked.left == 0
    assert world.receipts[0]["receipt"]["records"] > 0


def test_people_react_to_the_order_they_are_given(lived):
    """Most taps of the personal order are near its top."""
    _, world = lived
    came = [each.came for each in world.outcomes if not each.control]
    assert sum(each.seen for each in came) > 100
    assert any(each.tapped for each in came)


def test_the_same_seed_tells_the_same_report():
    """In another run, with another store; another seed tells another one."""
    arguments = ("simulate", "--people", "5", "--days", "2", "--seed")
    one, again, other = (run(*arguments, seed).stdout for seed in ("5", "5", "6"))
    assert one == again
    assert one != other
    assert "5 people live 2 days on Bites" in one


def test_progress_is_told_day_by_day_beside_the_report(tmp_path):
    """On standard error; the report goes where it is wanted."""
    report = tmp_path / "learned.md"
    told = run("simulate", "--people", "2", "--days", "2", "--report", str(report))
    assert len(re.findall(r"day +\d of 2", told.stderr)) == 2
    assert not told.stdout
    assert "week by week" in report.read_text(encoding="utf-8")


def test_an_app_of_another_field_is_lived_on_as_well():
    """Films lie nowhere: nobody has a place, and nobody walks into a fence."""
    told = run("simulate", "--app", str(EXAMPLES / "reels"), "--people", "3", "--days", "2").stdout
    assert "3 people live 2 days on Reels" in told


def test_an_app_where_nothing_can_be_liked_is_refused(tmp_path):
    """With what it lacks."""
    app = tmp_path / "bare"
    run("new", str(app))
    (app / "catalog.csv").unlink()
    told = run("simulate", "--app", str(app), "--people", "1", "--days", "1", expect=1)
    assert "NOTHING_TO_LIKE" in told.stderr or "nobody can live" in told.stderr
