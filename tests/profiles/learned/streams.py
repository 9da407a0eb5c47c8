"""Streams of log records for tests: as devices tell them, and as nobody should."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

DAY_MS = 86_400_000
EPOCH_MS = 20_000 * DAY_MS


def record(name: str, at_ms: int = EPOCH_MS, kind: str = "behavior", **more: Any) -> dict[str, Any]:
    """A record of the log, at noon by the device's clock in India unless it says otherwise."""
    noted = {key: more.pop(key) for key in ("facets", "categories", "form", "utc_offset_s") if key in more}
    at = more.pop("at", "2024-10-04T12:00:00+05:30")
    return {
        "type": kind,
        "name": name,
        "at": at,
        "at_ms": at_ms,
        "received_ms": at_ms,
        "properties": more,
    } | noted


_NAMES = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=120)
_INSTANTS = st.integers(EPOCH_MS, EPOCH_MS + 200 * DAY_MS)
_OFFSETS = st.sampled_from(["Z", "+05:30", "-08:00"])
_FACETS = st.dictionaries(_NAMES, st.lists(_NAMES, min_size=1, max_size=16), max_size=4)
_TOUCHES = st.builds(
    lambda name, ms, zone, item, facets: record(
        name, ms, item=item, facets=facets, at=f"2024-10-04T12:00:00{zone}"
    ),
    st.sampled_from(
        ["item_impression", "item_tap", "item_save", "cart_add", "item_hide", "custom", "item_view"]
    ),
    _INSTANTS,
    _OFFSETS,
    _NAMES,
    _FACETS,
)
_BOUGHT = st.builds(
    lambda ms, items, value, facets: record(
        "purchase", ms, items=items, value=value, facets=facets, categories=[*facets][:16]
    ),
    _INSTANTS,
    st.lists(_NAMES, max_size=20),
    st.floats(-1e12, 1e12),
    _FACETS,
)
_VISITS = st.builds(
    lambda name, ms, fence, cell: record(name, ms, "geo", fence=fence, cell=cell),
    st.sampled_from(["fence_entered", "fence_exited", "location"]),
    _INSTANTS,
    _NAMES,
    st.text("0123456789bcdefg", min_size=1, max_size=9),
)
_MESSAGES = st.builds(
    lambda name, ms, channel, message, form: record(
        name, ms, "message", channel=channel, message=message, form=form
    ),
    st.sampled_from(["shown", "delivered", "opened", "acted", "dismissed"]),
    _INSTANTS,
    st.sampled_from(["push", "email", "in_app", "sms"]),
    _NAMES,
    st.sampled_from(["percent", "amount", "free"]),
)
_OTHERS = st.builds(
    record,
    _NAMES,
    _INSTANTS,
    st.sampled_from(["behavior", "exposure"]),
)
HOSTILE = st.one_of(_TOUCHES, _BOUGHT, _VISITS, _MESSAGES, _OTHERS)
"""Any record: long keys, many facets, items and places, in any order of time."""
