"""Where a command works and who acts, from its options: this machine's stores, or a server."""

from __future__ import annotations

import getpass
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any, Final

import click
import httpx

from herenow.bootstrap import build_services
from herenow.cli.local import LocalPeople, LocalWorkspace
from herenow.cli.remote import AdminPlane, RemotePeople, RemoteWorkspace
from herenow.cli.workspace import People, Workspace
from herenow.errors import Unauthenticated
from herenow.scope import Scope
from herenow.services import Services
from herenow.settings import Settings, load_settings

_HERE_ALONE: Final = "this is done on the server's own machine, without --server"
_TIMEOUT: Final = httpx.Timeout(60.0, read=600.0)
"""Long reads: a large import is compiled before it is answered."""


@dataclass(frozen=True, slots=True)
class Connection:
    """The options that every command on a workspace has."""

    server: str | None
    token: str | None
    data_dir: Path | None
    actor: str | None
    app: str | None
    environment: str

    def scope_of(self, document: Mapping[str, Any]) -> Scope:
        """``--app``, else the app of this ``app.json``; and ``--env``. Raises ``UsageError`` without."""
        app = self.app or document.get("app")
        if not isinstance(app, str):
            raise click.UsageError("say which app: --app NAME, or work in the folder of its app.json")
        return Scope(app, self.environment)

    def scope_here(self) -> Scope:
        """As ``scope_of``, for a command without a folder: of the ``app.json`` where one stands."""
        return self.scope_of(app_document(Path()))

    @contextmanager
    def workspace(self, scope: Scope, *, looking: bool = False) -> Iterator[Workspace]:
        """The app and environment to work on; ``looking`` leaves no store behind where none was."""
        if self.server:
            with self._plane() as plane:
                yield RemoteWorkspace(plane, scope)
        else:
            with self._services(looking=looking) as services:
                yield LocalWorkspace(services, scope, self.who)

    @contextmanager
    def local(self, scope: Scope, *, looking: bool = False) -> Iterator[LocalWorkspace]:
        """The app and environment on this machine, for what is done on the machine alone."""
        if self.server:
            raise click.UsageError(_HERE_ALONE)
        with self._services(looking=looking) as services:
            yield LocalWorkspace(services, scope, self.who)

    @contextmanager
    def people(self) -> Iterator[People]:
        """The people to work on."""
        if self.server:
            with self._plane() as plane:
                yield RemotePeople(plane)
        else:
            with self.local_people() as people:
                yield people

    @contextmanager
    def local_people(self) -> Iterator[LocalPeople]:
        """The people of this machine, for what is done on the machine alone."""
        if self.server:
            raise click.UsageError(_HERE_ALONE)
        with self._services() as services:
            yield LocalPeople(services, self.who)

    @contextmanager
    def local_services(self) -> Iterator[Services]:
        """What runs over this machine's stores, for what is no business of the admin plane."""
        with self._services() as services:
            yield services

    @property
    def who(self) -> str:
        """Who acts, for the audit log of this machine."""
        return self.actor or f"local:{_login_name()}"

    @contextmanager
    def _services(self, *, looking: bool = False) -> Iterator[Services]:
        services = build_services(_settings(self.data_dir, looking=looking))
        try:
            yield services
        finally:
            services.close()

    @contextmanager
    def _plane(self) -> Iterator[AdminPlane]:
        if self.actor:
            raise click.UsageError("--as is for this machine; at a server your token says who you are")
        if not self.token:
            raise Unauthenticated("there is no token for the server", code="NO_TOKEN")
        headers = {"Authorization": f"Bearer {self.token}"}
        with httpx.Client(base_url=self.server or "", headers=headers, timeout=_TIMEOUT) as http:
            yield AdminPlane(http)


def connected(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a ``Connection``, and the connection itself."""

    @click.option("--server", envvar="HERENOW_SERVER", metavar="URL", help="Work on this server.")
    @click.option("--token", envvar="HERENOW_TOKEN", metavar="TOKEN", help="Your admin token there.")
    @click.option(
        "--data-dir",
        type=click.Path(path_type=Path, file_okay=False),
        help="Else work on the stores in this folder.  [HERENOW_DATA_DIR, .herenow]",
    )
    @click.option("--as", "actor", metavar="NAME", help="Who you are, on this machine.  [your login]")
    @click.option("--app", metavar="APP", help="The app.  [of app.json]")
    @click.option("--env", "environment", default="production", show_default=True, help="The environment.")
    @wraps(command)
    def with_connection(
        *,
        server: str | None,
        token: str | None,
        data_dir: Path | None,
        actor: str | None,
        app: str | None,
        environment: str,
        **rest: Any,
    ) -> None:
        command(connection=Connection(server, token, data_dir, actor, app, environment), **rest)

    return with_connection


def app_document(folder: Path) -> Mapping[str, Any]:
    """The ``app.json`` of a folder as far as it can be read, else empty."""
    try:
        document = json.loads((folder / "app.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


def _settings(data_dir: Path | None, *, looking: bool) -> Settings:
    settings = load_settings(os.environ, data_dir=data_dir)
    if looking and settings.documents == "sqlite" and not settings.data_dir.exists():
        return replace(settings, documents="memory", secret=secrets.token_hex(32))
    return settings


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"  # a container's user may have no name
