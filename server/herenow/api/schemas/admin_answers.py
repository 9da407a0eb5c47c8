"""What the admin plane answers. Times are epoch seconds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from herenow.api.schemas import answers
from herenow.api.schemas.admin import ROLES

_FEATURES = '{"show_map": {"type": "boolean", "description": "Open on the map", "default": true}}'


def _told(kind: Callable[..., fields.Field[Any]], description: str, example: Any, **more: Any) -> Any:
    more.setdefault("required", True)
    return kind(metadata={"description": description, "example": example}, **more)


def _nested(schema: type[ma.Schema], description: str, **more: Any) -> Any:
    return fields.Nested(schema, required=True, metadata={"description": description}, **more)


def _several(schema: type[ma.Schema], description: str) -> Any:
    return fields.List(fields.Nested(schema), required=True, metadata={"description": description})


def _cursor() -> Any:
    return _told(
        fields.String, "Continues the list; null at the end", "cmVsZWFzZS8wMDAwMDAwMDQy", allow_none=True
    )


class DraftTold(ma.Schema):
    """One draft document."""

    name = _told(fields.String, "File name", "features.json")
    version = _told(fields.Integer, "Its version, also its ETag", 3)
    size = _told(fields.Integer, "Bytes", 1824)
    updated_at = _told(fields.Integer, "When it was written", 1795138923)
    updated_by = _told(fields.String, "By whom", "asha@bites.example")


class DraftList(ma.Schema):
    """Every draft."""

    documents = _several(DraftTold, "By name")


class DocumentError(ma.Schema):
    """One thing wrong at one place of one file."""

    file = _told(fields.String, "File", "campaigns.json", required=False)
    pointer = _told(fields.String, "JSON pointer (RFC 6901)", "/burger_lunch/audience")
    line = _told(fields.Integer, "Line, from 1", 1, required=False)
    column = _told(fields.Integer, "Column, from 1", 84, required=False)
    code = _told(fields.String, "Stable code", "UNKNOWN_AUDIENCE", required=False)
    detail = _told(fields.String, "What is wrong", "no audience 'likes_burger'", required=False)
    expected = _told(fields.String, "What would be right", "one of: likes_burgers, new", required=False)
    nearest = _told(fields.String, "The valid name most like it", "likes_burgers", required=False)


class Finding(DocumentError):
    """One thing wrong, or doubtful."""

    severity = _told(
        fields.String,
        "An error keeps the set from being released",
        "error",
        validate=validate.OneOf(["error", "warning"]),
    )


class RemoteFeature(ma.Schema):
    """A feature that stock GrowthBook SDKs cannot decide without the server."""

    feature = _told(fields.String, "Its key", "home_title")
    rule = _told(fields.String, "From which rule on; null: for its default", "searched", allow_none=True)
    because = _told(
        fields.List,
        "Attributes read or filled in, or features depended on, that only the server knows",
        ["intent.category"],
        cls_or_instance=fields.String(),
    )


class Verdict(ma.Schema):
    """What validation found."""

    valid = _told(fields.Boolean, "Whether the set could be released", example=False)
    findings = _several(Finding, "Errors and warnings, by file and place")
    remote_features = _several(
        RemoteFeature, "Features for remote evaluation in stock SDKs, of a set without errors"
    )


class InvalidDocuments(answers.Problem):
    """The documents cannot be released; each error names its place."""

    errors = fields.List(fields.Nested(DocumentError), metadata={"description": "Every error of every file"})


class ChangeTold(ma.Schema):
    """One difference."""

    file = _told(fields.String, "File", "features.json")
    pointer = _told(fields.String, "JSON pointer", "/home_title/default")
    kind = _told(
        fields.String,
        "What happened to it",
        "changed",
        validate=validate.OneOf(["added", "removed", "changed", "moved"]),
    )
    before = _told(fields.Raw, "What it was", "Popular near you", required=False, allow_none=True)
    after = _told(fields.Raw, "What it is", "Hungry?", required=False, allow_none=True)


class DiffTold(ma.Schema):
    """What changed."""

    against = _told(
        fields.Integer, "The release compared with; null when nothing is live", 41, allow_none=True
    )
    changes = _several(ChangeTold, "By file and place")
    truncated = _told(fields.Boolean, "Whether there are more", example=False)


class PartTold(ma.Schema):
    """One compiled part."""

    sha256 = _told(fields.String, "Its digest, under which devices fetch it", "9f86d081884c7d65…")
    size = _told(fields.Integer, "Bytes before compression", 2310)
    capability = _told(fields.String, "What a device needs to understand it", "features")


class ApprovalTold(ma.Schema):
    """Somebody other than the author stands behind it."""

    by = _told(fields.String, "Who", "ravi@bites.example")
    at = _told(fields.Integer, "When", 1795138999)


class ReleaseTold(ma.Schema):
    """One immutable, numbered set of documents."""

    number = _told(fields.Integer, "Its number", 42)
    digest = _told(fields.String, "Digest of the documents as canonical JSON", "9f86d081884c7d65…")
    source = _told(fields.String, "Digest of their texts", "2c26b46b68ffc68f…")
    compiler = _told(fields.Integer, "Which compiler made the parts", 1)
    parts = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(PartTold),
        required=True,
        metadata={"description": "Parts by name"},
    )
    approvals_needed = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "Approvals each environment asks for", "example": {"production": 1}},
    )
    approvals = _several(ApprovalTold, "Who approved")
    created_at = _told(fields.Integer, "When", 1795138923)
    created_by = _told(fields.String, "By whom", "asha@bites.example")
    note = _told(fields.String, "Why", "Lunch title")


class ReleasePage(ma.Schema):
    """Releases, newest first."""

    releases = _several(ReleaseTold, "Newest first")
    next = _cursor()


class ReleaseDocuments(ma.Schema):
    """The documents of a release as they were written."""

    documents = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "Text by file name", "example": {"features.json": _FEATURES}},
    )


class PointerTold(ma.Schema):
    """What an environment serves."""

    sequence = _told(fields.Integer, "Rises with every change; also the ETag", 17)
    release = _told(fields.Integer, "Release", 42)
    catalog = _told(fields.String, "Catalogue version", "c-9b1e04c1d2aa", allow_none=True)
    model = _told(fields.String, "Model version", "m-0")
    fences = _told(fields.String, "Version of the imported fences", "f-none")
    origin = _told(fields.Integer, "Sequence at which this release went live", 17)
    kill = _told(fields.List, "Capabilities switched off", [], cls_or_instance=fields.String())
    published_at = _told(fields.Integer, "When", 1795138999)
    published_by = _told(fields.String, "By whom", "ravi@bites.example")


class PackageTold(ma.Schema):
    """What an app is built with."""

    manifest = _told(fields.String, "Compact JWS (ES256)", "eyJhbGciOi…")
    parts = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "The text of each part by its sha256", "example": {"4db886c8…": "{…}"}},
    )
    keys = fields.List(
        fields.Dict(keys=fields.String()),
        required=True,
        metadata={
            "description": "Public keys to pin (JWK)",
            "example": [{"kty": "EC", "kid": "1b9e04d27ac6"}],
        },
    )
    min_app_version = _told(fields.String, "No older app uses it", "3.2.0", required=False)


class PointerPage(ma.Schema):
    """What was served, newest first."""

    pointers = _several(PointerTold, "Newest first")
    next = _cursor()


class FirstScreen(ma.Schema):
    """What a phone would show."""

    acquisition = _nested(answers.AcquisitionTold, "How it came")
    intent = _nested(answers.IntentTold, "What the search meant", allow_none=True)
    features = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(answers.FeatureTold),
        required=True,
        metadata={"description": "By name"},
    )
    placements = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(answers.Placement),
        required=True,
        metadata={"description": "By name"},
    )


class MoveTold(ma.Schema):
    """An item that entered, left or moved; positions from 1."""

    id = _told(fields.String, "Item", "patty-lane-kandivali-west")
    from_ = _told(
        fields.Integer,
        "Where it was; null when it was not shown",
        3,
        data_key="from",
        attribute="from",
        allow_none=True,
    )
    to = _told(fields.Integer, "Where it is; null when it is not shown", 1, allow_none=True)


class ScreenChanges(ma.Schema):
    """What differs between the two screens."""

    features = _told(
        fields.List, "Features with another value", ["home_title"], cls_or_instance=fields.String()
    )
    placements = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.Nested(MoveTold)),
        required=True,
        metadata={"description": "Items that entered, left or moved, by placement"},
    )


class Explanation(ma.Schema):
    """Why the screen is as it is, as the evaluator's own explanation tells it."""

    features = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String()),
        required=True,
        metadata={
            "description": "By name: the result, and `rules` in order with outcome and checks",
            "example": {"show_map": {"value": True, "type": "boolean", "reason": "STATIC", "rules": []}},
        },
    )
    placements = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String()),
        required=True,
        metadata={
            "description": "By name: `items` with the products of weight and feature that make each score, "
            "and `pins`, `boosts` and `diversity`",
            "example": {"home_feed": {"reason": "ORDERED", "items": [], "pins": [], "boosts": []}},
        },
    )


class PersonaScreens(ma.Schema):
    """A persona's first screen before and after."""

    persona = _told(fields.String, "Who", "burger_searcher")
    description = _told(fields.String, "Described", "Came from the founding search")
    before = _nested(FirstScreen, "With what is live; null when nothing is", allow_none=True)
    after = _nested(FirstScreen, "With these documents")
    changes = _nested(ScreenChanges, "What differs")
    explanation = fields.Nested(
        Explanation, metadata={"description": "Why the screen after is as it is, where it was asked for"}
    )


class PreviewTold(ma.Schema):
    """The first screen of each persona."""

    personas = _several(PersonaScreens, "In the order of personas.json")


class NameMissing(ma.Schema):
    """A name in a text that has no value for the persona."""

    text = _told(fields.String, "The text it stands in: title, body, link, image, or a button", "body")
    name = _told(fields.String, "The name", "item.closes")
    said = _told(fields.Boolean, "Whether the text can be said without it", example=False)


class ChannelSize(ma.Schema):
    """How large a message is on a channel with a bound."""

    channel = _told(fields.String, "push or sms", "push")
    platform = _told(fields.String, "Of a push: ios (APNs) or android (FCM)", "ios", required=False)
    bytes = _told(
        fields.Integer, "Of a push: bytes of its payload with everything in it", 512, required=False
    )
    characters = _told(fields.Integer, "Of an SMS: characters", 92, required=False)
    parts = _told(fields.Integer, "Of an SMS: how many are sent and billed", 2, required=False)
    limit = _told(fields.Integer, "The most that is taken", 4096)
    fits = _told(fields.Boolean, "Whether it can be sent, be it without what is dropped", example=True)
    dropped = fields.List(
        fields.String(),
        metadata={"description": "Of a push: what is dropped to make it fit", "example": ["image"]},
    )


class MessagePreviewed(ma.Schema):
    """A message to one persona in one language."""

    persona = _told(fields.String, "The persona", "burger_searcher")
    campaign = _told(fields.String, "The campaign", "cart_nudge")
    locale = _told(fields.String, "The language asked for", "en")
    content = fields.Dict(
        keys=fields.String(),
        required=True,
        allow_none=True,
        metadata={
            "description": "As an app or a provider is given it; null when it could not be said",
            "example": {"title": "Still hungry?", "body": "Patty Lane is open until 23:30"},
        },
    )
    about = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={
            "description": "The item, place and offer it is about",
            "example": {"item": "patty-lane-kandivali-west"},
        },
    )
    missing = _several(NameMissing, "Names without a value")
    sizes = _several(ChannelSize, "Sizes on the channels that have a bound")
    by_channel = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), allow_none=True),
        required=True,
        metadata={
            "description": "What is said instead on the channels that have texts of their own",
            "example": {"sms": {"title": "Still hungry?", "body": "Patty Lane, until 23:30"}},
        },
    )


class MessagesPreviewed(ma.Schema):
    """A message to each persona in each language."""

    messages = _several(MessagePreviewed, "Personas in their order, each in the languages of the template")


class CatalogVersionTold(ma.Schema):
    """One version of the catalogue."""

    version = _told(fields.String, "Its name, after its content", "c-9b1e04c1d2aa")
    sequence = _told(fields.Integer, "Rises with every import", 3)
    items = _told(fields.Integer, "Items", 324)
    rejected = _told(fields.Integer, "Rows not taken", 2)
    source = _told(fields.String, "Digest of the rows", "9f86d081884c7d65…")
    artefact = _told(fields.String, "Digest of the compiled catalogue", "9b1e04c1d2aa…")
    report = _told(fields.String, "Digest of the report", "2c26b46b68ffc68f…")
    schema = _told(fields.String, "Digest of the facets it was compiled under", "fcde2b2edba56bf4…")
    created_at = _told(fields.Integer, "When", 1795138923)
    created_by = _told(fields.String, "By whom", "asha@bites.example")


class RejectionTold(ma.Schema):
    """A row that was not taken."""

    line = _told(fields.Integer, "Its line in the file", 17)
    code = _told(fields.String, "Why", "MISSING_ID")
    detail = _told(fields.String, "In words", "the column 'id' is empty")


class ImportReportTold(ma.Schema):
    """What became of the rows."""

    rows = _told(fields.Integer, "Rows read", 326)
    accepted = _told(fields.Integer, "Rows taken", 324)
    rejected = _told(fields.Integer, "Rows not taken", 2)
    counts = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "Rejected rows by reason", "example": {"MISSING_ID": 2}},
    )
    rejections = _several(RejectionTold, "The first 1,000")


class ImportTold(ma.Schema):
    """A finished import."""

    version = _nested(CatalogVersionTold, "The version")
    report = _nested(ImportReportTold, "What became of the rows")
    pointer = _nested(PointerTold, "What is served now, when it went live", allow_none=True)


class CatalogVersions(ma.Schema):
    """The versions of the catalogue."""

    versions = _several(CatalogVersionTold, "Newest first, at most 100")


class FenceVersionTold(ma.Schema):
    """An import of fences."""

    version = _told(fields.String, "Its name", "f-3d0a6f1b22c9")
    sequence = _told(fields.Integer, "In the order they were made", 3)
    fences = _told(fields.Integer, "Fences", 48_211)
    rejected = _told(fields.Integer, "Rows not taken", 2)
    artefact = _told(fields.String, "Digest of the index", "0" * 64)
    report = _told(fields.String, "Digest of the report", "0" * 64)
    created_at = _told(fields.Integer, "When", 1795138923)
    created_by = _told(fields.String, "By whom", "asha@bites.example")


class FencesImportTold(ma.Schema):
    """A finished import of fences."""

    version = _nested(FenceVersionTold, "The version")
    report = _nested(ImportReportTold, "What became of the rows")
    pointer = _nested(PointerTold, "What is served now, when it went live", allow_none=True)


class FenceVersions(ma.Schema):
    """The versions of imported fences."""

    versions = _several(FenceVersionTold, "Newest first, at most 100")


class KeyTold(ma.Schema):
    """A key. Of a secret key only beginning and end are shown after it was made."""

    id = _told(fields.String, "Its id", "5d41402abc4b2a76b9719d911017c592")
    kind = _told(fields.String, "publishable, secret or user_token", "publishable")
    label = _told(fields.String, "Where it is used", "Android app")
    key = _told(fields.String, "The key, or a hint of it", "pk_bites_production_…")
    created_at = _told(fields.Integer, "When", 1795138923)
    created_by = _told(fields.String, "By whom", "asha@bites.example")
    revoked_at = _told(fields.Integer, "When it ended; null while it counts", None, allow_none=True)
    public_key = fields.String(
        metadata={"description": "PEM, of a key of kind user_token that has one", "example": "-----BEGIN …"}
    )


class OneKey(ma.Schema):
    """A key."""

    key = _nested(KeyTold, "The key")


class KeyList(ma.Schema):
    """Every key of the app and environment."""

    keys = _several(KeyTold, "Oldest first, revoked ones included")


class RevokedInstallation(ma.Schema):
    """An installation whose tokens ended."""

    id = _told(fields.String, "The installation", "6f0c2f9e-52b1-4f0e-9d39-0a4f5d1c7b11")
    epoch = _told(fields.Integer, "Tokens of earlier epochs are refused", 2)


class AuditRecordTold(ma.Schema):
    """Who did what to which thing, and whether it was let happen."""

    at = _told(fields.Integer, "When", 1795138999)
    who = _told(fields.String, "Admin id", "ravi@bites.example")
    what = _told(fields.String, "A dotted verb", "release.published")
    target = _told(fields.String, "To which thing", "bites/production")
    outcome = _told(fields.String, "done or refused", "done")
    detail = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={"description": "Names and numbers", "example": {"sequence": 17, "release": 42}},
    )


class AuditPage(ma.Schema):
    """Audit records, newest first."""

    records = _several(AuditRecordTold, "Newest first")
    next = _cursor()


class AdminTold(ma.Schema):
    """A person, with the grants that the caller may see."""

    id = _told(fields.String, "Who", "asha@bites.example")
    grants = fields.Dict(
        keys=fields.String(),
        values=fields.String(validate=validate.OneOf(ROLES)),
        required=True,
        metadata={"description": "Role by place", "example": {"bites/production": "editor"}},
    )
    created_at = _told(fields.Integer, "When", 1795138923)
    created_by = _told(fields.String, "By whom", "bootstrap")


class OneAdmin(ma.Schema):
    """A person."""

    admin = _nested(AdminTold, "The person")


class AdminList(ma.Schema):
    """People."""

    admins = _several(AdminTold, "By id")


class AdminToken(ma.Schema):
    """A token for a person."""

    token = _told(fields.String, "Bearer token (JWT)", "eyJhbGciOi…")
    expires_in = _told(fields.Integer, "Seconds until it expires", 43_200)


class Health(ma.Schema):
    """A check that passed."""

    status = _told(fields.String, "Always ok", "ok", validate=validate.Equal("ok"))
