"""The first screens of the example apps for ten searches each, as text that people can read.

``python -m tests.examples.first_screens`` writes them anew into ``golden/``; ``git diff`` then shows what a
change does to first screens, and whoever makes the change judges each of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import click

from herenow.catalog import Catalog, CatalogSchema
from herenow.catalog.build import build_catalog
from herenow.catalog.imports import read_rows
from herenow.cli import screens, wording
from herenow.cli.intent_spoken import search_lines
from herenow.launch.preview import Persona, preview, unpublished
from herenow.launch.serving import ServingSet
from herenow.launch.understanding import Question, understood
from herenow.scope import Scope

EXAMPLES: Final = Path(__file__).parents[2] / "examples"
GOLDEN: Final = Path(__file__).parent / "golden"
NOW: Final = int(datetime.fromisoformat("2026-11-20T12:00:00+05:30").timestamp())
SHOWN: Final = 8
"""Items of a placement that a golden file lists."""
_CATALOGS: Final = {"bites": ("catalog.csv", "csv"), "reels": ("catalog.ndjson", "ndjson")}
_PLACEMENTS: Final = {"bites": "home_feed", "reels": "home_row"}
_UNTIMED: Final = ", 0.00 ms"


@dataclass(frozen=True, slots=True)
class Search:
    """A search, what it is here to show, and the phone's language, country and place."""

    text: str
    shows: str
    locale: str = "en-IN"
    country: str = "IN"
    at: tuple[float, float] | None = None


SEARCHES: Final[Mapping[str, Mapping[str, Search]]] = {
    "bites": {
        "founding": Search("burger joints in Kandivali West", "the founding search"),
        "typos": Search("buger jionts in kandivli west", "typing is forgiven"),
        "hindi": Search("andheri west में सस्ती बिरयानी", "another script, and both in one search", "hi-IN"),
        "negation": Search("chinese in borivali west no momos", "what is not wanted comes last"),
        "price": Search("pizza in bandra west under 500 rupees", "an amount of the app's currency"),
        "rating": Search("biryani rated 4 and above in andheri", "a rating; a place that is two areas"),
        "unknown_city": Search("burgers in Pune", "a city where the catalogue has nothing"),
        "near_me": Search("ice cream near me", "the phone's own place", at=(19.0272, 72.8554)),
        "title": Search("patty lane", "a title, found in the items' text"),
        "nothing": Search("qwertz zzz", "nothing of it means anything"),
    },
    "reels": {
        "director": Search("science fiction by Ilse Marovane", "a value beside a synonym", "en-GB", "GB"),
        "year": Search("comedies from 2024", "a year of a date facet", "en-GB", "GB"),
        "decade": Search("90s thrillers", "the days of ten years", "en-GB", "GB"),
        "spanish": Search(
            "las mejores películas de terror",
            "another language: a wish and a genre",
            "es-ES",
            "ES",
        ),
        "typos": Search("documentry by ilse marovan", "typing is forgiven in names too", "en-GB", "GB"),
        "negation": Search("funny films without romance", "what is not wanted comes last", "en-GB", "GB"),
        "best": Search("best short comedies", "the better the sooner", "en-GB", "GB"),
        "cast": Search("drama with Jolanta Peverell-Nkemi", "somebody of the cast", "en-GB", "GB"),
        "unknown_director": Search(
            "directed by Ada Nobody", "a name the catalogue does not have", "en-GB", "GB"
        ),
        "title": Search("the salt antenna", "a title, found in the items' text", "en-GB", "GB"),
    },
}


def golden_path(app: str, name: str) -> Path:
    """Where the screen of a search is kept."""
    return GOLDEN / app / f"{name}.txt"


def screen_text(app: str, search: Search) -> str:
    """What is understood and what the first screen shows, as it is kept."""
    return "\n".join([f"# {search.shows}", "", *_understood(app, search), *_shown(app, search)]) + "\n"


def _understood(app: str, search: Search) -> Iterator[str]:
    near = None if search.at is None else dict(zip(("lat", "lon"), search.at, strict=True))
    told = understood(serving_set(app), Question.of([search.text], near, search.country, search.locale))[0]
    for line in search_lines({**told, "took_us": 0}, app):
        yield click.unstyle(line).replace(_UNTIMED, "").rstrip()


def _shown(app: str, search: Search) -> Iterator[str]:
    placement = preview(None, serving_set(app), [_persona(search)], NOW)[0].after["placements"][
        _PLACEMENTS[app]
    ]
    yield ""
    yield _PLACEMENTS[app]
    yield from (f"  {line}" for line in wording.because_lines(placement["because"]))
    yield ""
    yield from map(click.unstyle, screens.item_lines(placement["items"][:SHOWN]))


def _persona(search: Search) -> Persona:
    context: dict[str, Any] = {"platform": "android", "locale": search.locale, "country": search.country}
    if search.at is not None:
        context["location"] = dict(zip(("lat", "lon"), search.at, strict=True))
    granted = {"personalization": "granted", "location": "granted"}
    return Persona("searcher", search.shows, context, {"query": search.text}, granted)


@cache
def serving_set(app: str) -> ServingSet:
    """An example app, readied as if it were published."""
    folder = EXAMPLES / app
    documents = {
        path.name: json.loads(path.read_text(encoding="utf-8"))
        for path in (*folder.glob("*.json"), *folder.glob("*.geojson"))
        if path.name != "install.json"
    }
    return unpublished(Scope(app, "production"), documents, _catalog(folder, documents["app.json"]), NOW)


def _catalog(folder: Path, app: Mapping[str, Any]) -> Catalog:
    name, kind = _CATALOGS[folder.name]
    schema = CatalogSchema.from_app(app)
    with (folder / name).open("rb") as stream:
        return Catalog.open(memoryview(build_catalog(schema, read_rows(stream, kind, {}, schema))))


def write() -> None:
    """Write every golden file anew."""
    for app, searches in SEARCHES.items():
        (GOLDEN / app).mkdir(parents=True, exist_ok=True)
        for name, search in searches.items():
            golden_path(app, name).write_text(screen_text(app, search), encoding="utf-8")


if __name__ == "__main__":
    write()
