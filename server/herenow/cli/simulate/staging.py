"""The stage: a store with the app live, its server within this process, and the app as people find it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import jwt
from werkzeug.test import Client

from herenow.api.app import create_app
from herenow.bootstrap import build_services
from herenow.catalog.catalog import Catalog
from herenow.catalog.rows import NO_COORDINATE
from herenow.cli.demo.seeding import OWNER, Seeded, seed
from herenow.cli.folders import read_folder
from herenow.cli.simulate.postman import Postman
from herenow.errors import Invalid
from herenow.services import Services
from herenow.settings import Settings
from herenow.simulation.lives import MovedClock, Surroundings
from herenow.simulation.scenery import Fence, Item, Scenery, liked_facet, scenery
from herenow_sdk.core.messages.durations import read_duration

BEGINS: Final = date(2026, 11, 2)
"""The first day of every simulation, a Monday."""
_E6: Final = 1_000_000
_DWELL_S: Final = 300
_TOKEN_S: Final = 300
_NO_LIMIT: Final = 1_000_000
OUTBOX: Final = "outbox.ndjson"
"""The file in which the local outbox keeps what left, in the data folder."""
PUBLIC: Final = "https://herenow.example"


@dataclass(frozen=True, slots=True)
class Stage:
    """A server with the app live on it, and where people live."""

    services: Services
    seeded: Seeded
    around: Surroundings
    folder: Path
    """The app's documents, as written."""


class InProcess:
    """HTTP to the server's application without a network between."""

    def __init__(self, application: Any) -> None:
        self._client = Client(application)

    def __call__(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, dict[str, Any]]:
        """Ask and be answered."""
        answer = self._client.open(path, method=method, data=body, headers=dict(headers))
        document: dict[str, Any] = json.loads(answer.get_data() or b"{}") if answer.is_json else {}
        return answer.status_code, document


@contextmanager
def staged(settings: Settings, folder: Path, *, chance: int | None) -> Iterator[Stage]:
    """The app in ``folder``, live.

    With ``chance``, a seed, the store's secret is decided by it, so that all that is keyed comes out the same
    each time; a store that is kept makes its own.
    Raises ``Invalid`` for a folder that is no valid app.
    """
    if chance is not None:
        settings = replace(settings, secret=sha256(f"simulation {chance}".encode()).hexdigest())
    outbox = settings.data_dir / OUTBOX
    settings = replace(
        settings, installations_per_minute=_NO_LIMIT, outbox_file=str(outbox), public_url=PUBLIC
    )
    clock = MovedClock(_midnight(read_folder(folder).app))
    services = build_services(settings, clock=clock)
    try:
        seeded = seed(services, folder)
        found = read_scenery(services.serving.current(seeded.scope).catalog, seeded.app, folder)
        yield Stage(services, seeded, _around(services, seeded, found, clock, Postman(outbox)), folder)
    finally:
        services.close()


def read_scenery(catalog: Catalog, app: Mapping[str, Any], folder: Path) -> Scenery:
    """The app as people find it. Raises ``Invalid`` (NOTHING_TO_LIKE) where nothing could be liked."""
    try:
        facet = liked_facet(app)
        intents = _document(folder / "intents.json")
        words = intents.get("synonyms", {}).get(facet, {})
        return scenery(app, _items(catalog, facet), words, _fences(folder), _forms(folder), _texts(folder))
    except ValueError as error:
        raise Invalid(
            f"nobody can live on this app: {error}",
            code="NOTHING_TO_LIKE",
            detail="It needs a catalogue and a facet of type tags with intent: true.",
        ) from error


def _items(catalog: Catalog, facet: str) -> list[Item]:
    """The catalogue's items, as far as people care for them."""
    schema = catalog.schema
    area, numbers = (
        schema.located,
        {role: _numbers(catalog, role) for role in ("price", "popularity", "quality")},
    )
    found = []
    for index in range(len(catalog)):
        where = _where(catalog, index)
        fields = catalog.fields_at(index)
        found.append(
            Item(
                id=catalog.id_at(index),
                name=str(
                    next((text for text in fields.values() if isinstance(text, str)), catalog.id_at(index))
                ),
                values=catalog.values_at(facet, index),
                area=next(iter(catalog.values_at(area.name, index)), None) if area else None,
                where=where,
                price=numbers["price"][index],
                popularity=numbers["popularity"][index] or 0.0,
                quality=numbers["quality"][index],
            )
        )
    return found


def _numbers(catalog: Catalog, role: str) -> list[float | None]:
    """The number that plays a role, of every item; ``None`` where it is not known or no facet plays it."""
    facet = catalog.schema.role(role)
    if facet is None:
        return [None] * len(catalog)
    return [None if each != each else float(each) for each in catalog.number(facet.name)]


def _where(catalog: Catalog, index: int) -> tuple[float, float] | None:
    lat, lon = int(catalog.lat_e6[index]), int(catalog.lon_e6[index])
    return None if lat == NO_COORDINATE else (lat / _E6, lon / _E6)


def _fences(folder: Path) -> list[Fence]:
    """The fences by their middles; beacon regions are not walked into here."""
    features = _document(folder / "fences.geojson").get("features", ())
    return [
        Fence(
            id=str(each["id"]),
            name=str(each["properties"].get("name", each["id"])),
            where=_middle(each["geometry"]),
            item=each["properties"].get("item"),
            dwell_s=read_duration(each["properties"].get("dwell")) or _DWELL_S,
        )
        for each in features
        if each["geometry"] and "beacon" not in each["properties"]
    ]


def _forms(folder: Path) -> dict[str, str]:
    """The forms of the app's offers."""
    offers = _document(folder / "offers.json")
    return {name: str(each["form"]) for name, each in offers.items() if isinstance(each, dict)}


def _texts(folder: Path) -> dict[str, tuple[str, ...]]:
    """What the app's offers say of themselves, in every language."""
    offers = _document(folder / "offers.json")
    return {name: _languages(each["text"]) for name, each in offers.items() if isinstance(each, dict)}


def _languages(text: str | Mapping[str, str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text.values())


def _middle(geometry: Mapping[str, Any]) -> tuple[float, float]:
    """The middle of a point or of a polygon's outer ring, north and east."""
    if geometry["type"] == "Point":
        return float(geometry["coordinates"][1]), float(geometry["coordinates"][0])
    ring = geometry["coordinates"][0][:-1]
    return sum(each[1] for each in ring) / len(ring), sum(each[0] for each in ring) / len(ring)


def _document(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_bytes()) if path.is_file() else {}
    return document


def _around(
    services: Services, seeded: Seeded, found: Scenery, clock: MovedClock, post: Postman
) -> Surroundings:
    key, secret = services.user_tokens.create_key(seeded.scope, label="simulation", by=OWNER)

    def sign(user: str, at: float) -> str:
        claims = {"sub": user, "aud": str(seeded.scope), "iat": int(at), "exp": int(at) + _TOKEN_S}
        return jwt.encode(claims, secret, algorithm="HS256", headers={"kid": key.id})

    door = InProcess(create_app(services))
    _, told = services.keys.create(seeded.scope, "secret", label="simulation", by=OWNER)
    return Surroundings(found, door, seeded.publishable_key, clock, BEGINS, sign, post.collect, told)


def _midnight(app: Mapping[str, Any]) -> float:
    zone = ZoneInfo(str(app.get("time_zone", "UTC")))
    return datetime(BEGINS.year, BEGINS.month, BEGINS.day, tzinfo=zone).timestamp()
