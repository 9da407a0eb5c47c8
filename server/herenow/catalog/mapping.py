"""How the columns of somebody's file become the columns that ``app.json`` names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from herenow.catalog.rows import Columns
from herenow.errors import Invalid


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """``columns``: our column → source column; ``constants``: our column → one value for all rows.

    A renamed source column is seen under its new names only; columns that are not mentioned keep theirs.
    A constant wins over a column of the same name.
    """

    columns: Mapping[str, str]
    constants: Mapping[str, Any]

    @classmethod
    def from_document(cls, document: Mapping[str, Any] | None) -> ColumnMapping:
        """Read ``{"columns": {…}, "constants": {…}}``. Raises ``Invalid`` (``INVALID_MAPPING``)."""
        document = document or {}
        columns, constants = document.get("columns", {}), document.get("constants", {})
        named = isinstance(columns, Mapping) and all(isinstance(name, str) for name in columns.values())
        if not named or not isinstance(constants, Mapping) or document.keys() - {"columns", "constants"}:
            raise Invalid(
                "The column mapping cannot be read",
                code="INVALID_MAPPING",
                detail='Expected {"columns": {our column: source column}, "constants": {our column: value}}.',
            )
        return cls(dict(columns), dict(constants))

    def apply(self, row: Columns) -> Columns:
        """The row under our names."""
        if not self.columns and not self.constants:
            return row
        renamed = set(self.columns.values())
        kept = {name: value for name, value in row.items() if name not in renamed}
        ours = {name: row[source] for name, source in self.columns.items() if source in row}
        return {**kept, **ours, **self.constants}

    def check(self, header: Sequence[str], required: Sequence[str]) -> None:
        """Raises ``Invalid`` (``MISSING_COLUMNS``) when the file cannot supply what is mapped or required."""
        present = set(header)
        missing = [source for source in self.columns.values() if source not in present]
        available = self.apply(dict.fromkeys(header, ""))
        missing += [name for name in required if name not in available and name not in self.columns]
        if missing:
            raise Invalid(
                f"The file lacks {len(missing)} column(s): {', '.join(sorted(set(missing)))}",
                code="MISSING_COLUMNS",
                detail="Rename them in the file, map them, or change app.json.",
                extra={"missing": sorted(set(missing)), "columns": list(header)},
            )
