"""What a customer's backend asks for its users: everything kept of one, their erasure, their suppression.

The backend names a user by its own id, which stands in the path and is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from flask import Response

from herenow.api.access import secret_scope, services
from herenow.api.blueprint import Plane
from herenow.api.encoding import json_response
from herenow.api.person import receipt_json
from herenow.api.schemas import answers
from herenow.api.schemas import person as shapes
from herenow.errors import Invalid, NotFound
from herenow.identity.user_tokens import MAX_USER_ID
from herenow.scope import Scope

plane = Plane("users", __name__, url_prefix="/v1/server/users", description="A backend's users.")

SECRET: Final[list[dict[str, list[str]]]] = [{"secretKey": []}]
_REFUSED: Final = "Unknown or revoked secret key"
_NO_ID: Final = "No id of a user"


@plane.route("/<path:user_id>", methods=["GET"], merge_slashes=False)
@plane.doc(security=SECRET, summary="Everything known of a user", operationId="exportUser")
@plane.arguments(shapes.Cursor, location="query")
@plane.response(200, shapes.Export, description="A page of all that is kept, on every device")
@plane.problem(400, "The cursor is not one of ours")
@plane.problem(401, _REFUSED)
@plane.problem(404, "Nothing is kept of this user")
@plane.problem(422, _NO_ID)
def export(query: dict[str, Any], user_id: str) -> Response:
    """Export a user with all their devices; pass `next` as `cursor` until it is null."""
    scope, subject, claims = _user(user_id)
    cursor, now = query.get("cursor"), int(services().clock())
    found = services().exports.person(scope, subject, cursor, now, claims=claims)
    if found is None:
        raise NotFound("nothing is kept of this user", code="UNKNOWN_USER")
    return json_response(found)


@plane.route("/<path:user_id>", methods=["DELETE"], merge_slashes=False)
@plane.doc(security=SECRET, summary="Forget a user", operationId="eraseUser")
@plane.response(200, answers.Receipt, description="The receipt of the erasure")
@plane.problem(401, _REFUSED)
@plane.problem(422, _NO_ID)
def erase(user_id: str) -> Response:
    """Erase a user with all their devices, at once; nothing more of them is taken until that is lifted."""
    scope, subject, claims = _user(user_id)
    receipt = services().erasures.person(scope, subject, claims=claims)
    return json_response({"receipt": receipt_json(receipt)})


@plane.route("/<path:user_id>/suppression", methods=["PUT"], merge_slashes=False)
@plane.doc(security=SECRET, summary="Take nothing more of a user", operationId="suppressUser")
@plane.response(200, shapes.Suppression, description="Nothing is taken any more")
@plane.problem(401, _REFUSED)
@plane.problem(422, _NO_ID)
def suppress(user_id: str) -> Response:
    """Deny everything for a user on every device, now and later. Doing it again is safe."""
    scope, subject, claims = _user(user_id)
    return json_response({"suppressed": services().erasures.suppress(scope, subject, claims=claims)})


@plane.route("/<path:user_id>/suppression", methods=["GET"], merge_slashes=False)
@plane.doc(security=SECRET, summary="Is anything taken of a user?", operationId="isSuppressed")
@plane.response(200, shapes.Suppression, description="Whether a suppression or an erasure stands")
@plane.problem(401, _REFUSED)
@plane.problem(422, _NO_ID)
def is_suppressed(user_id: str) -> Response:
    """Whether a suppression or an erasure stands."""
    scope, subject, _ = _user(user_id)
    return json_response({"suppressed": services().erasures.is_suppressed(scope, subject)})


@plane.route("/<path:user_id>/suppression", methods=["DELETE"], merge_slashes=False)
@plane.doc(security=SECRET, summary="Let a user be known again", operationId="liftSuppression")
@plane.response(200, shapes.Suppression, description="What comes from now on is taken")
@plane.problem(401, _REFUSED)
@plane.problem(422, _NO_ID)
def lift(user_id: str) -> Response:
    """Lift a suppression or the block of an erasure. What was erased does not return."""
    scope, subject, claims = _user(user_id)
    return json_response({"suppressed": services().erasures.lift(scope, subject, claims=claims)})


def _user(user_id: str) -> tuple[Scope, str, Sequence[str]]:
    """Whose backend asks, the pseudonym of the user it names, and those of who claims to be them."""
    scope, subjects = secret_scope(), services().subjects
    if len(user_id) > MAX_USER_ID:
        raise Invalid(f"a user's id has at most {MAX_USER_ID} characters")
    return scope, subjects.of(scope, "proven", user_id), subjects.claims(scope, user_id)
