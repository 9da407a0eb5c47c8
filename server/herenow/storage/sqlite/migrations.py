"""Schema versions of a SQLite file: numbered steps, expand first, contract one deployment later.

A schema is the list of its steps; its version is the number of the last. An *expand* step only adds
(a table, a nullable column, an index), so servers that do not know it go on working. A *contract*
step removes what the version before it no longer uses. During a deployment servers of two
neighbouring versions thus run on one file: the file records its version and the oldest version that
can still serve it, and a server refuses a file that says it is too old for it.

Steps are applied at start inside one write transaction, whose lock makes several processes that
start at once take turns: the first migrates, the others find nothing left to do.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from herenow.errors import HerenowError
from herenow.storage.sqlite.connection import Connections

_CREATE = """
CREATE TABLE IF NOT EXISTS herenow_schema (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    oldest_compatible INTEGER NOT NULL
)
"""


class StepKind(Enum):
    """Whether a step only adds, or removes what the version before it left unused."""

    EXPAND = "expand"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a schema; ``statements`` run in order in the migration's transaction."""

    number: int
    kind: StepKind
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """The steps of one kind of file, numbered 1, 2, … Raises ``ValueError`` for any other numbering."""

    name: str
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        if [step.number for step in self.steps] != list(range(1, len(self.steps) + 1)):
            raise ValueError("steps are numbered 1, 2, … without gaps")
        if not self.steps or self.steps[0].kind is not StepKind.EXPAND:
            raise ValueError("the first step creates, it has nothing to contract")
        if any(a.kind is b.kind is StepKind.CONTRACT for a, b in pairwise(self.steps)):
            raise ValueError("a contract step follows the expand step that replaced what it removes")

    @property
    def version(self) -> int:
        """The version this server writes."""
        return self.steps[-1].number


@dataclass(frozen=True, slots=True)
class SchemaState:
    """What a file says about itself; version 0 is a new file."""

    name: str
    version: int
    oldest_compatible: int


class SchemaTooNew(HerenowError):
    """The file was written by a newer server and no longer serves this one."""

    default_code = "SCHEMA_TOO_NEW"


class WrongSchema(HerenowError):
    """The file holds something else (the log where documents were expected)."""

    default_code = "WRONG_SCHEMA"


def migrate(connections: Connections, schema: Schema) -> SchemaState:
    """Bring the file to ``schema`` and return what it then says.

    A file newer than ``schema`` is left as it is. Raises ``SchemaTooNew`` when this server is older
    than the file still serves, ``WrongSchema`` when the file is of another kind.
    """
    with connections.transaction() as connection:
        connection.execute(_CREATE)
        state = _read_state(connection, schema)
        _refuse_unservable(connections, schema, state)
        for step in schema.steps[state.version :]:
            state = _apply(connection, step, state)
    return state


def _read_state(connection: sqlite3.Connection, schema: Schema) -> SchemaState:
    row = connection.execute("SELECT name, version, oldest_compatible FROM herenow_schema").fetchone()
    return SchemaState(*row) if row else SchemaState(schema.name, 0, 1)


def _refuse_unservable(connections: Connections, schema: Schema, state: SchemaState) -> None:
    file = connections.path.name
    if state.name != schema.name:
        raise WrongSchema(
            f"{file} holds '{state.name}', not '{schema.name}'",
            detail="Point this server at its own data folder.",
        )
    if schema.version < state.oldest_compatible:
        raise SchemaTooNew(
            f"{file} is at schema {state.version} and serves servers of schema "
            f"{state.oldest_compatible} or newer; this one knows {schema.version}",
            detail="Start the herenow release that migrated this file, or a newer one.",
        )


def _apply(connection: sqlite3.Connection, step: Step, state: SchemaState) -> SchemaState:
    for statement in step.statements:
        connection.execute(statement)
    oldest = step.number - 1 if step.kind is StepKind.CONTRACT else state.oldest_compatible
    connection.execute(
        "INSERT INTO herenow_schema (id, name, version, oldest_compatible) VALUES (1, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET version = excluded.version,"
        " oldest_compatible = excluded.oldest_compatible",
        (state.name, step.number, oldest),
    )
    return SchemaState(state.name, step.number, oldest)
