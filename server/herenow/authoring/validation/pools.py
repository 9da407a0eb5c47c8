"""Pools of single-use codes: one that is empty, or holds less than a campaign to many would take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from herenow.authoring.documents.faults import Fault
from herenow.authoring.validation.findings import Problem, warning
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.present import how_many
from herenow.authoring.validation.select import records

EMPTY: Final = "EMPTY_POOL"
SMALL: Final = "SMALL_POOL"


def check(folder: Folder) -> Iterator[Problem]:
    """Every pool of which something is known."""
    campaigns = [campaign for _, campaign in records(folder.document("campaigns"), "*")]
    for at, offer in records(folder.document("offers"), "*"):
        name, pool = str(at[-1]), offer.get("code", {}).get("pool")
        codes = folder.present.codes(name) if pool else None
        if codes is None:
            continue
        where = (*at, "code", "pool")
        if codes == 0:
            detail = f"no code of '{pool}' is known, so nobody is made the offer '{name}'"
            expected = f"the file in the folder, or: herenow offers codes import {name} FILE"
            yield warning("offers", where, Fault(EMPTY, detail, expected))
            continue
        yield from _small(folder, where, name, codes, campaigns)


def _small(
    folder: Folder, where: tuple[Any, ...], name: str, codes: int, campaigns: Sequence[Mapping[str, Any]]
) -> Iterator[Problem]:
    """Codes against the people of a campaign to many that makes no other offer."""
    for campaign in campaigns:
        if campaign.get("kind") != "mass" or list(campaign.get("offers", ())) != [name]:
            continue
        reach = folder.present.reach()
        wanted = 0 if reach is None else reach.by(campaign.get("channels", ()))
        if wanted > codes and "audience" not in campaign:
            detail = f"{codes:,} codes are there for {how_many(reach, campaign)}: the others get no message"
            yield warning("offers", where, Fault(SMALL, detail, f"{wanted:,} codes, or a second offer"))
            return
