"""What the admin plane takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, get_args

import marshmallow as ma
from marshmallow import fields, validate

from herenow.api.schemas import sdk
from herenow.authoring.packaging import MIN_APP_VERSION
from herenow.authoring.releases import MAX_NOTE
from herenow.identity.admins import Role
from herenow.identity.keys import MAX_LABEL, KeyKind
from herenow.identity.user_tokens import MAX_PEM_CHARS

MAX_DOCUMENTS: Final = 60
MAX_PAGE: Final = 100
MAX_MAPPING: Final = 8_000
"""Characters of a column mapping in a query."""
ROLES: Final = tuple(role.name for role in Role)

_DOCUMENT_NAME: Final = validate.Regexp(
    r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,119}$", error="Not a file name such as features.json."
)
_FEATURES: Final = '{"show_map": {"type": "boolean", "description": "Open on the map", "default": true}}'


def _asked(kind: Callable[..., fields.Field[Any]], description: str, example: Any, **more: Any) -> Any:
    return kind(metadata={"description": description, "example": example}, **more)


def _release_number(description: str, **more: Any) -> Any:
    return _asked(
        fields.Integer, description, 42, strict=True, validate=validate.Range(1, 999_999_999), **more
    )


class Paging(ma.Schema):
    """Which page of a list."""

    class Meta:
        unknown = ma.EXCLUDE

    limit = _asked(
        fields.Integer, "Entries at most", 20, load_default=20, validate=validate.Range(1, MAX_PAGE)
    )
    cursor = _asked(
        fields.String,
        "`next` of the page before; leave out for the first",
        "cmVsZWFzZS8wMDAwMDAwMDQy",
        validate=validate.Length(min=1, max=2000),
    )


class DocumentSet(ma.Schema):
    """A set of config documents, or the drafts."""

    documents = fields.Dict(
        keys=fields.String(validate=_DOCUMENT_NAME),
        values=fields.String(),
        validate=validate.Length(max=MAX_DOCUMENTS),
        metadata={
            "description": "Text of each file by name; leave out to take the drafts",
            "example": {"features.json": _FEATURES},
        },
    )


class DiffRequest(DocumentSet):
    """What to compare with."""

    against = _release_number("A release; leave out for the one that is live")


class NewRelease(DocumentSet):
    """What to release."""

    note = _asked(
        fields.String,
        "Why, for those who approve",
        "Lunch title",
        load_default="",
        validate=validate.Length(max=MAX_NOTE),
    )


class PreviewRequest(DocumentSet):
    """For whom to preview; every persona when nobody is named."""

    persona = _asked(
        fields.String,
        "One persona of personas.json",
        "burger_searcher",
        validate=validate.Length(min=1, max=120),
    )
    context = fields.Nested(
        sdk.Context, metadata={"description": "A device and moment, over those of the persona"}
    )
    acquisition = fields.Nested(
        sdk.Acquisition, metadata={"description": "How somebody came, in place of the persona's"}
    )
    explain = _asked(
        fields.Boolean,
        "Whether to tell every rule asked and every score made",
        example=True,
        load_default=False,
        truthy={True},
        falsy={False},
    )


class MessagePreviewRequest(PreviewRequest):
    """Which message to preview, and to whom."""

    class Meta:
        unknown = ma.EXCLUDE
        exclude = ("explain",)

    campaign = _asked(
        fields.String, "The campaign", "cart_nudge", required=True, validate=validate.Length(min=1, max=120)
    )
    locale = _asked(
        fields.String,
        "In this language alone; in each that its template has when left out",
        "hi",
        validate=validate.Length(min=1, max=35),
    )
    channel = _asked(
        fields.String,
        "Sizes for this channel alone",
        "push",
        validate=validate.OneOf(("in_app", "push", "local_notification", "email", "sms")),
    )
    item = _asked(
        fields.String,
        "The item it is about; the persona's first when left out",
        "patty-lane-kandivali-west",
        validate=validate.Length(min=1, max=120),
    )
    place = _asked(
        fields.String,
        "The fence it is about; one of its trigger when left out",
        "patty-lane",
        validate=validate.Length(min=1, max=120),
    )
    event = fields.Dict(
        keys=fields.String(),
        metadata={
            "description": "What the event that starts it tells; an example when left out",
            "example": {"price": 340},
        },
    )


class PackageRequest(ma.Schema):
    """For which apps a package is."""

    class Meta:
        unknown = ma.EXCLUDE

    min_app_version = _asked(
        fields.String,
        "No older app uses it; any may when left out",
        "3.2.0",
        validate=validate.Regexp(rf"^{MIN_APP_VERSION}\Z", error="Not a version such as 3.2.0."),
    )


class PublishRequest(ma.Schema):
    """What shall be served."""

    release = _release_number("The release", required=True)
    catalog = _asked(
        fields.String,
        "A catalogue version; leave out to keep the present one",
        "c-9b1e04c1d2aa",
        validate=validate.Regexp(r"^c-[0-9a-f]{12}$", error="Not a catalogue version."),
    )


class RollbackRequest(ma.Schema):
    """Where to go back to."""

    to = _release_number("A release that was live; leave out for the one before")


class KillRequest(ma.Schema):
    """What is switched off; an empty list switches everything on again."""

    capabilities = fields.List(
        fields.String(validate=validate.Length(min=1, max=60)),
        required=True,
        validate=validate.Length(max=50),
        metadata={"description": "Exactly these capabilities are off", "example": ["push"]},
    )


class ImportQuery(ma.Schema):
    """How to import."""

    class Meta:
        unknown = ma.EXCLUDE

    publish = _asked(fields.Boolean, "Serve the new version at once", example=True, load_default=True)
    force = _asked(
        fields.Boolean, "Import even when most rows are rejected", example=False, load_default=False
    )
    mapping = _asked(
        fields.String,
        'JSON: `{"columns": {ours: theirs}, "constants": {ours: value}}`',
        '{"columns": {"cuisines": "Cuisine"}}',
        validate=validate.Length(max=MAX_MAPPING),
    )


class FencesImportQuery(ma.Schema):
    """How to import fences."""

    class Meta:
        unknown = ma.EXCLUDE

    publish = _asked(fields.Boolean, "Serve the new version at once", example=True, load_default=True)
    force = _asked(
        fields.Boolean, "Import even when most rows are rejected", example=False, load_default=False
    )


class WhyQuery(ma.Schema):
    """What to tell about messages."""

    class Meta:
        unknown = ma.EXCLUDE

    campaign = _asked(
        fields.String, "About this campaign alone", "cart_nudge", validate=validate.Length(min=1, max=120)
    )
    at = _asked(
        fields.AwareDateTime, "What had been decided by then; now when absent", "2026-11-24T12:00:00+05:30"
    )


class NewKey(ma.Schema):
    """A key to make."""

    kind = _asked(
        fields.String,
        "`publishable` is built into apps, `secret` stays on servers, `user_token` signs who users are",
        "publishable",
        required=True,
        validate=validate.OneOf(get_args(KeyKind)),
    )
    label = _asked(
        fields.String,
        "Where it is used",
        "Android app",
        load_default="",
        validate=validate.Length(max=MAX_LABEL),
    )
    public_key = _asked(
        fields.String,
        "PEM of a P-256 key of which your backend has the private half; only with `user_token`, "
        "and without it you get a secret",
        None,
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=MAX_PEM_CHARS),
    )


class GrantRequest(ma.Schema):
    """A role at a place, or none any more."""

    place = _asked(
        fields.String,
        "`app/environment`, `app/*` or `*`",
        "bites/production",
        required=True,
        validate=validate.Length(min=1, max=90),
    )
    role = _asked(
        fields.String,
        "The role there; null withdraws it",
        "editor",
        required=True,
        allow_none=True,
        validate=validate.OneOf(ROLES),
    )
