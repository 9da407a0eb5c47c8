"""Runs of mass campaigns at the admin live."""

import pytest

from herenow.messaging.mass.runs import Run, State

RUN = Run("sale", "2026-11-26", 1_795_674_600, 1_795_696_200, State.RUNNING)


@pytest.fixture(name="begun")
def _begun(live):
    services = live.services
    services.runs.begin(live.scope, RUN)
    return services


def test_runs_are_told_with_their_progress(live, begun):
    """How far each is, and nobody's name."""
    begun.runs.take_numbers(live.scope, RUN, 7)

    (told,) = live.call("GET", "runs").json["runs"]

    assert told["state"] == "running"
    assert (told["people"], told["called"], told["progress"]) == (0, 7, 0.0)


@pytest.mark.usefixtures("begun")
def test_a_run_is_called_off_and_that_is_in_the_audit_log(live):
    """Who did it stands there."""
    told = live.call("POST", "runs/sale/2026-11-26/cancel").json

    assert told["state"] == "cancelled"
    assert ("owner", "run.cancelled", "sale") in live.audited()
    assert live.call("POST", "runs/sale/2026-11-26/cancel").json["state"] == "cancelled"


def test_an_unknown_run_is_a_problem(live):
    """It is told where to look."""
    answer = live.call("POST", "runs/sale/once/cancel")

    assert answer.status_code == 404
    assert answer.json["code"] == "UNKNOWN_RUN"
