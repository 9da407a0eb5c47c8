"""The blueprint all planes are made of: flask-smorest with our strict reading of bodies.

``@plane.arguments(Schema)`` validates and documents a request; a fault becomes a 422 problem with one
JSON pointer an error. A view returns a finished ``Response``, so the schemas of answers document (and
tests check) what leaves, without costing a launch the time of a second serialisation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Final, NoReturn, cast

import marshmallow as ma
from flask import Request, current_app
from flask_smorest import Blueprint
from webargs.flaskparser import FlaskParser
from werkzeug.wrappers import Response as BaseResponse

from herenow.api.encoding import read_json, read_records
from herenow.api.problems import PROBLEM_TYPE
from herenow.api.schemas.answers import Problem
from herenow.api.schemas.records import Records
from herenow.errors import Invalid

View = Callable[..., BaseResponse]
Decorator = Callable[[View], View]

BODY_LIMIT: Final = "HERENOW_MAX_BODY"
MAX_ERRORS: Final = 100
MAX_POINTER: Final = 400


class StrictParser(FlaskParser):
    """Reads JSON with bounds, refuses unknown members, and points at every fault."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012 - webargs declares it so
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "json": None,
    }
    """``None``: the schema itself says what becomes of unknown members."""

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """The body; where the schema is one of ``Records``, with each of them as it is."""
        if isinstance(schema, Records):
            return read_records(req, current_app.config[BODY_LIMIT], schema.records)
        return super().load_json(req, schema)

    def _raw_load_json(self, req: Request) -> Any:
        return read_json(req, current_app.config[BODY_LIMIT])

    def handle_error(self, error: ma.ValidationError, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Raise ``Invalid`` in place of webargs' own answer."""
        raise invalid_request(error.messages)


class Plane(Blueprint):
    """A group of endpoints for one kind of caller; flask-smorest's decorators, with types."""

    ARGUMENTS_PARSER = StrictParser()

    def route(self, rule: str, **options: Any) -> Decorator:
        """Serve ``rule``."""
        return cast("Decorator", super().route(rule, **options))

    def doc(self, **operation: Any) -> Decorator:
        """Add members to the operation in the OpenAPI document."""
        return _describing(super().doc(**operation))

    def arguments(self, schema: type[ma.Schema], **options: Any) -> Decorator:
        """Validate and document the request; the view gets the result first.

        One instance serves every request: making a schema copies each of its fields.
        """
        return cast("Decorator", super().arguments(schema(), **options))

    def response(self, status: int, schema: type[ma.Schema] | None = None, **options: Any) -> Decorator:
        """Document the answer of success."""
        return _describing(super().response(status, schema, **options))

    def alt_response(self, status: int, **options: Any) -> Decorator:
        """Document another answer."""
        return _describing(super().alt_response(status, **options))

    def problem(self, status: int, description: str) -> Decorator:
        """Document a problem that the view may answer."""
        return self.alt_response(status, schema=Problem, content_type=PROBLEM_TYPE, description=description)


def _describing(decorate: Any) -> Decorator:
    """``decorate`` for what it describes: round a view that answers a ``Response`` its wrapper is idle."""

    def describe(view: View) -> View:
        view._apidoc = decorate(view)._apidoc  # type: ignore[attr-defined]  # noqa: SLF001 - where flask-smorest keeps it
        return view

    return describe


def invalid_request(messages: Any) -> Invalid:
    """The error for marshmallow's nested messages: ``errors[{pointer, detail}]``, in reading order.

    All are counted, the first ``MAX_ERRORS`` told: an answer must not outgrow the request that it refuses.
    """
    if isinstance(messages, Mapping) and len(messages) == 1 and next(iter(messages)) in _LOCATIONS:
        location, messages = next(iter(messages.items()))
    else:
        location = "json"
    flat = _flat(messages)
    errors = [
        {"pointer": pointer[:MAX_POINTER], "detail": detail, "in": _LOCATIONS[location]}
        for pointer, detail in islice(flat, MAX_ERRORS)
    ]
    count = len(errors) + sum(1 for _ in flat)
    return Invalid(
        f"the request has {count} error{'s' if count > 1 else ''}",
        code="INVALID_REQUEST",
        extra={"errors": errors},
    )


_LOCATIONS: Final = {"json": "body", "query": "query", "headers": "headers", "path": "path"}


def _flat(messages: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            step = "" if name == "_schema" else "/" + str(name).replace("~", "~0").replace("/", "~1")
            yield from _flat(inner, pointer + step)
    elif isinstance(messages, (list, tuple)):
        for inner in messages:
            yield from _flat(inner, pointer)
    else:
        yield pointer, str(messages)
