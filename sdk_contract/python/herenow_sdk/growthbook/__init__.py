"""What GrowthBook's SDK contract 0.8.0 has beyond features, on top of ``herenow_sdk.core``.

``GrowthBook`` is the entry: features, experiments by themselves, and redirects, in GrowthBook's own JSON
shapes. Nothing here decides anything that ``core`` decides.
"""

from __future__ import annotations

from herenow_sdk.growthbook.payload import AesCbc, decrypt, decrypted_payload
from herenow_sdk.growthbook.sdk import GrowthBook

__all__ = ["AesCbc", "GrowthBook", "decrypt", "decrypted_payload"]
