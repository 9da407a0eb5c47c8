"""What a person's beacons taught: a fold over their log, kept within 4,096 bytes. See ``docs/profile.md``."""

from __future__ import annotations

from herenow.profiles.learned.document import NOTHING, Learned

__all__ = ["NOTHING", "Learned"]
