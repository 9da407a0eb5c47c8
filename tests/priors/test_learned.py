"""What is learned of an app of people whose habits are known, and what is kept out."""

import zlib
from datetime import date, timedelta

import numpy as np
import pytest
from tests.priors.conftest import DAYS, SCOPE, facets_of, record

from herenow.errors import Invalid
from herenow.learning.best_time import best_times
from herenow.learning.model import Model
from herenow.learning.model_file import to_bytes
from herenow.priors.checking import Score
from herenow.priors.counting import Asides, counting, days_in
from herenow.priors.export import export
from herenow.priors.fitting import fit
from herenow.priors.learned import Live, _opponent, learn, table

pytest.importorskip("duckdb", reason="the learn extra is not installed")
pytest.importorskip("pyarrow", reason="the learn extra is not installed")

PEOPLE = 100
FIRST = date(2026, 11, 8)
ASIDES = Asides({"half": "percentage"}, [(f"person-{n:03d}", "source:ads") for n in range(0, PEOPLE, 4)])


def exported(log, folder):
    """The folder of days of a log."""
    return export(log, SCOPE, folder, facets_of=facets_of)


@pytest.fixture(scope="module")
def days(logged, tmp_path_factory):
    """The export of everybody."""
    return exported(logged(PEOPLE), tmp_path_factory.mktemp("export"))


@pytest.fixture(scope="module")
def learned(days):
    """What is learned of it, beside nothing."""
    return learn(days, ASIDES, Live())


def test_tastes_are_shares_of_people(learned):
    """Three of four like burgers; among those who came by ads nobody does."""
    assert learned.model.people == PEOPLE
    assert learned.model.facets == {"category": {"burger": 768, "dosa": 256}}
    assert learned.model.segments == {"source:ads": {"category": {"dosa": 1024}}}


def test_hours_are_those_of_the_habits(learned):
    """Most are there at noon, the rest at eight; on a channel of its own when its messages are answered."""
    hours = best_times(np.zeros((1, 168)), learned.model.times_of("app")).reshape(7, 24).sum(axis=0)
    assert hours.argmax() == 12
    assert hours[12] + hours[8] > 0.5
    push = best_times(np.zeros((1, 168)), learned.model.times_of("push")).reshape(7, 24).sum(axis=0)
    assert push.argmax() == 11


def test_places_know_what_follows(learned):
    """From home to work; weights are fitted and sum to one."""
    places = learned.model.places
    assert set(places.visits) == {"home", "work"}
    assert max(places.steps["home"], key=places.steps["home"].get) == "work"
    assert sum(places.weights["*"]) == pytest.approx(1, abs=1e-5)


def test_neighbours_are_of_the_same_kind(learned):
    """Who taps burgers of one half taps the others of it."""
    near = dict(learned.model.items.neighbours["burger-1"])
    assert set(near) <= {f"burger-{n}" for n in range(6)} - {"burger-1"}
    assert all(1 <= weight <= 1024 for weight in near.values())


def test_how_often_goals_return(learned):
    """Every fourth day, in every category; of people who are all alike no BG/NBD can be fitted."""
    returning = learned.model.returning
    assert returning.usual_days == pytest.approx(4)
    assert returning.usual_of("burger") == pytest.approx(4)
    assert returning.purchases is None


def test_offers_count_what_was_answered(learned):
    """Every third answers."""
    ((arm, (shown, answered)),) = learned.model.offers.items()
    assert arm == ("percentage", "morning")
    assert answered / shown == pytest.approx(1 / 3, abs=0.02)


def test_what_fewer_than_twenty_do_is_left_out(logged, tmp_path):
    """A taste, place, step, item, channel or offer of nineteen people is in no model; of twenty, it is."""
    for people, there in ((19, False), (20, True)):
        log = logged(20)
        for number in range(people):
            who = f"person-{number:03d}"
            rare = [
                record(who, 14, 20, "item_tap", item="rare-1"),
                record(who, 14, 21, "fence_entered", "geo", fence="club"),
                record(who, 14, 22, "opened", "message", offer="tiny", campaign="c", channel="sms"),
                record(who, 14, 22, "shown", "message", offer="tiny", campaign="c", channel="sms"),
                record(who, 1, 22, "opened", "message", offer="tiny", campaign="c", channel="sms"),
            ]
            log.append(SCOPE.partition(f"beacons#{who}"), rare)
        days = exported(log, tmp_path / str(people))
        asides = Asides({"half": "percentage", "tiny": "free_item"})
        with counting(list(days_in(days).values()), asides) as counts:
            model = fit(counts, (FIRST, FIRST + timedelta(DAYS)))
        found = (
            "rare" in model.facets.get("category", {}),
            "club" in model.places.visits,
            "club" in model.places.steps.get("work", {}),
            "rare-1" in model.items.people,
            "sms" in model.times,
            ("free_item", "night") in model.offers,
        )
        assert found == (there,) * len(found), people


def test_a_person_with_two_devices_is_one(logged, tmp_path):
    """Twenty installations of ten people are too few; of twenty people on forty everything is counted."""
    everything = list(days_in(exported(logged(40), tmp_path / "forty")).values())
    ten = {f"person-{n:03d}": f"pseudonym-{n // 2:03d}" for n in range(20)}
    twenty = {f"person-{n:03d}": f"pseudonym-{n % 20:03d}" for n in range(40)}
    span = (FIRST, FIRST + timedelta(DAYS))
    few = exported(logged(20), tmp_path / "twenty")

    with counting(list(days_in(few).values()), Asides({})) as counts:
        assert fit(counts, span).people == 20
    with counting(list(days_in(few).values()), Asides({}, persons=ten)) as counts:
        assert fit(counts, span).version == Model.EMPTY.version
    with counting(everything, Asides({"half": "percentage"}, persons=twenty)) as counts:
        model = fit(counts, span)
    assert model.people == 20
    assert set(model.places.visits) == {"home", "work"}


def test_what_a_person_does_on_two_devices_is_one_persons(logged, tmp_path):
    """A taste, a place, an item, a channel, an offer of ten people on two devices each stay unpublished."""
    log = logged(40)
    for number in range(20):
        who = f"person-{number:03d}"
        rare = [
            record(who, 14, 20, "item_tap", item="rare-1"),
            record(who, 14, 21, "fence_entered", "geo", fence="club"),
            record(who, 14, 22, "opened", "message", offer="tiny", campaign="c", channel="sms"),
            record(who, 14, 22, "shown", "message", offer="tiny", campaign="c", channel="sms"),
            record(who, 1, 22, "opened", "message", offer="tiny", campaign="c", channel="sms"),
        ]
        log.append(SCOPE.partition(f"beacons#{who}"), rare)
    files = list(days_in(exported(log, tmp_path)).values())
    segments = [(f"person-{n:03d}", "source:ads") for n in range(20)]
    for persons, there in (({}, True), ({f"person-{n:03d}": f"p-{n // 2:03d}" for n in range(20)}, False)):
        asides = Asides({"half": "percentage", "tiny": "free_item"}, segments, persons)
        with counting(files, asides) as counts:
            model = fit(counts, (FIRST, FIRST + timedelta(DAYS)))
        found = (
            "rare" in model.facets.get("category", {}),
            "rare" in model.segments.get("source:ads", {}).get("category", {}),
            "club" in model.places.visits,
            "club" in model.places.steps.get("work", {}),
            "rare-1" in model.items.people,
            "sms" in model.times,
            ("free_item", "night") in model.offers,
        )
        assert found == (there,) * len(found), persons


def test_of_too_few_people_nothing_is_learned(logged, tmp_path):
    """It says so; of nobody at all too."""
    with pytest.raises(Invalid) as told:
        learn(exported(logged(19), tmp_path / "few"), ASIDES, Live())
    assert told.value.code == "TOO_FEW_PEOPLE"
    with pytest.raises(Invalid):
        learn(tmp_path / "none", ASIDES, Live())


def test_nobody_can_be_read_out_of_a_model(learned):
    """No id of a person is in its bytes."""
    assert b"person-" not in zlib.decompress(to_bytes(learned.model)[8:])


def test_the_same_log_gives_the_same_model(days, learned):
    """To the last bit; and there is nothing to judge when it is live already."""
    again = learn(days, ASIDES, Live(learned.model, FIRST + timedelta(DAYS)))
    assert again.model.version == learned.model.version
    assert (again.scores, again.worse) == ((), False)


def test_knowing_beats_not_knowing(learned):
    """Beside nothing learned every measure is better, and by its whole interval."""
    assert {score.measure for score in learned.scores} == {
        "next place, log-loss",
        "best time, log-loss",
        "content, hit@10",
    }
    assert all(score.low > 0 for score in learned.scores)
    assert not learned.worse
    assert len(table(learned.scores)) == 4


def test_a_bad_model_is_worse_than_a_good_one(logged, tmp_path, learned):
    """Of a log in which the habits are shuffled, the candidate is refused beside the one that was live."""
    log = logged(40)
    for number in range(PEOPLE):  # bots that tap anything at any hour, until the last days
        who = f"bot-{number}"
        noise = [
            record(
                who, day, (number * 7 + day * 5) % 24, "item_tap", item=f"burger-{(number + day * 5) % 12}"
            )
            for day in range(DAYS - 3)
        ]
        log.append(SCOPE.partition(f"beacons#{who}"), noise)
    shuffled = learn(exported(log, tmp_path), ASIDES, Live(learned.model, FIRST + timedelta(5)))
    assert shuffled.against == learned.model.version
    assert shuffled.worse


def test_a_few_days_never_replace_a_model_unjudged(days, learned):
    """Where nothing is live they are better than nothing."""
    few = {"first": FIRST, "last": FIRST + timedelta(2)}
    assert learn(days, ASIDES, Live(), **few).unjudged is False
    refused = learn(days, ASIDES, Live(learned.model, FIRST + timedelta(DAYS)), **few)
    assert (refused.unjudged, refused.scores, refused.against) == (True, (), learned.model.version)


def test_a_live_model_is_judged_on_days_it_has_not_seen():
    """On the days kept apart, or what of them lies after its last day; having seen all, it is no measure."""
    model, cut, last = Model(version="m-live"), FIRST + timedelta(12), FIRST + timedelta(14)
    assert _opponent(Live(model, FIRST), cut, last) == (model, cut)
    assert _opponent(Live(model, cut), cut, last) == (model, cut + timedelta(1))
    assert _opponent(Live(model, last), cut, last) == (Model.EMPTY, cut)
    assert _opponent(Live(), cut, last) == (Model.EMPTY, cut)


@pytest.mark.parametrize(
    ("people", "high", "worse"),
    [(100, -0.02, True), (100, -0.005, False), (19, -0.5, False), (100, 0.1, False)],
)
def test_worse_needs_the_whole_interval_and_enough_people(people, high, worse):
    """Beyond one hundredth of what the other scores."""
    assert Score("m", people, 0.5, 1.0, high - 0.1, high - 0.2, high).worse is worse
