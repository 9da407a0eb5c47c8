"""What phones send.

Unknown members of a context are ignored, because an app newer than the server must still launch;
unknown members of a request are errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import marshmallow as ma
from marshmallow import fields, validate

from herenow.api.schemas.records import Records
from herenow.beacons.model import MAX_BATCH
from herenow.launch.paging import MAX_CURSOR
from herenow.profiles.consent import PURPOSES, STATUSES

UUID_PATTERN: Final = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
SECRET_PATTERN: Final = r"^[A-Za-z0-9_-]{43,128}={0,2}$"  # noqa: S105 - a shape, not a secret
MAX_REFERRER: Final = 64_000
MAX_LEASES: Final = 500
"""Longest referrer accepted; what lies beyond the parser's own bound is not read."""


class WholeText(validate.Regexp):
    """A pattern for the whole value: Python's ``$`` alone would let a line feed follow."""

    def __call__(self, value: Any) -> Any:
        """Raises ``ValidationError``."""
        if self.regex.fullmatch(value) is None:
            raise ma.ValidationError(self._format_error(value))
        return value


def _text(limit: int, description: str, example: Any, **more: Any) -> fields.String:
    return fields.String(
        validate=validate.Length(max=limit), metadata={"description": description, "example": example}, **more
    )


class NullIsAbsent(ma.Schema):
    """A member that is ``null`` was not said: many serialisers write what they do not know so."""

    @ma.pre_load
    def drop_nulls(self, told: Any, **_: Any) -> Any:
        """Leave out what is ``null``."""
        if not isinstance(told, Mapping):
            return told
        return {name: value for name, value in told.items() if value is not None}


class Screen(NullIsAbsent):
    """The screen of the device."""

    class Meta:
        unknown = ma.EXCLUDE

    width = fields.Integer(
        validate=validate.Range(0, 100_000), metadata={"description": "Pixels across", "example": 1080}
    )
    height = fields.Integer(
        validate=validate.Range(0, 100_000), metadata={"description": "Pixels down", "example": 2424}
    )
    density = fields.Float(
        validate=validate.Range(0, 100), metadata={"description": "Pixels a point", "example": 2.6}
    )


class Device(NullIsAbsent):
    """The device."""

    class Meta:
        unknown = ma.EXCLUDE

    device_class = fields.String(
        data_key="class",
        attribute="class",
        validate=validate.Length(max=40),
        metadata={"description": "phone, tablet, watch, …", "example": "phone"},
    )
    model = _text(80, "Model name", "Pixel 9")
    screen = fields.Nested(Screen, metadata={"description": "Its screen"})


class Location(NullIsAbsent):
    """Where the device is; used only with consent to location, and never stored."""

    class Meta:
        unknown = ma.EXCLUDE

    lat = fields.Float(
        required=True,
        validate=validate.Range(-90, 90),
        metadata={"description": "Degrees north", "example": 19.2},
    )
    lon = fields.Float(
        required=True,
        validate=validate.Range(-180, 180),
        metadata={"description": "Degrees east", "example": 72.84},
    )
    accuracy_m = fields.Float(
        validate=validate.Range(0, 100_000),
        metadata={"description": "Radius of doubt, metres", "example": 20},
    )


class Context(NullIsAbsent):
    """What is known at evaluation; everything may be missing."""

    class Meta:
        unknown = ma.EXCLUDE

    platform = _text(40, "Operating system", "android")
    os_version = _text(40, "Its version", "15")
    app_version = _text(40, "The app's version", "3.2.1")
    locale = _text(35, "BCP 47 tag", "en-IN")
    country = _text(2, "ISO 3166 code", "IN")
    time_zone = _text(64, "IANA name", "Asia/Kolkata")
    device = fields.Nested(Device, metadata={"description": "The device"})
    capabilities = fields.List(
        fields.String(validate=validate.Length(max=40)),
        validate=validate.Length(max=40),
        metadata={
            "description": "What this client can do",
            "example": ["in_app", "push", "local_notification", "geofence"],
        },
    )
    network = _text(20, "wifi, cellular, …", "wifi")
    now = _text(40, "The device's clock with its offset, ISO 8601", "2026-11-20T07:12:03+05:30")
    location = fields.Nested(Location, metadata={"description": "Place, when the person allows it"})


class PlayInstallReferrer(NullIsAbsent):
    """What the Play Install Referrer library returns."""

    class Meta:
        unknown = ma.EXCLUDE

    install_referrer = _text(
        MAX_REFERRER,
        "The referrer string as returned, still encoded",
        "utm_source=web&utm_medium=search&utm_term=burger%2Bjoints%2Bin%2Bkandivali%2Bwest",
        required=True,
    )
    referrer_click_timestamp_seconds = fields.Integer(
        metadata={"description": "Click, device clock, epoch seconds", "example": 1795138800}
    )
    install_begin_timestamp_seconds = fields.Integer(
        metadata={"description": "Install began, device clock, epoch seconds", "example": 1795138860}
    )
    referrer_click_timestamp_server_seconds = fields.Integer(
        metadata={"description": "Click, Google's clock, epoch seconds", "example": 1795138801}
    )
    install_begin_timestamp_server_seconds = fields.Integer(
        metadata={"description": "Install began, Google's clock, epoch seconds", "example": 1795138861}
    )
    install_version = _text(40, "Version first installed", "3.2.1")
    google_play_instant = fields.Boolean(
        metadata={"description": "An instant experience was used in the last 7 days", "example": False}
    )


class Vendor(ma.Schema):
    """What a deep-link vendor's SDK reported."""

    name = fields.String(
        required=True,
        validate=validate.OneOf(["branch", "appsflyer", "adjust"]),
        metadata={"description": "Whose payload", "example": "branch"},
    )
    payload = fields.Dict(
        keys=fields.String(),
        required=True,
        validate=validate.Length(max=100),
        metadata={"description": "The payload as received", "example": {"~campaign": "burgers"}},
    )


class Acquisition(NullIsAbsent):
    """How the installation came; any of these, or none for an organic install."""

    play_install_referrer = fields.Nested(
        PlayInstallReferrer, metadata={"description": "Android: the Play install referrer"}
    )
    apple_adservices_token = _text(
        4096, "iOS: the token of AAAttribution; resolved on the server", "c29tZSB0b2tlbg=="
    )
    apple_adservices = fields.Dict(
        keys=fields.String(validate=validate.Length(max=40)),
        validate=validate.Length(max=40),
        metadata={
            "description": "iOS: Apple's attribution, when the app asked Apple itself",
            "example": {"attribution": True, "campaignId": 5, "adGroupId": 777, "keywordId": 1234567},
        },
    )
    deep_link = _text(MAX_REFERRER, "The URL that opened the app", "https://bites.example/find?q=burgers")
    utm = fields.Dict(
        keys=fields.String(validate=validate.Length(max=40)),
        values=fields.String(validate=validate.Length(max=2000)),
        validate=validate.Length(max=20),
        metadata={"description": "UTM parameters", "example": {"utm_term": "burgers"}},
    )
    query = _text(2000, "The search text itself, when the app knows it", "burger joints in Kandivali West")
    vendor = fields.Nested(Vendor, metadata={"description": "Branch, AppsFlyer or Adjust"})


class Consent(ma.Schema):
    """One status a purpose; what is not mentioned keeps its status, or the app's default."""

    class Meta:
        include: ClassVar[dict[str, fields.Field[Any]]] = {
            purpose: fields.String(
                validate=validate.OneOf(STATUSES),
                metadata={"description": f"Consent to {purpose.replace('_', ' ')}", "example": "granted"},
            )
            for purpose in PURPOSES
        }


class Secret(ma.Schema):
    """Proof that the caller is the installation."""

    installation_id = fields.String(
        required=True,
        validate=WholeText(UUID_PATTERN, error="Not a UUID."),
        metadata={
            "description": "UUID made by the client at first start",
            "example": "6f0c2f9e-52b1-4f0e-9d39-0a4f5d1c7b11",
        },
    )
    installation_secret = fields.String(
        required=True,
        validate=WholeText(SECRET_PATTERN, error="Not 32 bytes or more in base64url."),
        metadata={
            "description": "32 random bytes in base64url, kept where device backups do not reach",
            "example": "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        },
    )


class FirstLaunch(Secret):
    """The first launch: everything the app knows, in one request."""

    context = fields.Nested(
        Context, load_default=dict, metadata={"description": "Device, locale, place, time"}
    )
    acquisition = fields.Nested(
        Acquisition, load_default=dict, metadata={"description": "How the installation came"}
    )
    consent = fields.Nested(Consent, load_default=dict, metadata={"description": "What the person allows"})


class LeaseReturned(ma.Schema):
    """A lease of a cap that the device uses no more (contract, 11.6.4)."""

    rule = fields.String(
        required=True,
        validate=validate.Length(1, 300),
        metadata={"description": "The cap it is of, as it was lent", "example": "policy/caps/0"},
    )
    until = fields.Integer(
        required=True,
        strict=True,
        metadata={"description": "When it ended, as it was lent (epoch seconds)", "example": 1_795_219_200},
    )
    used = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(min=0),
        metadata={"description": "How many messages were shown out of it", "example": 0},
    )


class ConfigRequest(ma.Schema):
    """A later launch."""

    context = fields.Nested(
        Context, load_default=dict, metadata={"description": "Device, locale, place, time"}
    )
    leases = fields.List(
        fields.Nested(LeaseReturned),
        load_default=list,
        validate=validate.Length(max=MAX_LEASES),
        metadata={"description": "Of a device that decides about messages by itself: what it gives back"},
    )


class BeaconBatch(Records):
    """Beacons in the order of recording; each is judged alone, so their members are not checked here."""

    records = "beacons"

    sent_at = fields.String(
        allow_none=True,
        validate=validate.Length(max=64),
        metadata={
            "description": "When it was sent, by the clock that stamped `at`",
            "example": "2026-11-20T07:15:00.120+05:30",
        },
    )
    beacons = fields.List(
        fields.Raw(allow_none=True, metadata={"description": "`{id, seq, type, name, at, properties}`"}),
        required=True,
        validate=validate.Length(min=1, max=MAX_BATCH),
        metadata={"description": f"At most {MAX_BATCH}"},
    )
    dropped = fields.Dict(
        keys=fields.String(validate=validate.Length(max=64)),
        values=fields.Integer(strict=True, validate=validate.Range(min=0, max=2**53 - 1)),
        validate=validate.Length(max=32),
        load_default=dict,
        allow_none=True,
        metadata={"description": "What the device gave up since the last batch, by code"},
    )


class RankRequest(ma.Schema):
    """The app's own list, to be ordered for this person."""

    ids = fields.List(
        fields.String(validate=validate.Length(min=1, max=120)),
        required=True,
        validate=validate.Length(min=1, max=1000),
        metadata={"description": "Item ids, at most 1,000", "example": ["patty-lane-kandivali-west"]},
    )


class PageQuery(ma.Schema):
    """Which page of a placement."""

    class Meta:
        unknown = ma.EXCLUDE

    cursor = _text(MAX_CURSOR, "`next` of the page before; leave out for the first page", "MjA6MTc")


CONFIG_REQUEST: Final = ConfigRequest()
