"""The postman: takes what the local outbox wrote into its file, for whoever lives at those addresses."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from herenow.simulation.letters import Letter


@dataclass(slots=True)
class Postman:
    """Reads the outbox's file, each line once."""

    file: Path
    _read: int = 0

    def collect(self) -> Sequence[Letter]:
        """The letters that were written since it was last asked."""
        if not self.file.exists():
            return ()
        with self.file.open("rb") as stream:
            stream.seek(self._read)
            lines = stream.read()
        self._read += len(lines)
        return [letter_of(json.loads(line)) for line in lines.splitlines()]


def letter_of(told: Mapping[str, Any]) -> Letter:
    """A line of the outbox as the letter that it is."""
    return Letter(
        at=datetime.fromisoformat(told["at"]).timestamp(),
        channel=told["channel"],
        to=told["to"],
        message=told["message"],
        campaign=told["campaign"],
        text=f"{told.get('title', '')} {told.get('body', '')}",
        expires_at=datetime.fromisoformat(told["expires_at"]).timestamp(),
        unsubscribe=told.get("unsubscribe", ""),
        code=_code(told),
    )


def _code(told: Mapping[str, Any]) -> str:
    """The code that goes with a push, in whatever depth its payload has it; a mail says it in its text."""

    def found(value: Any) -> str:
        if not isinstance(value, Mapping):
            return ""
        own = value.get("code")
        return own if isinstance(own, str) else next(filter(None, map(found, value.values())), "")

    return found(told.get("payload"))
