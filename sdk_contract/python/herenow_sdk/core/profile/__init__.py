"""The profile on the device: what it learns without asking anybody. Specification: chapter 12."""

from __future__ import annotations

from herenow_sdk.core.profile.document import Profile, bounded, read_profile
from herenow_sdk.core.profile.fold import Event, fold, merged, read_event

__all__ = ["Event", "Profile", "bounded", "fold", "merged", "read_event", "read_profile"]
