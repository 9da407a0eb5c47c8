"""Why a row of a file is not taken: a closed set of reasons."""

from __future__ import annotations

from enum import StrEnum


class RejectionCode(StrEnum):
    """Why a row was not taken."""

    MISSING_ID = "MISSING_ID"
    BAD_ID = "BAD_ID"
    DUPLICATE_ID = "DUPLICATE_ID"
    BAD_NUMBER = "BAD_NUMBER"
    BAD_BOOLEAN = "BAD_BOOLEAN"
    BAD_DATE = "BAD_DATE"
    BAD_VALUE = "BAD_VALUE"
    BAD_COORDINATES = "BAD_COORDINATES"
    TOO_MANY_TAGS = "TOO_MANY_TAGS"
    ROW_TOO_LONG = "ROW_TOO_LONG"
    MALFORMED_JSON = "MALFORMED_JSON"
    MALFORMED_CSV = "MALFORMED_CSV"
    WRONG_COLUMN_COUNT = "WRONG_COLUMN_COUNT"
    NOT_UTF8 = "NOT_UTF8"
    MULTI_POLYGON = "MULTI_POLYGON"


class RowRejected(Exception):
    """This row cannot be taken; the others can.

    ``code`` is a ``RejectionCode``, or, of a fence, that of a finding in ``fences.geojson``.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
