"""Consent as the server keeps it: the rule is the contract's, decided once for device and server.

A purpose that a client does not mention takes the policy's default; what it does mention stands,
``unknown`` included (DESIGN D13).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, get_args

from herenow_sdk.core.device import consent as contract

Status = Literal["granted", "denied", "unknown"]
STATUSES: Final[tuple[str, ...]] = get_args(Status)
PURPOSES: Final = contract.PURPOSES


def effective_consent(stated: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, str]:
    """Every purpose with its status: stated, else the policy's default, else ``unknown``."""
    return contract.effective_consent(stated, policy=defaults)


def merge_consent(held: Mapping[str, str], change: Mapping[str, str]) -> dict[str, str]:
    """The consent held, with what the person now says about some purposes."""
    return dict(contract.change_consent(held, change).consent)
