"""The admin plane: what marketers, developers and owners do, under a role per app and environment."""

from __future__ import annotations

from typing import Final

from herenow.api.admin import (
    audit,
    catalog,
    checks,
    documents,
    fences,
    intent,
    keyring,
    keys,
    live,
    messages,
    offers,
    outbox,
    people,
    releases,
    reports,
    runs,
)
from herenow.api.admin.plane import AdminPlane

PLANES: Final[tuple[AdminPlane, ...]] = (
    documents.plane,
    checks.plane,
    intent.plane,
    releases.plane,
    live.plane,
    catalog.plane,
    fences.plane,
    keys.plane,
    audit.plane,
    outbox.plane,
    people.plane,
    keyring.plane,
    messages.plane,
    runs.plane,
    reports.plane,
    offers.plane,
)
"""Every group of calls, in the order the OpenAPI document shows them."""
