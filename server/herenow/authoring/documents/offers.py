"""``offers.json``: the inducements that campaigns may hand out."""

from __future__ import annotations

from typing import Final

from herenow.authoring.documents import names
from herenow.authoring.documents.structures import Record, RecordOf
from herenow.authoring.documents.values import Choice, Flag, Number, Text

FORMS: Final = ("amount", "percentage", "gift", "points")


class Code(Record):
    """What the person shows: one code for all, or one each."""

    title = "a code"

    fixed = Text("One code for everybody.", means="a code", minimum=1, maximum=40, example="TEN")
    pool = Text(
        "File with single-use codes, one a line.",
        means="a file",
        minimum=1,
        maximum=200,
        example="codes/fifty.csv",
    )


class Redemption(Record):
    """How it is known that an offer was used."""

    title = "a redemption"

    event = names.event("The beacon, or server event, that says so.", required=True, example="offer_redeemed")
    server_only = Flag("Whether only the customer's own backend may say so.", example=True)


class Offer(Record):
    """An inducement."""

    title = "an offer"

    form = Choice("What is given.", FORMS, required=True, example="amount")
    description = names.sentence(example="Half a burger's price")
    amount = Number("So much off (amount).", above=0, maximum=1_000_000, example=50)
    currency = Text(
        "ISO 4217 code of the amount.", pattern="^[A-Z]{3}$", means="three capital letters", example="INR"
    )
    percentage = Number("So many percent off (percentage).", above=0, maximum=100, example=10)
    points = Number("So many points (points).", whole=True, minimum=1, maximum=1_000_000, example=100)
    gift = names.localized("What is given (gift).", maximum=200, example={"en": "A free drink"})
    text = names.localized("How it is told.", required=True, maximum=200, example={"en": "₹50 off today"})
    terms = names.localized("The small print.", example={"en": "One a person, until midnight"})
    audience = names.name("Who may have it; everybody when absent.", example="likes_burgers")
    budget = Number(
        "How many may be given out in all.", whole=True, minimum=1, maximum=100_000_000, example=2000
    )
    per_person = Number("How many one person may have.", whole=True, minimum=1, maximum=1000, example=1)
    valid_for = names.duration("How long it is good for once shown.", example="1d")
    valid_until = names.moment("When it ends for everybody.", example="2026-12-31")
    code = RecordOf("The code to show.", Code, example={"fixed": "TEN"})
    redemption = RecordOf("How its use is known.", Redemption, example={"event": "offer_redeemed"})


DOCUMENT: Final = names.map_of(
    "The inducements that campaigns may hand out.", RecordOf("An offer.", Offer), whole=True
)
