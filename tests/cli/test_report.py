"""What came of campaigns, at the command line."""

import json
from contextlib import contextmanager
from datetime import date

import pytest
from tests.cli.places import AtServer

from herenow.bootstrap import build_services
from herenow.measures.outcomes import Moment, Outcome, Tally
from herenow.scope import Scope
from herenow.settings import Settings

SCOPE = Scope("small-app", "production")
LUNCH = {
    "kind": "triggered",
    "trigger": {"event": "item_view"},
    "channels": ["in_app"],
    "template": {"en": {"title": "Lunch?"}},
    "control_percent": 50,
    "goal": {"event": "purchase", "within": "24h"},
}
TOLD = {Outcome.SENT: 1000, Outcome.CONVERTED: 200, Outcome.CONTROL: 1000, Outcome.CONTROL_CONVERTED: 100}


@contextmanager
def services_of(place):
    """The services behind a command line."""
    if isinstance(place, AtServer):
        yield place.services
        return
    services = build_services(Settings(data_dir=place.data_dir))
    yield services
    services.close()


@pytest.fixture(name="reporting")
def _reporting(herenow, small):
    """A command line with a live campaign of which something came at noon."""
    (small / "campaigns.json").write_text(json.dumps({"lunch": LUNCH}))
    herenow("publish", small)
    with services_of(herenow) as services:
        today = Moment.of(int(services.clock()), 0).day
        tally = Tally()
        for outcome, times in TOLD.items():
            tally.count("lunch", Moment(today, 12, "patty-lane"), outcome, times)
        services.reports.counters.add(SCOPE, tally)
    return herenow


def test_a_campaign_is_told_by_place_hour_and_day(reporting):
    """As a table for people, with what it changed; as JSON for programs."""
    lines = reporting("report", "lunch", "--app", "small-app").stdout.splitlines()

    first = {line.split()[0]: line.split() for line in lines if line.strip()}
    assert lines[1].split() == ["sent", "converted"]
    assert first["all"] == ["all", "1,000", "200"]
    assert first["patty-lane"][1] == first["12:00"][1] == "1,000"
    assert "goal: purchase within 24 h" in lines
    assert "kept from 1,000 reached 100 10.0% (8.3% to 12.0%)" in [" ".join(line.split()) for line in lines]
    assert lines[-1].strip().startswith("purchase: more with it than without, +10.0 points (+6.9 to ")

    told = json.loads(reporting("report", "lunch", "--app", "small-app", "--json").stdout)
    assert told["goal"]["lift"]["verdict"] == "better"


def test_every_campaign_is_told_in_a_line(reporting):
    """With a line for its goal; of days without messages it says too few."""
    lines = reporting("report", "--app", "small-app").stdout.splitlines()
    assert lines[2].split()[:2] == ["lunch", "1,000"]
    assert "more with it than without" in lines[3]

    january = ("--since", "2026-01-01", "--until", "2026-01-31")
    assert "too few to say" in reporting("report", "--app", "small-app", *january).stdout


def test_what_cannot_be_told_is_said(reporting):
    """A campaign that is none, and days in the wrong order."""
    told = reporting("report", "lnch", "--app", "small-app", expect=1).stderr
    assert "Live: lunch." in told
    tomorrow = date.max.isoformat()
    wrong = reporting("report", "--app", "small-app", "--since", tomorrow, "--until", "2026-01-01", expect=2)
    assert "--since is after --until" in wrong.stderr
