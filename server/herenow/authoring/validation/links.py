"""Where buttons, images and messages lead: addresses, the app's own schemes, places within the app.

A scheme that runs a script or carries a document is refused here where it is written out, and when the
message is written where a name brings it (SPEC 11.13.10).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from herenow.authoring.documents.faults import Fault, shorten
from herenow.authoring.validation.findings import Problem
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.select import texts
from herenow_sdk.core.messages.links import is_link

_CONTENTS: Final = ("*/template/*", "*/template/*/channels/*")
_LINKS: Final = (
    *(f"{content}/{name}" for content in _CONTENTS for name in ("link", "image")),
    "*/actions/*/link",
)
_EXPECTED: Final = "https://…, a path, or a scheme of the app's own such as bites://cart"


def check(folder: Folder) -> Iterator[Problem]:
    """Every link and image, as far as it is written out before the first name."""
    for path in _LINKS:
        for at, link in texts(folder.document("campaigns"), path):
            written, brace, _ = link.partition("{")
            if not is_link(written) and (written or not brace):
                detail = (
                    f"'{shorten(link)}' leads nowhere that a tap may go" if link else "nothing stands here"
                )
                yield Problem("campaigns", at, Fault("WRONG_LINK", detail, _EXPECTED))
