"""``intent``: what a search means to an app, how well searches are read, and learning from labelled ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from herenow.cli.connection import Connection, app_document, connected
from herenow.cli.folders import DocumentFolder, read_folder
from herenow.cli.intent_labelled import Naming, read_labelled
from herenow.cli.intent_measured import Measured, measured_lines
from herenow.cli.intent_spoken import search_lines
from herenow.cli.intent_trained import training_lines
from herenow.cli.output import json_option, print_json
from herenow.cli.workspace import Json
from herenow.launch.understanding import Question
from herenow.scope import Scope

_PARSE: Final = "parse"
_LAT, _LON = 90.0, 180.0


class DefaultsToParse(click.Group):
    """A group in which what names no command is a text to parse."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """``herenow intent "burgers"`` is ``herenow intent parse "burgers"``."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [_PARSE, *args]
        return super().parse_args(ctx, args)


class Point(click.ParamType[dict[str, float]]):
    """``19.2,72.84``: degrees north, degrees east."""

    name = "lat,lon"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dict[str, float]:
        """Both in range."""
        try:
            lat, lon = (float(part) for part in str(value).split(","))
        except ValueError:
            self.fail("is degrees north and east, such as 19.2,72.84", param, ctx)
        if not (abs(lat) <= _LAT and abs(lon) <= _LON):
            self.fail("is at most 90 degrees north or south and 180 east or west", param, ctx)
        return {"lat": lat, "lon": lon}


@dataclass(frozen=True, slots=True)
class Asking:
    """Where a question is asked: the documents of a folder, or what is live; and on which phone."""

    folder: Path | None
    near: dict[str, float] | None
    country: str | None
    locale: str | None

    def documents(self) -> DocumentFolder | None:
        """Those of the folder, if one is named."""
        return None if self.folder is None else read_folder(self.folder)

    def ask(self, connection: Connection, texts: Sequence[str]) -> tuple[Scope, Sequence[Json]]:
        """What the texts mean."""
        documents = self.documents()
        scope = _scope(connection, documents)
        question = Question.of(texts, self.near, self.country, self.locale)
        with connection.workspace(scope, looking=True) as workspace:
            if documents is None:
                return scope, workspace.understand(question)
            return scope, workspace.understand(question, documents.files, catalog=documents.catalog)


def asking(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of ``Asking``."""
    for option in (
        click.option("--locale", metavar="TAG", help="The phone's language, such as hi-IN.  [the app's]"),
        click.option("--country", metavar="CC", help="The phone's country, such as IN."),
        click.option("--near", type=Point(), help="Where the phone is, such as 19.2,72.84."),
        click.option(
            "--folder",
            type=click.Path(path_type=Path),
            help="Read with the documents and the catalogue of this folder.  [what is live]",
        ),
    ):
        command = option(command)
    return command


mapped: Final = click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="TYPE=NAME[,NAME]",
    help="What a type of the file is called here: facets, place, wishes.  [the same]",
)


@click.group(cls=DefaultsToParse)
def intent() -> None:
    """See what searches are taken to mean, measure it, learn from searches.

    \b
    herenow intent "burger joints in Kandivali West" --app my-app
    """  # noqa: D301 - \b is click's mark for text that keeps its lines


@intent.command(_PARSE)
@click.argument("text")
@asking
@json_option
@connected
def parse(connection: Connection, text: str, *, as_json: bool, **phone: Any) -> None:
    """Show what TEXT is taken to mean: which words, how sure, from where, and what is left.

    "parse" may be left out, unless the text is the name of a command.

    \b
    herenow intent "cheap biryani near me" --near 19.2,72.84
    herenow intent parse "cafés in Bandra" --folder my-app --json
    herenow intent "burgers" --app my-app --server https://herenow.example

    Exit codes: 0 shown, 1 nothing is live or the folder is not valid, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    scope, (told,) = Asking(**phone).ask(connection, [text])
    if as_json:
        print_json(told)
        return
    for line in search_lines(told, str(scope)):
        click.echo(line)


@intent.command("eval")
@click.argument("file", type=click.Path(path_type=Path))
@mapped
@asking
@json_option
@connected
def evaluate(
    connection: Connection, file: Path, mapping: tuple[str, ...], *, as_json: bool, **phone: Any
) -> None:
    """Score the searches of FILE, a line each: text, tab, JSON list of {"type", "start", "end"}.

    Spans count characters, the end exclusive. A span is exact when type and borders are right; it
    overlaps when the type is and it shares a character. Types are facets, "place", and wishes such as
    "price" or "hours"; --map tells where the file calls them otherwise.

    \b
    herenow intent eval searches.tsv --app my-app
    herenow intent eval searches.tsv --folder my-app --map Food=category,dish --map Where=place,near_me

    Exit codes: 0 scored, 1 the file cannot be read or nothing is live, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    naming = Naming.of(mapping)
    labelled = read_labelled(file)
    scope, told = Asking(**phone).ask(connection, [each.text for each in labelled])
    result = Measured.of(labelled, told, naming)
    if as_json:
        print_json({"scope": str(scope), **result.as_json()})
        return
    for line in measured_lines(result, str(scope)):
        click.echo(line)


@intent.command("train")
@click.argument("file", type=click.Path(path_type=Path))
@mapped
@click.option("--dry-run", is_flag=True, help="Tell how it does, and keep nothing.")
@json_option
@connected
def train(
    connection: Connection, file: Path, mapping: tuple[str, ...], *, dry_run: bool, as_json: bool
) -> None:
    """Learn from the labelled searches of FILE (as for eval) what the app's own words do not tell.

    A fifth is kept back to compare with reading as it is; what was learned is used only for the types
    in which it is better there. Some hundreds of searches are needed. Reads with what is live, on the
    server's own machine, and needs the extra "tagger".

    \b
    herenow intent train searches.tsv --app my-app
    herenow intent train searches.tsv --app my-app --map Food=category --dry-run

    Exit codes: 0 told (in use where it says so), 1 could not be learned, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    labelled, naming = read_labelled(file), Naming.of(mapping)
    scope = connection.scope_here()
    with connection.local(scope, looking=dry_run) as workspace:
        told = workspace.train(naming.named(labelled), naming.spans_of, keep=not dry_run)
    if as_json:
        print_json(told)
        return
    for line in training_lines(told, str(scope)):
        click.echo(line)


def _scope(connection: Connection, documents: DocumentFolder | None) -> Scope:
    if documents is not None:
        return documents.scope(connection.environment, connection.app)
    return connection.scope_of(app_document(Path()))
