"""How often somebody may be spoken to: the shape shared by the policy's caps and a campaign's own."""

from __future__ import annotations

from typing import Any, Final

from herenow.authoring.documents import names
from herenow.authoring.documents.structures import Record
from herenow.authoring.documents.values import Choice, Number, Text

PERIOD_PATTERN: Final = r"^(hour|day|week|month|[1-9][0-9]{0,3}[mhdw])$"


def maximum() -> Number:
    """How many."""
    return Number("How many messages …", whole=True, minimum=0, maximum=1000, required=True, example=1)


def period() -> Text:
    """In how long."""
    means = 'hour, day, week, month, or a duration such as "36h"'
    return Text(
        "… in how long.", pattern=PERIOD_PATTERN, means=means, maximum=6, required=True, example="week"
    )


def window() -> Choice:
    """What a period is."""
    description = (
        "Calendar periods in the person's own time zone (the default), or any stretch of that length."
    )
    return Choice(description, ("calendar", "rolling"), example="rolling")


class CampaignCap(Record):
    """How often one campaign may speak to one person."""

    title = "a campaign's cap"

    max = maximum()
    per = period()
    window = window()


class Cap(Record):
    """How often one person may be spoken to."""

    title = "a cap"

    channel = Choice("The channel counted.", ("any", *names.CHANNELS), example="push")
    tag = names.name("Only campaigns with this tag are counted.", example="promotion")
    campaign = names.name("Only this campaign is counted.", example="burger_lunch")
    place = Choice("Count each place (fence) on its own.", ("each",), example="each")
    max = maximum()
    per = period()
    window = window()


def caps_example() -> list[dict[str, Any]]:
    """One push a day."""
    return [{"channel": "push", "max": 1, "per": "day"}]
