"""``audiences.json``: named conditions, also over counts of past events in a window."""

from __future__ import annotations

from typing import Final

from herenow.authoring.documents import names
from herenow.authoring.documents.conditions import Condition
from herenow.authoring.documents.structures import Record, RecordOf


class Audience(Record):
    """A named condition."""

    title = "an audience"

    description = names.sentence(example="First week")
    audience = names.name("A wider audience that this one is part of: both conditions hold.", example="new")
    condition = Condition(
        "Who belongs to it.", required=True, example={"lifecycle.days_since_install": {"$lte": 7}}
    )


DOCUMENT: Final = names.map_of(
    "Named conditions over attributes.", RecordOf("An audience.", Audience), whole=True
)
