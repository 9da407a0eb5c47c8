"""The policy: caps that agree, a control group that leaves somebody to speak to, approvals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from herenow.authoring.documents.faults import Fault
from herenow.authoring.validation.findings import Problem, warning
from herenow.authoring.validation.folder import Folder
from herenow.authoring.validation.moments import seconds
from herenow.authoring.validation.select import records

_LARGEST_HOLDOUT: Final = 15  # the field's advice is at most 10 %, its tools allow 15
_PERIODS: Final = {"hour": "1h", "day": "1d", "week": "1w", "month": "30d"}


def check(folder: Folder) -> Iterator[Problem]:
    """Caps and holdout."""
    policy = folder.document("policy")
    yield from _caps(policy)
    percent = policy.get("holdout", {}).get("percent", 0)
    if percent > _LARGEST_HOLDOUT:
        detail = f"{percent:g} % of the people get no campaign"
        fault = Fault("LARGE_HOLDOUT", detail, f"at most {_LARGEST_HOLDOUT}")
        yield warning("policy", ("holdout", "percent"), fault)


def _caps(policy: Any) -> Iterator[Problem]:
    """Warn about a cap that is said twice, and one that a stricter one already implies."""
    seen: list[tuple[tuple[Any, ...], int, int]] = []
    for at, cap in records(policy, "caps/*"):
        if "max" not in cap or "per" not in cap:
            continue
        window = cap.get("window", "calendar")
        counted = (cap.get("channel", "any"), cap.get("tag"), cap.get("campaign"), cap.get("place"), window)
        period = seconds(_PERIODS.get(cap["per"], cap["per"]))
        if any(other == counted and length == period for other, length, _ in seen):
            fault = Fault("REPEATED_CAP", "the same is already capped over the same period", "one cap")
            yield warning("policy", at, fault)
        elif any(other == counted and length > period and cap["max"] >= most for other, length, most in seen):
            fault = Fault(
                "CAP_NEVER_BINDS", "a longer period already allows no more", f"max below {cap['max']}"
            )
            yield warning("policy", at, fault)
        seen.append((counted, period, cap["max"]))
