"""What the admin plane tells of messages to one person."""

from uuid import uuid4

from herenow.launch.service import FirstLaunch


def test_why_says_whose_clock_the_person_reads(live):
    """So that a tool can tell its times as they were for the person."""
    identity = str(uuid4())
    context = {"time_zone": "Europe/Paris"}
    live.services.launch.first_launch(live.scope, FirstLaunch(identity, "s" * 40, context, {}, {}))

    told = live.call("GET", f"installations/{identity}/why").json

    assert (told["time_zone"], told["decisions"]) == ("Europe/Paris", [])


def test_why_of_nobody_is_a_problem(live):
    """Its code is that of an installation that is not here."""
    answer = live.call("GET", f"installations/{uuid4()}/why")

    assert (answer.status_code, answer.json["code"]) == (404, "UNKNOWN_INSTALLATION")
