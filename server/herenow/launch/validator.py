"""The validator of a config (its ETag): cheap to check, impossible to forge.

``"<valid_until>.<mac>"``, where the MAC covers this edition of the server, the serving set's sequence and
the day its freshness was counted to, the installation and its stored version (consent, acquisition,
intent, arms of experiments), the edition of what was learned of its person, the canonical context with its
offset from UTC in place of its clock, and ``valid_until``. A match before that instant proves that this
server gave this very answer to this very context, so an unchanged config costs neither validation nor
evaluation (DESIGN, ``POST /v1/config``).

What is covered is compared, never published or kept, so its bytes need only be the same for the same
values within a deployment: orjson with sorted keys, a tenth of the cost of canonical JSON.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from herenow import __version__
from herenow.scope import Scope

_MAC_DIGITS: Final = 32
_SHAPE = re.compile(r'(?:W/)?"(\d{1,12})\.([0-9a-f]{32})"')


@dataclass(frozen=True, slots=True)
class ConfigInputs:
    """Everything an answer depends on, besides the instant.

    ``day`` is the serving set's, ``utc_offset_s`` the one in force: summer time and a journey change it
    under the same context. ``learned`` is the edition of what was learned (``Profiles.token``).
    """

    scope: Scope
    sequence: int
    day: int
    installation_id: str
    installation_version: int
    context: Mapping[str, Any]
    utc_offset_s: int
    learned: str = ""


class ConfigValidator:
    """Makes and checks the validators of configs."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def etag(self, inputs: ConfigInputs, valid_until: int) -> str:
        """The quoted ETag of an answer that holds until ``valid_until`` (epoch seconds)."""
        return f'"{valid_until}.{self._mac(inputs, valid_until)}"'

    def still_holds(self, if_none_match: str, inputs: ConfigInputs, now: int) -> bool:
        """Whether the client's validator names the answer it would get at ``now``."""
        shape = _SHAPE.fullmatch(if_none_match.strip())
        if shape is None or int(shape[1]) <= now:
            return False
        return hmac.compare_digest(shape[2], self._mac(inputs, int(shape[1])))

    def _mac(self, inputs: ConfigInputs, valid_until: int) -> str:
        context = {name: value for name, value in inputs.context.items() if name != "now"}
        covered = [
            __version__,
            str(inputs.scope),
            inputs.sequence,
            inputs.day,
            inputs.installation_id,
            inputs.installation_version,
            context,
            inputs.utc_offset_s,
            inputs.learned,
            valid_until,
        ]
        message = orjson.dumps(covered, option=orjson.OPT_SORT_KEYS)
        return hmac.digest(self._secret, message, "sha256").hex()[:_MAC_DIGITS]
