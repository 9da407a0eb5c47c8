"""``preview``: the first screen of representative people, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click

from herenow.cli import explaining, screens, wording
from herenow.cli.connection import Connection, connected
from herenow.cli.folders import read_folder
from herenow.cli.output import count, json_option, print_json

_ITEMS: Final = 6
_LABEL: Final = 16

Json = Mapping[str, Any]


@click.command
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--persona", metavar="NAME", help="This persona alone.")
@click.option(
    "--items", type=click.IntRange(1, 100), default=_ITEMS, show_default=True, help="Items of each placement."
)
@click.option("--explain", is_flag=True, help="Tell every rule asked and how each score is made.")
@json_option
@connected
def preview(
    connection: Connection, folder: Path, persona: str | None, items: int, *, explain: bool, as_json: bool
) -> None:
    """Show each persona's first screen before and after a change.

    Personas are described in personas.json. Before anything is imported, a catalog.csv or
    catalog.ndjson in the folder is looked at. Nothing is changed.

    \b
    herenow preview my-app
    herenow preview my-app --persona newcomer --items 10
    herenow preview my-app --persona newcomer --explain

    Exit codes: 0 shown, 1 the folder is not valid or the persona unknown, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    documents = read_folder(folder)
    scope = documents.scope(connection.environment, connection.app)
    with connection.workspace(scope, looking=True) as workspace:
        screens_of = workspace.preview(
            documents.files, persona=persona, catalog=documents.catalog, explain=explain
        )
    if as_json:
        print_json({"personas": screens_of})
        return
    declared = documents.app.get("placements", [])
    for each in screens_of:
        for line in persona_lines(each, declared, items):
            click.echo(line)


def persona_lines(told: Json, declared: Sequence[str], items: int) -> Iterator[str]:
    """One persona's first screens, told by what is different; placements in the order ``declared``."""
    after, before = told["after"], told["before"]
    why = told.get("explanation", {})
    yield f"{click.style(told['persona'], bold=True)}  {click.style(told['description'], dim=True)}"
    yield _line("understood", screens.understood(after["intent"]))
    yield from _features(before, after, told["changes"]["features"], why.get("features", {}))
    for name in declared:
        if name in after["placements"]:
            yield from _placement(name, after["placements"][name], told, items)
    yield ""


def _features(before: Json | None, after: Json, changed: list[str], explained: Json) -> Iterator[str]:
    """The features that changed; all of them when nothing is live or each is explained."""
    shown = (
        changed
        if before is not None and not explained
        else list({**after["features"], **dict.fromkeys(changed)})
    )
    for name in shown:
        result = after["features"].get(name)
        value = screens.value_text(result["value"]) if result else "gone"
        why = f"  {click.style(wording.feature_words(result), dim=True)}" if result else ""
        yield _line(name, f"{_was(before, name) if name in changed else ''}{value}{why}")
        yield from _dimmed(explaining.rule_lines(explained.get(name, {})))
    same = len(after["features"]) - sum(name in after["features"] for name in shown)
    if same:
        yield _line("", click.style(f"{count(same, 'feature')} as before", dim=True))


def _was(before: Json | None, name: str) -> str:
    result = (before or {}).get("features", {}).get(name)
    return f"{screens.value_text(result['value'])} → " if result else ""


def _placement(name: str, placement: Json, told: Json, items: int) -> Iterator[str]:
    moves = {each["id"]: each for each in told["changes"]["placements"].get(name, ())}
    news = "nothing is live yet" if told["before"] is None else _news(moves)
    yield _line(name, click.style(news, dim=True))
    shown = placement["items"][:items]
    lines = screens.item_lines(shown)
    scores = explaining.score_lines(told.get("explanation", {}).get("placements", {}).get(name, {}))
    for item, line in zip(shown, lines, strict=True):
        mark = "" if told["before"] is None else _mark(moves.get(item["id"]))
        yield f"  {line}{mark}"
        yield from _dimmed(scores.get(item["id"], ()))
    yield from _dimmed(wording.because_lines(placement["because"]))


def _dimmed(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield f"        {click.style(line, dim=True)}"


def _news(moves: Mapping[str, Json]) -> str:
    entered = sum(move["from"] is None for move in moves.values())
    left = sum(move["to"] is None for move in moves.values())
    moved = len(moves) - entered - left
    parts = [
        f"{number} {what}" for number, what in ((entered, "new"), (left, "gone"), (moved, "moved")) if number
    ]
    return ", ".join(parts) or "as before"


def _mark(move: Json | None) -> str:
    if move is None:
        return ""
    return click.style("  new" if move["from"] is None else f"  was {move['from']}", fg="yellow")


def _line(label: str, text: str) -> str:
    return f"  {click.style(f'{label:<{_LABEL}}', fg='cyan')} {text}"
