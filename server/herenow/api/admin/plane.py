"""The blueprint of the admin plane: each call names the role it needs, once.

What is named is enforced before anything of the request is read, told in the OpenAPI document, and
listed in ``calls`` for the tests that try every role on every call. Views get the caller first, then
the validated arguments, then what the path holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from inspect import cleandoc
from typing import Any, Final

from flask import Request
from werkzeug.wrappers import Response

from herenow.api.access import admin, admin_in, services
from herenow.api.blueprint import Plane, StrictParser
from herenow.api.encoding import read_json
from herenow.errors import Invalid, NotFound
from herenow.identity.admins import SYSTEM, Admin, Role
from herenow.scope import NAME_PATTERN, Scope

View = Callable[..., Response]

SCOPED: Final = "/admin/v1/apps/<app>/environments/<environment>"
BODY: Final = (400, 413, 415, 422)
"""What a call that reads JSON may answer besides."""
GUARDED: Final = (412, 428)
"""What a call that replaces something shared may answer besides."""
MAX_NAME: Final = 200
"""Characters of a name in a path; every id, file name and version of ours is shorter."""

_BEARER: Final[list[dict[str, list[str]]]] = [{"adminToken": []}]
_ALWAYS: Final = {
    401: "No valid token",
    403: "Your role is too small for this",
    404: "No such thing, or none that you may know of",
}
_MEANINGS: Final = {
    **_ALWAYS,
    400: "The request cannot be read",
    409: "It contradicts what is stored",
    412: "Somebody else was faster: the version in If-Match is no longer current",
    413: "The body exceeds its bound",
    415: "The body is of a type that is not read here",
    422: "Readable but wrong; `errors` points at each fault",
    428: "Say with If-Match which version you replace",
    503: "Nothing is published yet",
}
_PLACE: Final[list[dict[str, Any]]] = [
    {
        "in": "path",
        "name": name,
        "required": True,
        "description": description,
        "schema": {"type": "string", "pattern": f"^{NAME_PATTERN}$", "example": example},
    }
    for name, description, example in (
        ("app", "The app", "bites"),
        ("environment", "One of its environments", "production"),
    )
]


@dataclass(frozen=True, slots=True)
class Caller:
    """A person, and the app and environment whose role let them in."""

    scope: Scope
    person: Admin

    @property
    def id(self) -> str:
        """Who, for the audit log."""
        return self.person.id


@dataclass(frozen=True, slots=True)
class Call:
    """One call and the role it needs; ``None`` when the view itself decides."""

    method: str
    rule: str
    role: Role | None


class DocumentsParser(StrictParser):
    """Reads bodies as large as a set of documents; no body is an empty one."""

    def _raw_load_json(self, req: Request) -> Any:
        if not req.content_length and "Transfer-Encoding" not in req.headers:
            return {}
        return read_json(req, services().settings.max_documents)


class AdminPlane(Plane):
    """A group of admin calls."""

    ARGUMENTS_PARSER = DocumentsParser()

    def __init__(self, name: str, import_name: str, *, url_prefix: str = SCOPED, description: str) -> None:
        super().__init__(name, import_name, url_prefix=url_prefix, description=description)
        self.calls: list[Call] = []

    def call(
        self,
        method: str,
        rule: str,
        *,
        role: Role | None,
        summary: str,
        operation: str,
        problems: tuple[int, ...] = (),
        parameters: Sequence[Mapping[str, Any]] = (),
        headers: Sequence[Mapping[str, Any]] = (),
        **doc: Any,
    ) -> Callable[[View], View]:
        """Register a view for ``method`` on ``rule``, open to who holds ``role`` in the path's pair.

        Without ``role`` the view is given the person and decides itself. ``problems`` are the error
        statuses it answers besides those of every call; ``parameters`` describe the path, ``headers``
        the conditions it reads.
        """

        def register(view: View) -> View:
            guarded = _for_anybody(view) if role is None else _for_role(view, role)
            if headers:
                doc["parameters"] = [dict(each) for each in headers]
            described = self.doc(
                security=_BEARER,
                summary=summary,
                operationId=operation,
                description=_description(view, role),
                **doc,
            )(guarded)
            for status in sorted({*_ALWAYS, *problems}):
                described = self.problem(status, _MEANINGS[status])(described)
            place = _PLACE if role is not None else []
            self.route(rule, methods=[method], parameters=[*place, *parameters])(described)
            self.calls.append(Call(method, f"{self.url_prefix}{rule}", role))
            return view

        return register


def path_parameter(name: str, description: str, example: Any, **schema: Any) -> dict[str, Any]:
    """The description of a part of the path."""
    return {
        "in": "path",
        "name": name,
        "required": True,
        "description": description,
        "schema": {"type": "string", "example": example, **schema},
    }


def _for_role(view: View, role: Role) -> View:
    @wraps(view)
    def guarded(*, app: str, environment: str, **named: Any) -> Response:
        return view(_caller(app, environment, role), **_bounded(named))

    return guarded


def _for_anybody(view: View) -> View:
    @wraps(view)
    def guarded(**named: Any) -> Response:
        return view(admin(), **_bounded(named))

    return guarded


def _caller(app: str, environment: str, role: Role) -> Caller:
    """Who calls. A pair that cannot exist, and the one our own records live in, is not found."""
    try:
        scope, person = admin_in(app, environment, role)
    except Invalid as error:
        raise NotFound("no such app and environment", code="UNKNOWN_SCOPE") from error
    if scope == SYSTEM:
        raise NotFound(f"no app and environment {scope}", code="UNKNOWN_SCOPE")
    return Caller(scope, person)


def _bounded(named: dict[str, str]) -> dict[str, str]:
    """What the path names. Raises ``NotFound`` for a name longer than anything of ours has."""
    if any(len(name) > MAX_NAME for name in named.values()):
        raise NotFound("nothing has a name as long as this")
    return named


def _description(view: View, role: Role | None) -> str:
    told = cleandoc(view.__doc__ or "")
    return f"{told}\n\nNeeds the role **{role.name}**." if role is not None else told
