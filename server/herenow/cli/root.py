"""``herenow`` itself: its commands in groups of users, loaded when called, and its failures in words."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

import click

from herenow import __version__
from herenow.cli.failures import FailureTold
from herenow.errors import HerenowError
from herenow.logs import log_warnings_alone

SECTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "Begin": {"demo": "demo.command", "simulate": "simulate.command", "new": "new"},
    "Documents": {
        "validate": "documents",
        "diff": "documents",
        "preview": "preview",
        "publish": "releases",
        "approve": "releases",
        "releases": "releases",
        "rollback": "releases",
        "package": "package",
    },
    "Catalogue": {"catalog": "catalog", "fences": "fences"},
    "Searches": {"intent": "intent"},
    "Customers": {"customers": "customers", "events": "events", "learn": "learning"},
    "Messages": {
        "messages": "messages",
        "worker": "worker",
        "mass": "mass",
        "offers": "offers",
        "report": "report",
        "explain": "explain",
        "outbox": "outbox",
    },
    "People and keys": {"admin": "admin", "keys": "keys", "keyring": "keyring"},
    "Server": {"serve": "serve", "openapi": "written", "schemas": "written"},
}
"""Every command by its section, with the module that holds it."""

_MODULES: Final = {name: module for section in SECTIONS.values() for name, module in section.items()}


class Commands(click.Group):
    """Loads a command's module when it is asked for, so that each command starts as fast as it can."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """In the order of the sections."""
        return list(_MODULES)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name, if there is one."""
        if name not in _MODULES:
            return None
        command: click.Command = getattr(import_module(f"herenow.cli.{_MODULES[name]}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One table a section."""
        for section, names in SECTIONS.items():
            commands = ((name, self.get_command(ctx, name)) for name in names)
            with formatter.section(section):
                formatter.write_dl(
                    [(name, command.get_short_help_str(80)) for name, command in commands if command]
                )

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an expected failure is told as a sentence and ends with exit code 1."""
        try:
            return super().invoke(ctx)
        except HerenowError as error:
            raise FailureTold(error, color=ctx.color) from error


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Each command has its own help:  herenow publish --help",
)
@click.version_option(__version__, message="herenow %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """An app that is personal from its very first launch.

    \b
    See it work:            herenow demo
    Begin an app:           herenow new my-app
    Check, look, go live:   herenow validate my-app
                            herenow preview my-app
                            herenow publish my-app

    Commands work on the stores of this machine (--data-dir, HERENOW_DATA_DIR) or, with --server URL and
    --token (HERENOW_SERVER, HERENOW_TOKEN), on a server.

    Exit codes: 0 done, 1 told why not and what to do next, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    log_warnings_alone()
    if os.environ.get("NO_COLOR"):
        ctx.color = False
