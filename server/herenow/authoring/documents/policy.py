"""``policy.json``: what holds for every message and every release of the app."""

from __future__ import annotations

from typing import Final

from herenow.authoring.documents import names
from herenow.authoring.documents.caps import Cap, caps_example
from herenow.authoring.documents.structures import ListOf, MapOf, Record, RecordOf
from herenow.authoring.documents.values import DOLLAR_SCHEMA, Choice, Number, Text


class QuietHours(Record):
    """When nobody is disturbed, by the person's own clock."""

    title = "quiet hours"

    from_ = names.time_of_day("They begin.", key="from", required=True, example="21:30")
    to = names.time_of_day("They end; before `from` means the next morning.", required=True, example="08:30")
    then = Choice("What becomes of a message due in them.", ("hold", "drop", "silent"), example="hold")
    channels = ListOf(
        "Channels that keep quiet; all that make a sound when absent.",
        Choice("A channel.", names.CHANNELS, example="push"),
        minimum=1,
        maximum=5,
        unique=True,
        example=["push", "sms"],
    )


class Holdout(Record):
    """The people who get no campaign, to measure what campaigns do."""

    title = "a holdout"

    percent = Number("How many percent.", minimum=0, maximum=50, required=True, example=5)
    salt = Text(
        "Changed to draw others.", means="a salt", minimum=1, maximum=80, required=True, example="2026-q4"
    )


class Policy(Record):
    """The whole document."""

    title = "policy.json"

    schema_ = DOLLAR_SCHEMA
    caps = ListOf(
        "How often one person may be spoken to; the strictest binds.",
        RecordOf("A cap.", Cap),
        maximum=10,
        example=caps_example(),
    )
    quiet_hours = RecordOf("When nobody is disturbed.", QuietHours, example={"from": "21:30", "to": "08:30"})
    cool_down = names.duration("At least so long between two messages to one person.", example="30m")
    holdout = RecordOf("Who gets no campaign.", Holdout, example={"percent": 5, "salt": "2026-q4"})
    consent = names.consent(
        "Consent by purpose as long as the person has not said.",
        example={"personalization": "granted", "push": "unknown"},
    )
    approvals = MapOf(
        "How many other people must approve a release, by environment.",
        Number("How many.", whole=True, minimum=0, maximum=5, example=1),
        name=Text("An environment.", pattern="^[a-z][a-z0-9-]{0,39}$", means="an environment", maximum=40),
        maximum=20,
        example={"production": 1},
    )


DOCUMENT: Final = RecordOf("What holds for every message and every release.", Policy)
