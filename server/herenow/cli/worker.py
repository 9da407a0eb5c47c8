"""``worker``: hands over messages that are due."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Sequence
from typing import Final

import click

from herenow.authoring.published_apps import published_apps
from herenow.authoring.validation.findings import nearest
from herenow.cli.connection import Connection, connected
from herenow.cli.output import count
from herenow.messaging.due import scopes_with_messages
from herenow.messaging.mass.calling import Called
from herenow.messaging.worker import Turn
from herenow.scope import Scope
from herenow.services import Services

_PAUSE_S: Final = 1.0
_CALLED_AT_ONCE: Final = 5_000
"""People of mass campaigns between two looks at what is due: nobody waits for a message to many."""
ALL: Final = "all"


@click.command
@click.argument("apps", nargs=-1, metavar="APP…|all")
@click.option("--once", is_flag=True, help="Hand over what is due now, and end.")
@connected
def worker(connection: Connection, apps: Sequence[str], *, once: bool) -> None:
    """Hand over messages that are due (push, e-mail, SMS), on this machine's stores, until stopped.

    Begins mass campaigns when they are due. Any number of workers share the load; what one that is killed
    had begun, another goes on with. Messages within the app need no worker.

    \b
    herenow worker my-app
    herenow worker all
    herenow worker my-app/staging --once

    Exit codes: 0 stopped when asked to, 1 could not start, 2 wrong usage, or nothing is published of an app.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    if connection.server:
        raise click.UsageError(
            "This works on the stores themselves: run it where they are, without --server."
        )
    if not apps:
        apps = (str(connection.scope_here()),)
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    with connection.local_services() as services:
        name = f"{socket.gethostname()}:{os.getpid()}"
        _check(services, apps, connection.environment)
        hand, caller = services.worker(name), services.mass_caller(name)
        while not stop.is_set():
            for scope in _scopes(services, apps, connection.environment):
                _tell_called(scope, caller.turn(scope, limit=_CALLED_AT_ONCE))
                _tell(scope, hand.turn(scope))
                _tell_returned(scope, services.promises.sweep(scope))
            if once or stop.wait(_PAUSE_S):
                break


def _scopes(services: Services, apps: Sequence[str], environment: str) -> list[Scope]:
    """The apps named (``app`` or ``app/environment``), or all that ever had a message waiting."""
    if ALL in apps:
        return scopes_with_messages(services.documents)
    named = (each.partition("/") for each in apps)
    return [Scope(app, stage or environment) for app, _, stage in named]


def _check(services: Services, apps: Sequence[str], environment: str) -> None:
    """A usage error for an app of which nothing was ever published here, with those there are."""
    for scope in _scopes(services, [each for each in apps if each != ALL], environment):
        if services.publishing.pointer(scope) is None:
            known = {*published_apps(services.documents), *scopes_with_messages(services.documents)}
            there = ", ".join(map(str, sorted(known))) or "none yet; herenow publish makes one"
            likely = nearest(scope.app, tuple(sorted({each.app for each in known} - {scope.app})))
            raise click.UsageError(
                f"Nothing is published of {scope} in these stores."
                + (f" Did you mean {likely}?" if likely else "")
                + f"\nThere are: {there}"
            )


def _tell_called(scope: Scope, called: Called) -> None:
    """A line for a part of a mass campaign."""
    if called.people:
        click.echo(f"{scope}: called {called.messages:,} of {called.people:,} for messages to many")


def _tell_returned(scope: Scope, offers: int) -> None:
    """A line for offers that ended unused."""
    if offers:
        click.echo(f"{scope}: {count(offers, 'offer')} ended unused and returned")


def _tell(scope: Scope, turn: Turn) -> None:
    """A line for a turn in which something happened: numbers, nobody's name."""
    if turn.people:
        results = ", ".join(f"{number:,} {name}" for name, number in sorted(turn.results.items()))
        looked = f"looked after {turn.people:,} {'person' if turn.people == 1 else 'people'}"
        click.echo(f"{scope}: {looked}; {results or count(0, 'message')}")
