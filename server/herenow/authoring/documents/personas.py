"""``personas.json``: representative people, for preview and review."""

from __future__ import annotations

from typing import Any, Final

from herenow.authoring.documents import names
from herenow.authoring.documents.structures import ListOf, MapOf, Record, RecordOf
from herenow.authoring.documents.values import Anything, Choice, Flag, Number, Text


def short(description: str, example: str, **common: Any) -> Text:
    """A short text."""
    return Text(description, maximum=120, example=example, **common)


class Screen(Record):
    """The device's screen."""

    title = "a screen"

    width = Number("Pixels across.", whole=True, minimum=1, maximum=20_000, example=1080)
    height = Number("Pixels down.", whole=True, minimum=1, maximum=20_000, example=2424)
    density = Number("Pixels per point.", above=0, maximum=10, example=2.6)


class Device(Record):
    """The device."""

    title = "a device"

    class_ = Choice("Its size.", ("phone", "tablet", "watch", "tv", "desktop"), key="class", example="phone")
    model = short("Its model.", "Pixel 9")
    screen = RecordOf("Its screen.", Screen, example={"width": 1080, "height": 2424, "density": 2.6})


class Location(Record):
    """Where the person is."""

    title = "a position"

    lat = names.latitude()
    lon = names.longitude()
    accuracy_m = Number("Accuracy in metres.", minimum=0, maximum=100_000, example=30)


class Context(Record):
    """What the device would say of itself."""

    title = "a context"

    platform = Choice("The platform.", ("android", "ios", "web"), required=True, example="android")
    os_version = short("Its version.", "15")
    app_version = short("The app's version.", "3.2.1")
    locale = names.locale("The person's locale.", example="en-IN")
    country = Text("ISO 3166 country.", pattern="^[A-Z]{2}$", means="two capital letters", example="IN")
    time_zone = short("IANA time zone.", "Asia/Kolkata")
    device = RecordOf("The device.", Device, example={"class": "phone", "model": "Pixel 9"})
    capabilities = ListOf(
        "What the app can do on it.",
        names.name("A capability."),
        maximum=50,
        unique=True,
        example=["in_app", "push"],
    )
    network = short("The network.", "wifi")
    now = names.moment(
        "The instant of the preview; the real one when absent.", example="2026-11-20T07:12:03+05:30"
    )
    location = RecordOf("Where the person is.", Location, example={"lat": 19.2053, "lon": 72.8277})
    attributes = MapOf(
        "Attributes that the app itself sets.",
        Anything("A value.", null=True),
        name=names.feature("An attribute."),
        maximum=100,
        example={"plan": "gold"},
    )


class PlayReferrer(Record):
    """What Google Play's install referrer library tells."""

    title = "a Play install referrer"

    install_referrer = Text(
        "The referrer text.", maximum=8000, required=True, example="utm_source=web&utm_term=burger"
    )
    referrer_click_timestamp_seconds = Number(
        "When it was clicked.", whole=True, minimum=0, example=1795138800
    )
    install_begin_timestamp_seconds = Number(
        "When the install began.", whole=True, minimum=0, example=1795138860
    )
    referrer_click_timestamp_server_seconds = Number(
        "When it was clicked, by Google's clock.", whole=True, minimum=0, example=1795138800
    )
    install_begin_timestamp_server_seconds = Number(
        "When the install began, by Google's clock.", whole=True, minimum=0, example=1795138860
    )
    install_version = short("The version first installed.", "3.2.1")
    google_play_instant = Flag("Whether it came as an instant app.", example=False)


class PersonaAcquisition(Record):
    """How the person came."""

    title = "an acquisition"

    status = Choice("`none` for an organic install.", ("none",), example="none")
    query = Text("The search text itself.", minimum=1, maximum=500, example="burger joints in Kandivali West")
    deep_link = Text("The link that was opened.", minimum=1, maximum=4000, example="bites://search?q=burgers")
    play_install_referrer = RecordOf(
        "Google Play's referrer.", PlayReferrer, example={"install_referrer": "utm_term=burger"}
    )
    utm = MapOf(
        "Campaign parameters.",
        Text("A value.", maximum=500),
        name=Text("A parameter.", pattern="^utm_[a-z_]{1,30}$", means="a name such as utm_term"),
        maximum=20,
        example={"utm_source": "web", "utm_term": "burger joints"},
    )


class Persona(Record):
    """A representative person."""

    title = "a persona"

    description = names.sentence(example="Came from the founding search")
    context = RecordOf(
        "The device and the moment.",
        Context,
        required=True,
        example={"platform": "android", "locale": "en-IN"},
    )
    acquisition = RecordOf(
        "How the person came; organic when absent.", PersonaAcquisition, example={"query": "burger joints"}
    )
    consent = names.consent("What the person agreed to.", example={"personalization": "granted"})
    installed_at = names.moment("When the app was installed; just now when absent.", example="2026-11-20")


DOCUMENT: Final = names.map_of(
    "Representative people, for preview and review.", RecordOf("A persona.", Persona), whole=True
)
