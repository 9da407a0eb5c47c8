"""Batches whose elements are judged one by one behind their schema: none of them spoils the others."""

from __future__ import annotations

from typing import ClassVar

import marshmallow as ma


class Records(ma.Schema):
    """``records`` is the member that holds them, a list of ``fields.Raw(allow_none=True)``."""

    records: ClassVar[str]
