"""Runs of mass campaigns at the command line."""

import json

from herenow.bootstrap import build_services
from herenow.messaging.mass.runs import Run, State
from herenow.scope import Scope
from herenow.settings import Settings

SCOPE = Scope("small-app", "production")


def test_runs_are_listed_and_called_off(here):
    """With their progress; an app without any is told what begins them."""
    assert "herenow worker small-app" in here("mass", "list", "--app", "small-app").stdout
    services = build_services(Settings(data_dir=here.data_dir))
    services.runs.begin(SCOPE, Run("sale", "once", 1_795_674_600, 2**40, State.RUNNING))
    services.runs.take_numbers(SCOPE, Run("sale", "once", 1_795_674_600, 2**40, State.RUNNING), 1200)
    services.close()

    told = here("mass", "list", "--app", "small-app").stdout
    assert told.startswith("sale once  running      0%  1,200 messages")
    assert (
        here("mass", "cancel", "sale", "--app", "small-app").stdout
        == "Called off after 1,200 messages: sale once.\n"
    )
    (run,) = json.loads(here("mass", "list", "--app", "small-app", "--json").stdout)["runs"]
    assert run["state"] == "cancelled"


def test_an_unknown_run_is_told_with_a_way_on(herenow):
    """Here and at a server."""
    assert "herenow mass list" in herenow("mass", "cancel", "sale", "--app", "small-app", expect=1).stderr
