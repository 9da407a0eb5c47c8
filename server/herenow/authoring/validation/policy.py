"""The policy: a control group that leaves somebody to speak to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from herenow.authoring.documents.faults import Fault
from herenow.authoring.validation.findings import Problem, warning
from herenow.authoring.validation.folder import Folder

_LARGEST_HOLDOUT: Final = 15  # the field's advice is at most 10 %, its tools allow 15


def check(folder: Folder) -> Iterator[Problem]:
    """The holdout."""
    policy = folder.document("policy")
    percent = policy.get("holdout", {}).get("percent", 0)
    if percent > _LARGEST_HOLDOUT:
        detail = f"{percent:g} % of the people get no campaign"
        fault = Fault("LARGE_HOLDOUT", detail, f"at most {_LARGEST_HOLDOUT}")
        yield warning("policy", ("holdout", "percent"), fault)
