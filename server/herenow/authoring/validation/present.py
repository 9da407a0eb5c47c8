"""To whom a campaign speaks and about how many that is, in words for a marketer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow.authoring.validation.folder import Folder, Reach

_SHARE_TOLD: Final = 0.995


def whom(folder: Folder, campaign: Mapping[str, Any]) -> str:
    """To whom a campaign speaks, in words: everybody, or everybody in its audience, but the holdout."""
    told = f"everybody in '{campaign['audience']}'" if "audience" in campaign else "everybody"
    held = folder.document("policy").get("holdout", {}).get("percent", 0)
    kept = held + campaign.get("control_percent", 0) * (100 - held) / 100
    return f"{told} but the {kept:g} % held out" if kept else told


def how_many(reach: Reach | None, campaign: Mapping[str, Any]) -> str:
    """The people that its channels reach now, in words; empty where nothing is known."""
    if reach is None:
        return ""
    channels = campaign.get("channels", ())
    number = reach.by(channels)
    most = "at most " if "audience" in campaign else "about "
    if number >= _SHARE_TOLD * reach.people:
        return f"{most}{number:,} installations"
    return f"{most}{number:,} of {reach.people:,} installations, whom {' or '.join(channels)} reaches now"
