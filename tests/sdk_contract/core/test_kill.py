"""What the publisher has switched off."""

from __future__ import annotations

from hypothesis import given

from herenow_sdk.core.kill import killed

from .strategies import json_values, quick


def test_lists_names() -> None:
    """Every text counts, known or not; what is none is passed over."""
    assert killed({"kill": ["features", 5, None, "tomorrow"]}) == {"features", "tomorrow"}


@quick
@given(json_values)
def test_never_raises(kill: object) -> None:
    """Nothing that a manifest may hold there does harm."""
    assert isinstance(killed({"kill": kill}), frozenset)
