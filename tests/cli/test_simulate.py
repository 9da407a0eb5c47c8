import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.cli.places import run

from herenow.cli.simulate.command import check, judge_all, work
from herenow.cli.simulate.gathering import gathered
from herenow.cli.simulate.ledger import ledger_of
from herenow.cli.simulate.staging import staged
from herenow.cli.simulate.telling import chosen, errors, likes, told
from herenow.cli.simulate.timelines import REASONS, stories, story_told, three, winning
from herenow.cli.simulate.witness import best_form, known_of
from herenow.profiles.learned.packing import MAX_BYTES
from herenow.settings import Settings
from herenow.simulation.checking import check_all
from herenow.simulation.comparing import aggregate
from herenow.simulation.contact import Contact
from herenow.simulation.days import World
from herenow.simulation.learned import Known, StatedHabit
from herenow.simulation.outcomes import weekly
from herenow.simulation.people import Fate, populate
from herenow_sdk.core.reasons import MessageReason

EXAMPLES = Path(__file__).parents[2] / "examples"


DAYS = 21
REGULAR = Contact(email=True, past=tuple((before, 45_000) for before in range(60, 0, -2)))
"""Somebody with a mailbox and no push, who has ordered every other day."""


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """Three weeks of fourteen people on Bites: one is erased, two deny something, a regular stays away."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("lived"), documents="memory")
    with staged(settings, EXAMPLES / "bites", chance=3) as stage:
        drawn = populate(stage.around.scenery, 14, DAYS, 3)
        people = [
            replace(each, fate=Fate.STAYS, until=DAYS, consent=dict.fromkeys(each.consent, "granted"))
            for each in drawn
        ]
        people[0] = replace(people[0], fate=Fate.ERASES, until=6)
        people[1] = replace(people[1], consent={**people[1].consent, "location": "denied"})
        people[2] = replace(people[2], consent={**people[2].consent, "personalization": "denied"})
        people[3] = replace(people[3], fate=Fate.LEAVES, until=3, contact=REGULAR)
        people[4] = replace(people[4], zone="Europe/London")
        world = World.of(stage.around, people, 3)
        for day in range(DAYS):
            world.live(day, lambda: work(stage))
        yield stage, world


@pytest.fixture(scope="module")
def judged(lived):
    """What was learned of them, against the truth."""
    return judge_all(*lived, DAYS)


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


def test_what_is_learned_is_what_they_are(judged):
    """Tastes far better than what all like; stated hours, best hours and places nearly always."""
    total = aggregate(judged)
    tastes = [each.taste for each in judged if each.known.evidence >= 5]
    assert len(tastes) >= 5
    assert sum(tastes) / len(tastes) > max(0.3, total.everybody + 0.2)
    assert total.habits_right.of >= 15
    assert total.habits_right.value >= 0.85
    assert total.habits_found.value >= 0.25
    assert total.best_hour.value >= 0.7
    assert total.places.value >= 0.8
    assert 0 < total.largest <= MAX_BYTES


def test_nothing_is_learned_of_those_who_do_not_want_it(lived, judged):
    """Nor does the report speak of them."""
    stage, world = lived
    told = {each.person.number for each in judged}
    unwilling = [life for life in world.lives if not life.person.allows_learning and not life.erased]
    assert unwilling
    for life in unwilling:
        assert life.person.number not in told
        if life.person.consent["personalization"] == "denied":
            assert not known_of(stage, life, world.midnight(DAYS) - 1, 0).tastes


def test_three_are_told_of_with_what_they_really_are(lived, judged):
    """One of them the one who is known worst; what is wrong is said to be."""
    stage, world = lived
    three = chosen(judged)
    assert len({each.person.number for each in three}) == len(three) == 3
    text = "\n".join(told("Bites", world, DAYS, 3, check(stage, world), judged, ledger_of(stage, world)))
    for each in three:
        assert each.person.name in text
        assert likes(stage.around.scenery, each.person) in text
        assert all(error in text for error in errors(stage.around.scenery, each))


def test_the_ledger_knows_every_message_that_was_shown(lived):
    """And why the others were not; nobody is shown one twice."""
    stage, world = lived
    ledger = ledger_of(stage, world)
    assert set(ledger) == {
        "burger_lunch",
        "cart_nudge",
        "first_order",
        "look_around",
        "onboarding",
        "welcome",
        "win_back",
    }
    for name, campaign in ledger.items():
        theirs = {each.message for each in world.said if each.campaign == name}
        gone = {each.message for each in world.said if erased(world, each.person)}
        assert campaign.count("show") >= len(theirs - gone)
        assert sum(campaign.channels.values()) == campaign.count("show")
        assert len(campaign.began) >= campaign.count("show")
    reasons = {reason for each in ledger.values() for _, reason in each.outcomes}
    assert {"AWAITING_EVENT", "FOLLOWED"} <= reasons


def test_promises_about_messages_are_kept(lived):
    """Caps, quiet hours, codes, consent, erasure, control: by what reached people, by no server's rule."""
    stage, world = lived
    promises = {each.name: each for each in check_all(gathered(stage, world))}
    assert not [breach for each in promises.values() for breach in each.breaches]
    assert all(promises[each].of for each in ("caps", "quiet hours", "consent"))
    assert {each.channel for each in world.letters} == {"push", "email"}


def test_what_leaves_reaches_those_whose_address_it_is(lived):
    """Out of the outbox's file: as many letters as pushes and mails were said, none of them lost."""
    _, world = lived
    by_courier = [each for each in world.said if each.channel in {"push", "email"}]
    assert len(by_courier) == len(world.letters) > 0
    assert {each.message for each in by_courier} <= {each.message for each in world.shown} | {
        each.message for each in by_courier if erased(world, each.person)
    }


def test_three_are_told_of_with_what_they_got_and_why_not_more(lived):
    """In their own order of time, each reason in words."""
    stage, world = lived
    told = stories(stage, world)
    chosen_ones = three(told, winning(gathered(stage, world).campaigns))
    assert len({each.life.person.number for each in chosen_ones}) == 3
    for story in chosen_ones:
        text = "\n".join(story_told(story))
        assert story.life.person.name in text
        assert all(each.campaign in text for each in story.said[:5])
        instants = [each.decided_at for each in story.records]
        assert instants == sorted(instants)


def test_every_reason_of_the_contract_is_in_words():
    """So that nobody reads a code."""
    assert {each.value for each in MessageReason} <= REASONS.keys()


def erased(world, number):
    """Whether somebody had themselves forgotten."""
    return world.lives[number].erased


def test_of_one_form_of_offer_nothing_is_said_to_be_best():
    """Whoever was shown percentages alone may like anything."""
    said = best_form({("percentage", "noon"): (4.0, 2.0), ("percentage", "evening"): (1.0, 0.0)})
    both = best_form({("percentage", "noon"): (9.0, 0.0), ("amount", "evening"): (9.0, 6.0)})
    assert said is None
    assert both == "amount"


def test_an_error_is_told_as_one(lived, judged):
    """A taste and a habit that are not so."""
    stage, _ = lived
    one = judged[0]
    least = stage.around.scenery.values[int(one.person.taste.argmin())]
    wrong = Known(tastes={least: 0.9}, habits=(StatedHabit(3, 3, 3),))
    said = list(errors(stage.around.scenery, replace(one, known=wrong)))
    assert f"{least}: hardly liked in truth" in said
    assert "chance, no habit: Mon at 3:00 (3 of 3 weeks)" in said


@pytest.mark.slow
def test_being_personal_pays_and_grows_with_what_is_known(tmp_path):
    """Of a hundred and fifty people: more taps than what is popular gets, better known with more evidence."""
    settings = Settings(data_dir=tmp_path, documents="memory")
    with staged(settings, EXAMPLES / "bites", chance=1) as stage:
        world = World.of(stage.around, populate(stage.around.scenery, 150, DAYS, 1), 1)
        for day in range(DAYS):
            world.live(day)
        total = aggregate(judge_all(stage, world, DAYS))
        checked = check(stage, world)
    last = {each.control: each for each in weekly(world.outcomes) if each.week == 2}
    personal, popular = last[False].through, last[True].through
    assert personal.value > popular.value
    (_, little), (_, some), (_, much) = total.tastes
    assert little < some < much
    assert much > total.everybody + 0.3
    assert total.habits_right.value > 0.9
    assert checked.consent.violations == checked.left == 0
    assert all(each.of and not each.breaches for each in checked.promises)


def test_the_same_seed_tells_the_same_report():
    """In another run, with another store."""
    arguments = ("simulate", "--people", "5", "--days", "2", "--seed")
    one, again = (run(*arguments, "5").stdout for _ in range(2))
    assert one == again
    assert "5 people live 2 days on Bites" in one


def test_progress_is_told_day_by_day_beside_the_report(tmp_path):
    """On standard error; the report goes where it is wanted."""
    report = tmp_path / "learned.md"
    told = run("simulate", "--people", "2", "--days", "2", "--report", str(report))
    assert len(re.findall(r"day +\d of 2", told.stderr)) == 2
    assert not told.stdout
    written = report.read_text(encoding="utf-8")
    assert "week by week" in written
    assert (written[:8], written[-5:]) == ("```text\n", "\n```\n")  # in columns, whatever shows it


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


def test_a_folder_that_holds_something_is_not_lived_into_again(tmp_path):
    """The same people would come twice, and nothing would be told of what happened."""
    (tmp_path / "documents.sqlite").touch()
    told = run("simulate", "--people", "1", "--days", "1", "--keep", str(tmp_path), expect=2)
    assert "needs an empty folder" in told.stderr
