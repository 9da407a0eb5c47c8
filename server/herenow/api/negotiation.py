"""What a client says of itself in ``Herenow-Spec``, and the plane that heeds it (contract, chapter 18).

A client of another major version would read our answers in another sense, so it is told before anything
is done for it. A header that is absent or cannot be read says nothing. No answer depends on the rest of it:
which parts of a config a device understands it says in its context.
"""

from __future__ import annotations

from typing import Any, Final

from flask import request
from werkzeug.wrappers import Response as BaseResponse

from herenow.api.blueprint import Decorator, Plane, View
from herenow.errors import BadRequest
from herenow_sdk.core.device.negotiation import HEADER, SPEC, ClientSpec, read_spec_header, read_version

_OWN: Final = read_version(SPEC)
_PARAMETER: Final = {
    "in": "header",
    "name": HEADER,
    "description": "Version of the contract and capabilities of the client; another major version is refused",
    "schema": {"type": "string", "example": f"{SPEC}; caps=features,ordering,place"},
}


class SdkPlane(Plane):
    """A group of calls of our own SDKs, each of which may say what it speaks."""

    def __init__(self, name: str, import_name: str, *, url_prefix: str, description: str) -> None:
        super().__init__(name, import_name, url_prefix=url_prefix, description=description)
        self.before_request(refuse_other_major)

    def route(self, rule: str, **options: Any) -> Decorator:
        """Serve ``rule``, with the header and its refusal in the document."""
        register = super().route(rule, parameters=[_PARAMETER], **options)
        refusing = self.problem(400, "Cannot be read, or of another major version of the contract")

        def described(view: View) -> View:
            return register(refusing(view))

        return described


def refuse_other_major() -> BaseResponse | None:
    """Raise ``BadRequest`` (UNSUPPORTED_SPEC) when the client speaks another major version."""
    told = request.headers.get(HEADER)
    if told is not None and _is_other_major(read_spec_header(told)):
        raise BadRequest(
            f"this server speaks version {SPEC} of the contract",
            code="UNSUPPORTED_SPEC",
            detail="Keep what you hold; ship the app with an SDK of that major version.",
            extra={"spec": SPEC},
        )
    return None


def _is_other_major(client: ClientSpec | None) -> bool:
    return client is not None and _OWN is not None and client.major != _OWN[0]
