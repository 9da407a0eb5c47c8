"""The one error tree.

An error is raised where it is known, carries what its reader needs, and is translated once at the
edge: the API renders it as RFC 9457 problem details, the command line as a sentence and exit code 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class HerenowError(Exception):
    """Base of every expected failure.

    ``code`` is stable and upper case (clients switch on it); ``status`` is the HTTP status the API
    answers with; ``title`` says what is wrong in one line; ``detail`` says what to do next;
    ``extra`` holds further members of the problem document (JSON values only).
    """

    status: ClassVar[int] = 500
    default_code: ClassVar[str] = "INTERNAL"

    def __init__(
        self,
        title: str,
        *,
        code: str | None = None,
        detail: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(title)
        self.title = title
        self.code = code or self.default_code
        self.detail = detail
        self.extra: dict[str, Any] = dict(extra or {})


class BadRequest(HerenowError):
    """The request cannot be read at all (malformed JSON, an impossible header)."""

    status = 400
    default_code = "BAD_REQUEST"


class Unauthenticated(HerenowError):
    """No key or token, or one that is unknown, expired or revoked."""

    status = 401
    default_code = "UNAUTHENTICATED"


class Forbidden(HerenowError):
    """The caller is known and may not do this."""

    status = 403
    default_code = "FORBIDDEN"


class NotFound(HerenowError):
    """No such thing, or none that this caller may know of."""

    status = 404
    default_code = "NOT_FOUND"


class MethodNotAllowed(HerenowError):
    """The path is right, the method is not one of its."""

    status = 405
    default_code = "METHOD_NOT_ALLOWED"


class Conflict(HerenowError):
    """The request contradicts what is stored."""

    status = 409
    default_code = "CONFLICT"


class Gone(HerenowError):
    """It was here and was erased on request."""

    status = 410
    default_code = "GONE"


class PreconditionFailed(HerenowError):
    """``If-Match`` names a version that is no longer current."""

    status = 412
    default_code = "PRECONDITION_FAILED"


class PayloadTooLarge(HerenowError):
    """A body, document or import exceeds its stated bound."""

    status = 413
    default_code = "PAYLOAD_TOO_LARGE"


class UnsupportedMediaType(HerenowError):
    """The body is not of a type this call reads."""

    status = 415
    default_code = "UNSUPPORTED_MEDIA_TYPE"


class Invalid(HerenowError):
    """Readable but wrong; ``extra["errors"]`` points at each fault."""

    status = 422
    default_code = "INVALID"


class PreconditionRequired(HerenowError):
    """A change of something shared needs ``If-Match``."""

    status = 428
    default_code = "PRECONDITION_REQUIRED"


class TooManyRequests(HerenowError):
    """A limit was reached; ``retry_after_s`` whole seconds until it is worth trying again."""

    status = 429
    default_code = "TOO_MANY_REQUESTS"

    def __init__(self, title: str, *, retry_after_s: int, code: str | None = None) -> None:
        super().__init__(title, code=code, detail=f"Try again in {retry_after_s} s.")
        self.retry_after_s = retry_after_s


class Unavailable(HerenowError):
    """Cannot be served at the moment (nothing published yet, a store that does not answer)."""

    status = 503
    default_code = "UNAVAILABLE"
