"""Schema versions: numbered steps, two neighbouring servers on one file, a clear refusal otherwise."""

import pytest

from herenow.storage.sqlite.connection import Connections
from herenow.storage.sqlite.migrations import (
    Schema,
    SchemaState,
    SchemaTooNew,
    Step,
    StepKind,
    WrongSchema,
    migrate,
)

CREATE = Step(1, StepKind.EXPAND, ("CREATE TABLE person (full_name TEXT)", "CREATE TABLE other (x)"))
ADD = Step(2, StepKind.EXPAND, ("ALTER TABLE person ADD COLUMN name TEXT",))
REMOVE = Step(3, StepKind.CONTRACT, ("ALTER TABLE person DROP COLUMN full_name",))
ADD_MORE = Step(4, StepKind.EXPAND, ("ALTER TABLE person ADD COLUMN more TEXT",))
ALL = (CREATE, ADD, REMOVE, ADD_MORE)


def server(version):
    """The schema that a server of that version knows."""
    return Schema("people", ALL[:version])


@pytest.fixture
def connections(tmp_path):
    """A new file."""
    opened = Connections(tmp_path / "people.sqlite3", synchronous="NORMAL")
    yield opened
    opened.close()


def columns(connections):
    """The columns of ``person``."""
    return [row[1] for row in connections.read("PRAGMA table_info(person)")]


def test_a_new_file_gets_every_step(connections):
    """The newest schema stands at once, and the file says so."""
    assert migrate(connections, server(4)) == SchemaState("people", 4, 2)
    assert columns(connections) == ["name", "more"]


def test_each_version_leads_to_the_same_schema(connections):
    """Migrating version by version ends where a new file begins."""
    states = [migrate(connections, server(version)) for version in (1, 2, 3, 4)]
    assert states[-1] == SchemaState("people", 4, 2)
    assert columns(connections) == ["name", "more"]


def test_migrating_again_changes_nothing(connections):
    """A start on a current file runs no step."""
    migrate(connections, server(2))
    assert migrate(connections, server(2)) == SchemaState("people", 2, 1)


@pytest.mark.parametrize(("older", "newer"), [(1, 2), (2, 3), (3, 4), (2, 4)])
def test_an_older_server_starts_on_what_still_serves_it(connections, older, newer):
    """After expanding, and after contracting what it does not use, the older server runs beside."""
    state = migrate(connections, server(newer))
    assert migrate(connections, server(older)) == state


def test_a_server_too_old_for_the_file_refuses(connections):
    """The error names the file, both versions and what to do; the file is left alone."""
    migrate(connections, server(3))
    with pytest.raises(SchemaTooNew) as refusal:
        migrate(connections, server(1))
    assert str(refusal.value) == (
        "people.sqlite3 is at schema 3 and serves servers of schema 2 or newer; this one knows 1"
    )
    assert refusal.value.code == "SCHEMA_TOO_NEW"
    assert "Start the herenow release" in refusal.value.detail
    assert columns(connections) == ["name"]


def test_a_file_of_another_kind_is_refused(connections):
    """A server pointed at the wrong file says so instead of creating its tables there."""
    migrate(connections, server(1))
    with pytest.raises(WrongSchema, match="'people', not 'documents'"):
        migrate(connections, Schema("documents", (CREATE,)))


def test_a_failing_step_leaves_the_file_as_it_was(connections):
    """Steps are one transaction: neither tables nor the version of a half migration remain."""
    migrate(connections, server(1))
    broken = Step(2, StepKind.EXPAND, (*ADD.statements, "CREATE TABLE other (x)"))
    with pytest.raises(Exception, match="does not answer"):
        migrate(connections, Schema("people", (CREATE, broken)))
    assert columns(connections) == ["full_name"]
    assert migrate(connections, server(2)) == SchemaState("people", 2, 1)


@pytest.mark.parametrize("steps", [(), (ADD,), (CREATE, REMOVE), (Step(1, StepKind.CONTRACT, ()),)])
def test_steps_that_cannot_be_are_refused(steps):
    """No steps, gaps, and a contraction at the beginning are programming errors."""
    with pytest.raises(ValueError):  # noqa: PT011  one rule, several sentences
        Schema("people", steps)


def test_two_contractions_in_a_row_are_refused():
    """Between two contractions a deployment must have expanded."""
    with pytest.raises(ValueError, match="follows the expand step"):
        Schema("people", (*ALL[:3], Step(4, StepKind.CONTRACT, ())))
