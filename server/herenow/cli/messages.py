"""``messages preview``: what a campaign says to representative people, before anybody gets it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import click

from herenow.cli.connection import Connection, connected
from herenow.cli.folders import read_folder
from herenow.cli.output import count, json_option, print_json
from herenow.messaging.previewing import Asked

_LABEL: Final = 8
_TEXTS: Final = ("title", "body", "link", "image", "category", "code")
_SERVICES: Final = {"ios": "APNs", "android": "FCM"}

Json = Mapping[str, Any]


@click.group
def messages() -> None:
    """See what campaigns say."""


@messages.command("preview")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("campaign")
@click.option("--persona", metavar="NAME", help="To this persona alone.")
@click.option("--locale", metavar="LOCALE", help="In this language alone, such as en or hi-IN.")
@click.option("--channel", metavar="CHANNEL", help="Its size on this channel alone: push, sms …")
@click.option("--item", metavar="ID", help="About this item.")
@click.option("--place", metavar="ID", help="About this fence.")
@click.option("--event", metavar="NAME=VALUE", multiple=True, help="What the event tells; several times.")
@json_option
@connected
def preview_messages(
    connection: Connection,
    folder: Path,
    campaign: str,
    persona: str | None,
    *,
    event: tuple[str, ...],
    as_json: bool,
    **asked: str | None,
) -> None:
    """Show a campaign's message to each persona in each of its languages.

    Texts as they would be written, the bytes that APNs and FCM would take, and every name that has
    no value. Nothing is promised or sent.

    \b
    herenow messages preview my-app cart_nudge
    herenow messages preview my-app cart_nudge --persona newcomer --locale hi --item patty-lane

    Exit codes: 0 shown, 1 the folder is not valid or a name unknown, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    documents = read_folder(folder)
    scope = documents.scope(connection.environment, connection.app)
    with connection.workspace(scope, looking=True) as workspace:
        found = workspace.preview_message(
            documents.files,
            Asked(campaign, **asked, event=dict(map(_property, event)) or None),
            persona=persona,
            catalog=documents.catalog,
        )
    if as_json:
        print_json({"messages": found})
        return
    for each in found:
        for line in message_lines(each):
            click.echo(line)


def _property(told: str) -> tuple[str, Any]:
    """``price=340``: the value is JSON where it can be read so, else a text."""
    name, equals, value = told.partition("=")
    if not equals:
        raise click.BadParameter("say NAME=VALUE, such as price=340", param_hint="--event")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def message_lines(told: Json) -> Iterator[str]:
    """One message: its texts, what it is about, its sizes, and what is missing."""
    yield f"{click.style(told['persona'], bold=True)}  {click.style(told['locale'], dim=True)}"
    content = told["content"]
    if content is None:
        yield _line("", click.style("not said: a name without a value stands in it", fg="yellow"))
    yield from _text_lines(content or {}, {})
    for channel, varied in told.get("by_channel", {}).items():
        yield _line(channel, click.style("says instead", dim=True) if varied else "not said")
        yield from _text_lines(varied or {}, content or {})
    for each in (content or {}).get("actions", ()):
        yield _line("button", "  ".join(filter(None, (each["title"], each.get("link", "")))))
    if told["about"]:
        yield _line("about", ", ".join(f"{name} {each}" for name, each in told["about"].items()))
    for each in told["sizes"]:
        yield _line(each["channel"], _size(each))
    for each in told["missing"]:
        doubt = "said without it" if each["said"] else "not said without it"
        yield _line("missing", click.style(f"{each['name']} in {each['text']}: {doubt}", fg="yellow"))
    yield ""


def _text_lines(content: Json, but: Json) -> Iterator[str]:
    """The texts of a content that are others than those of another."""
    for name in _TEXTS:
        if content.get(name) and content[name] != but.get(name):
            yield _line(name, str(content[name]))


def _size(told: Json) -> str:
    """``APNs 412 of 4,096 bytes``; of an SMS its characters, and how many are billed."""
    if told["channel"] == "sms":
        text = f"{told['characters']:,} of {told['limit']:,} characters, {count(told['parts'], 'part')}"
    else:
        text = f"{_SERVICES[told['platform']]:<4} {told['bytes']:,} of {told['limit']:,} bytes"
    dropped = f", without {' and '.join(told['dropped'])}" if told.get("dropped") else ""
    return f"{text}{dropped}" if told["fits"] else f"{text}, too large to be sent"


def _line(label: str, text: str) -> str:
    return f"  {click.style(f'{label:<{_LABEL}}', fg='cyan')} {text}"
