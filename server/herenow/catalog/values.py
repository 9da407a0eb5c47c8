"""Values as they are written in files, read as the types that facets declare.

Each reader returns *unset* (nan, ``None``, ``NO_DAY``, no text) for what is not there and raises
``RowRejected`` for what cannot be meant.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date
from typing import Any, Final

from herenow.catalog.features import NO_DAY
from herenow.catalog.rejections import RejectionCode, RowRejected
from herenow.catalog.schema import FacetSchema

MAX_TAGS: Final = 64
"""Values of one tags facet that an item may have."""

_DECIMAL: Final = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,3})?", re.ASCII)
_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?", re.ASCII)
_EPOCH: Final = date(1970, 1, 1).toordinal()
_LARGEST: Final = 3.0e38
_BOOLEANS: Final = {
    "true": True, "yes": True, "1": True, "false": False, "no": False, "0": False,
}  # fmt: skip


def clean_text(text: str) -> str:
    """Composed (NFC), control characters and runs of white space as one blank, trimmed."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
    return " ".join(text.split())


def plain_number(value: float) -> int | float | None:
    """Whole numbers as ``int``, nan as ``None``: how JSON and conditions see a number."""
    if math.isnan(value):
        return None
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def iso_day(day: int) -> str | None:
    """``YYYY-MM-DD`` of a day since 1970-01-01, ``None`` for ``NO_DAY``."""
    return None if day == NO_DAY else date.fromordinal(day + _EPOCH).isoformat()


def read_number(value: Any, column: str, empty: str | float | None = None) -> float:
    """A finite decimal number, nan when unset or ``empty``. Truth values are not numbers."""
    if value is None or value == "" or value == empty:
        return math.nan
    if type(value) is str:
        text = value.strip()
        number = float(text) if _DECIMAL.fullmatch(text) else math.nan
    elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST:
        number = float(value)
    else:
        number = math.nan
    if math.isnan(number) or abs(number) > _LARGEST:
        raise RowRejected(RejectionCode.BAD_NUMBER, f"{column}: {shown(value)} is not a number")
    return math.nan if number == empty else number + 0.0


def read_boolean(value: Any, facet: FacetSchema) -> bool | None:
    """true/false, yes/no, 1/0 in any case; ``None`` when unset."""
    if value is None or value == "" or isinstance(value, bool):
        return value if isinstance(value, bool) else None
    truth = _BOOLEANS.get(str(value).strip().lower())
    if truth is None:
        raise RowRejected(RejectionCode.BAD_BOOLEAN, f"{facet.column}: {shown(value)} is not true or false")
    return truth


def read_day(value: Any, facet: FacetSchema) -> int:
    """Days since 1970-01-01 of ``YYYY-MM-DD``, with or without a time of day; ``NO_DAY`` when unset."""
    if value is None or value == "" or value == facet.empty:
        return NO_DAY
    match = _DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        return date.fromisoformat(match[1] if match else "").toordinal() - _EPOCH
    except ValueError:
        raise RowRejected(
            RejectionCode.BAD_DATE, f"{facet.column}: {shown(value)} is not a day (YYYY-MM-DD)"
        ) from None


def read_tags(value: Any, facet: FacetSchema, separator: str) -> list[str]:
    """The tags in their written order, each once."""
    if value is None:
        return []
    parts = value if isinstance(value, list) else read_label(value, facet).split(separator)
    tags = dict.fromkeys(read_label(part, facet) for part in parts)
    found = [tag for tag in tags if tag and tag != facet.empty]
    if len(found) > MAX_TAGS:
        raise RowRejected(
            RejectionCode.TOO_MANY_TAGS, f"{facet.column}: {len(found)} values, at most {MAX_TAGS}"
        )
    return found


def read_label(value: Any, facet: FacetSchema) -> str:
    """One value as clean text, ``""`` when unset; numbers and truth values as JSON writes them."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, int):
        return str(value).lower()
    if isinstance(value, float):
        return str(plain_number(value))
    raise RowRejected(RejectionCode.BAD_VALUE, f"{facet.column}: {shown(value)} is not text")


def shown(value: Any) -> str:
    """A value as a report may show it: short and on one line."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
