"""Generated files: the OpenAPI document and the JSON Schemas, printed, written, or checked for drift."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from herenow.authoring.json_schema import json_schemas
from herenow.authoring.json_schema import written as schema_text
from herenow.beacons.kinds import json_schemas as beacon_schemas
from herenow.errors import Conflict
from herenow.settings import Settings

_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command
@click.option("--write", "target", type=_FILE, help="Write it to this file.")
@click.option("--check", "committed", type=_FILE, help="Fail unless this file says the same.")
def openapi(target: Path | None, committed: Path | None) -> None:
    """Print the OpenAPI document of every HTTP call.

    \b
    herenow openapi
    herenow openapi --write schemas/openapi.json
    herenow openapi --check schemas/openapi.json

    Exit codes: 0 done, 1 the file checked has drifted, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    text = json.dumps(_openapi_document(), indent=2, ensure_ascii=False) + "\n"
    if target is None and committed is None:
        click.echo(text, nl=False)
    if target is not None:
        _write({target: text})
    if committed is not None:
        _check({committed: text}, "make openapi")


@click.command
@click.option("--write", "target", type=_FOLDER, help="Write one file a document into this folder.")
@click.option("--check", "committed", type=_FOLDER, help="Fail unless the files there say the same.")
def schemas(target: Path | None, committed: Path | None) -> None:
    """Write the JSON Schemas of the config documents, for editors, and of beacons, for apps.

    \b
    herenow schemas --write schemas
    herenow schemas --check schemas

    Exit codes: 0 done, 1 the files checked have drifted, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    every = json_schemas() | {f"beacons/{name}": schema for name, schema in beacon_schemas().items()}
    texts = {name: schema_text(schema) for name, schema in every.items()}
    if target is None and committed is None:
        raise click.UsageError("say where: --write FOLDER, or --check FOLDER")
    if target is not None:
        _write({target / name: text for name, text in texts.items()})
    if committed is not None:
        _check({committed / name: text for name, text in texts.items()}, "make schemas")


def _openapi_document() -> dict[str, Any]:
    """Of an application over nothing: the calls do not depend on what is stored."""
    from herenow.api.app import create_app, openapi_document  # noqa: PLC0415 - slow, and seldom needed
    from herenow.bootstrap import build_services  # noqa: PLC0415 - as above

    services = build_services(Settings(documents="memory", secret=secrets.token_hex(32)))
    try:
        return openapi_document(create_app(services))
    finally:
        services.close()


def _write(texts: Mapping[Path, str]) -> None:
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        click.echo(f"wrote {path}", err=True)


def _check(texts: Mapping[Path, str], remedy: str) -> None:
    """Raises ``Conflict`` (DRIFTED) naming the files that are missing or say something else."""
    drifted = [
        str(path)
        for path, text in texts.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    if drifted:
        raise Conflict(
            f"not what the code says: {', '.join(drifted)}",
            code="DRIFTED",
            detail=f"Generate anew and look at the difference:  {remedy}",
        )
