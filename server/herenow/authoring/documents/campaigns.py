"""``campaigns.json``: what is said, to whom, when, where, how often, and what it is for."""

from __future__ import annotations

from typing import Any, Final

from herenow.authoring.documents import names
from herenow.authoring.documents.caps import CampaignCap
from herenow.authoring.documents.conditions import Condition
from herenow.authoring.documents.structures import ListOf, MapOf, OneOf, Record, RecordOf
from herenow.authoring.documents.values import Choice, Flag, Number, Text

KINDS: Final = ("mass", "triggered", "personal", "journey")
TRANSITIONS: Final = ("enter", "exit", "dwell", "cross")


def count(description: str, example: int, **common: Any) -> Number:
    """A small positive number."""
    return Number(description, whole=True, minimum=1, maximum=100_000, example=example, **common)


class EventPattern(Record):
    """A beacon that happens, or does not."""

    title = "an event"

    event = names.event("The beacon's name.", required=True, example="purchase")
    condition = Condition("What its properties must be.", example={"amount": {"$gte": 100}})


class MissingEvent(Record):
    """A beacon that does not happen in time."""

    title = "an event that stays away"

    event = names.event("The beacon's name.", required=True, example="purchase")
    condition = Condition("What its properties must be.", example={"amount": {"$gte": 100}})
    within = names.duration("How long it is waited for.", required=True, example="2h")


class Trigger(Record):
    """What starts a campaign: an event, a place, or a change of lifecycle stage."""

    title = "a trigger"

    event = names.event("A beacon's name.", example="item_view")
    condition = Condition("What the beacon's properties must be.", example={"price": {"$gte": 500}})
    count = count("How often it must have happened …", 3)
    within = names.duration("… in how long.", example="7d")
    sequence = ListOf(
        "Events that must follow each other.",
        RecordOf("An event.", EventPattern, example={"event": "item_view"}),
        minimum=2,
        maximum=10,
        example=[{"event": "item_view"}, {"event": "cart_add"}],
    )
    fence = names.item("A fence's id.", example="patty-lane")
    fence_group = names.name("A group of fences.", example="burger_joints")
    transition = Choice("What happens at the fence.", TRANSITIONS, example="dwell")
    minutes = Number("How long somebody dwells, in minutes.", above=0, maximum=1440, example=5)
    lifecycle = Choice("The lifecycle stage that begins.", names.STAGES, example="at_risk")


class Schedule(Record):
    """When a campaign may speak."""

    title = "a schedule"

    at = names.moment("Once, at this instant (mass).", example="2026-12-31T18:00:00+05:30")
    start = names.moment("Not before.", example="2026-12-01")
    end = names.moment("Not after.", example="2026-12-31")
    days = names.weekdays("On these days; all when absent.", example=["mon", "fri"])
    from_ = names.time_of_day("From this time of day.", key="from", example="11:30")
    to = names.time_of_day("To this time of day; before `from` means the next day.", example="14:00")
    best_time = Flag(
        "Pushes, e-mails and SMS leave at the best hour of the coming day for each person.", example=True
    )
    fallback = names.time_of_day(
        "With `best_time`: when it leaves for whoever has no hours of their own; else everybody's best.",
        example="18:00",
    )
    zone = Text("`user` (the person's own), `app`, or an IANA time zone.", maximum=64, example="user")


class Action(Record):
    """A button of a message; the app has registered its category."""

    title = "a button"

    id = names.name("Its id, reported when it is tapped.", required=True, example="order")
    title_ = names.localized("Its text.", key="title", required=True, maximum=60, example={"en": "Order"})
    link = Text("Where it leads.", maximum=2000, example="bites://cart")


def first_line(*, required: bool) -> Text:
    """The title of a message."""
    example = "{{place.name}} is close"
    return Text("The first line.", key="title", required=required, minimum=1, maximum=200, example=example)


class ChannelContent(Record):
    """What a message says otherwise on one channel; what it leaves out stands in the content."""

    title = "a channel's content"

    title_ = first_line(required=False)
    body = Text("The text.", maximum=2000, example="{{offer.text}}: {{offer.code}}")
    link = Text("Where a tap leads.", maximum=2000, example="https://example.com/{{item.id}}")
    image = Text("The address of an image.", maximum=2000, example="https://cdn.example.com/{{item.id}}.jpg")
    category = names.name("The category of buttons that the app has registered.", example="order_now")
    sound = names.name("A sound that the app brings.", example="chime")


class Content(Record):
    """What a message says; texts may hold ``{{names}}``."""

    title = "a message's content"

    title_ = first_line(required=True)
    body = Text("The text.", maximum=2000, example="{{offer.text}}")
    link = Text("Where a tap leads.", maximum=2000, example="bites://item/{{item.id}}")
    image = Text("The address of an image.", maximum=2000, example="https://cdn.example.com/{{item.id}}.jpg")
    category = names.name("The category of buttons that the app has registered.", example="order_now")
    sound = names.name("A sound that the app brings.", example="chime")
    channels = MapOf(
        "What is said otherwise on a channel, by channel.",
        RecordOf("What is said otherwise.", ChannelContent, example={"body": "{{offer.code}}"}),
        name=Text(
            "A channel.",
            pattern=f"^({'|'.join(names.CHANNELS)})$",
            means=f"one of: {', '.join(names.CHANNELS)}",
        ),
        minimum=1,
        maximum=5,
        example={"sms": {"body": "{{offer.text}}: {{offer.code}}"}},
    )


class Goal(Record):
    """What a campaign is for: counted against the control group."""

    title = "a goal"

    event = names.event("The beacon that counts.", required=True, example="purchase")
    condition = Condition("What its properties must be.", example={"amount": {"$gte": 100}})
    within = names.duration("How long after the message it counts.", required=True, example="24h")


class Pace(Record):
    """How many messages leave in how long, over everybody."""

    title = "a pace"

    max = count("How many …", 500, required=True)
    per = names.duration("… in how long.", required=True, example="1h")
    by = Choice("Counted for the campaign, or for each place.", ("campaign", "place"), example="place")


class Candidates(Record):
    """What a personal campaign may be about."""

    title = "candidates"

    placement = names.name(
        "The placement whose first item for this person it is about (`item` in its texts).",
        required=True,
        example="deals",
    )
    minimum = Number(
        "Silence below this part of the best possible score, in percent.", minimum=0, maximum=100, example=40
    )


class Step(Record):
    """One step of a journey: a message, a wait or a branch."""

    title = "a step"

    id = names.name("The step's name.", required=True, example="first_hello")
    wait = names.duration("Wait so long.", example="2d")
    wait_for = RecordOf("Wait for an event.", MissingEvent, example={"event": "purchase", "within": "2d"})
    campaign = names.name("Say what this campaign says.", example="cart_nudge")
    condition = Condition("Take this step only for whom this holds.", example={"lifecycle.stage": "new"})
    then = names.name("The next step; the following one when absent.", example="reminder")
    otherwise = names.name(
        "The next step when the wait ends without the event, or the condition fails.", example="win_back"
    )


class Campaign(Record):
    """What a marketer wants said."""

    title = "a campaign"

    kind = Choice(
        "To many at once, on a trigger, the best for one person, or step by step.",
        KINDS,
        required=True,
        example="triggered",
    )
    description = names.sentence(example="Near a burger place at lunch")
    enabled = Flag("Whether it may speak.", example=True)
    audience = names.name("To whom; to everybody when absent.", example="likes_burgers")
    trigger = RecordOf("What starts it.", Trigger, example={"event": "item_view"})
    candidates = RecordOf(
        "What a personal campaign may be about.", Candidates, example={"placement": "deals", "minimum": 40}
    )
    delay = names.duration("How long after its trigger.", example="30m")
    cancel_on = ListOf(
        "Events that call it off; one equal to the trigger starts it anew.",
        RecordOf("An event.", EventPattern, example={"event": "purchase"}),
        maximum=20,
        example=[{"event": "purchase"}],
    )
    not_followed_by = RecordOf(
        "It speaks only when this stays away.", MissingEvent, example={"event": "purchase", "within": "2h"}
    )
    schedule = RecordOf(
        "When it may speak.", Schedule, example={"days": ["mon", "fri"], "from": "11:30", "to": "14:00"}
    )
    channels = ListOf(
        "Channels in order of preference.",
        Choice("A channel.", names.CHANNELS, example="push"),
        minimum=1,
        maximum=5,
        unique=True,
        example=["push", "in_app"],
    )
    expires_after = names.duration("When it is no longer worth saying.", example="45m")
    caps = ListOf(
        "How often it may speak to one person.",
        RecordOf("A cap.", CampaignCap, example={"max": 1, "per": "week"}),
        maximum=10,
        example=[{"max": 1, "per": "week"}],
    )
    eligible_again = names.duration(
        "How long after it was shown it may be shown again; when absent, once ever, or as its caps allow.",
        example="30d",
    )
    priority = Number("Which of several speaks: the highest.", whole=True, minimum=0, maximum=100, example=50)
    tags = ListOf(
        "Tags that caps count.",
        names.name("A tag.", example="promotion"),
        maximum=20,
        unique=True,
        example=["promotion"],
    )
    ignore_caps = Flag(
        "Whether the policy's caps neither bind nor count it (service messages).", example=False
    )
    control_percent = Number(
        "The part that is kept from it to measure it.", minimum=0, maximum=50, example=10
    )
    pace = RecordOf("How many leave in how long.", Pace, example={"max": 500, "per": "1h"})
    offers = ListOf(
        "Offers of offers.json to choose from.",
        names.name("An offer.", example="fifty_off"),
        maximum=20,
        unique=True,
        example=["fifty_off", "ten_percent"],
    )
    template = MapOf(
        "What it says, by locale.",
        RecordOf("What it says.", Content, example={"title": "Still hungry?"}),
        name=names.locale("A locale."),
        minimum=1,
        maximum=50,
        example={"en": {"title": "{{place.name}} is close", "body": "{{offer.text}}"}},
    )
    actions = ListOf(
        "Buttons.",
        RecordOf("A button.", Action, example={"id": "order", "title": {"en": "Order"}}),
        maximum=4,
        example=[{"id": "order", "title": {"en": "Order"}}],
    )
    collapse = names.name("Messages of one name replace each other on the device.", example="lunch")
    steps = ListOf(
        "The steps of a journey, in order.",
        RecordOf("A step.", Step, example={"id": "first_hello", "wait": "2d"}),
        minimum=1,
        maximum=50,
        example=[{"id": "first_hello", "wait": "2d"}],
    )
    goal = RecordOf("What it is for.", Goal, example={"event": "purchase", "within": "24h"})
    extra = MapOf(
        "Values handed to the app with the message.",
        OneOf("A value.", Text("Text."), Number("Number."), Flag("Flag.")),
        name=names.feature("A key."),
        maximum=20,
        example={"screen": "offers"},
    )


DOCUMENT: Final = names.map_of(
    "What is said, to whom, when and how often.", RecordOf("A campaign.", Campaign), whole=True
)
