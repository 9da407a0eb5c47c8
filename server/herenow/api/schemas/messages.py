"""What is told of messages to one person."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields

from herenow.api.schemas.person import StatementTold


def _text(description: str, example: Any, **more: Any) -> fields.String:
    return fields.String(metadata={"description": description, "example": example}, **more)


class WaitingTold(ma.Schema):
    """A campaign that was triggered and waits."""

    class Meta:
        unknown = ma.INCLUDE

    campaign = _text("The campaign", "cart_nudge", required=True)
    at = _text("When it was triggered", "2026-11-24T06:30:00Z", required=True)
    place = _text("The fence it is about", "patty-lane")


class RecordTold(ma.Schema):
    """A decision as it was written down; further members depend on the reason."""

    class Meta:
        unknown = ma.INCLUDE

    campaign = _text("The campaign", "cart_nudge", required=True)
    reason = _text(
        "Why (contract, appendix B), or NEVER_TRIGGERED, AWAITING_APP, ON_ITS_WAY, NO_ADDRESS and the like",
        "FOLLOWED",
        required=True,
    )
    outcome = _text("What became of it", "suppressed")
    decided_at = _text("When that was decided", "2026-11-24T06:41:00Z")
    at = _text("When it was triggered", "2026-11-24T06:30:00Z")


class WalkTold(ma.Schema):
    """Where somebody is in a journey."""

    journey = _text("The campaign of kind `journey`", "onboarding", required=True)
    step = _text("The step they are at", "look_around", required=True)
    entered_at = _text("When they entered the journey", "2026-11-23T06:30:00Z", required=True)
    since = _text("When they came to the step", "2026-11-24T06:30:00Z", required=True)


class LentTold(ma.Schema):
    """Slots of a cap that a device may use, or did not tell of: they count as sent at ``until``."""

    rule = _text("The cap", "policy/caps/0", required=True)
    slots = fields.Integer(required=True, metadata={"description": "How many", "example": 1})
    until = _text("When the lease ends", "2026-11-24T12:30:00Z", required=True)
    device = _text("The installation that holds them", "6f0c3f9e-8d0a-4b1e-9a53-2f6c0f1b7d11", required=True)
    over = fields.Boolean(
        required=True,
        metadata={
            "description": "Given back: these were used, and their messages are still to come",
            "example": False,
        },
    )


class WhyTold(ma.Schema):
    """Why somebody got messages, or did not."""

    at = _text("Decisions up to this instant", "2026-11-24T12:00:00Z", required=True)
    time_zone = _text(
        "The zone whose clock the person reads: their device's, else the app's", "Asia/Kolkata", required=True
    )
    decisions = fields.List(
        fields.Nested(RecordTold), required=True, metadata={"description": "The newest first"}
    )
    waiting = fields.List(
        fields.Nested(WaitingTold), required=True, metadata={"description": "What waits at present"}
    )
    journeys = fields.List(
        fields.Nested(WalkTold), metadata={"description": "The journeys that somebody is in at present"}
    )
    lent = fields.List(
        fields.Nested(LentTold),
        metadata={"description": "Slots of caps that are lent: what counts without a message"},
    )
    learned = fields.List(
        fields.Nested(StatementTold),
        required=True,
        metadata={"description": "What was learned of the person, as they can read it in `/v1/me`"},
    )
    campaign = _text("The campaign that was asked about", "cart_nudge")
    latest = fields.Nested(RecordTold, metadata={"description": "The last decision about that campaign"})
    now = fields.Dict(
        keys=fields.String(),
        allow_none=True,
        metadata={
            "description": "What a trigger of this instant would meet: the decision, every check (`checks`), "
            "the audience clause by clause (`audience`); null for a campaign that is live no more",
            "example": {"outcome": "show", "reason": "SHOWN", "checks": [], "audience": []},
        },
    )
