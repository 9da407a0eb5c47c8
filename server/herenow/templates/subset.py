"""What a phone can say by itself, without the server.

A local notification may be shown while the phone is offline, so its text is one of the contract (7.9):
literal text and ``{{name}}``. And the names are ones a phone has values for: the person, the place, the
app's extra values, and an offer as it is published (a code is handed out by the server).
"""

from __future__ import annotations

from typing import Final

from herenow.templates.compiled import Template

_ELSEWHERE: Final = ("item", "offer.code", "offer.valid_until")


def beyond_device(template: Template) -> str | None:
    """What of a template a phone cannot fill, in words; ``None`` when it can fill it all."""
    if not template.is_plain:
        what = sorted(template.tags) + sorted(template.filters)
        return f"'{what[0]}' needs the server" if what else "an expression needs the server"
    for name in template.names:
        if any(name.path == each or name.path.startswith(each + ".") for each in _ELSEWHERE):
            return f"'{name.path}' is known to the server alone"
    return None
