"""What a whole app teaches, in batch: its log exported to Parquet, counted by SQL, fitted, checked, kept.

``models`` keeps what was learned, and all that serves reads it there. The rest needs the ``learn`` extra
(pyarrow, duckdb, scipy), which is imported where it is used and nowhere else.
"""
