"""Tables on disk: parquet files, written and read with duckdb."""

from __future__ import annotations

from pathlib import Path

import pandas as pd


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as one compressed parquet file."""
    import duckdb

    with duckdb.connect() as db:
        db.register("rows", table)
        db.execute(f"COPY rows TO {_quoted(path)} (FORMAT parquet, COMPRESSION zstd)")


def read_table(path: Path) -> pd.DataFrame:
    """Read a parquet file in the order in which it was written."""
    import duckdb

    with duckdb.connect() as db:
        return db.execute(f"SELECT * FROM {_quoted(path)}").df()


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
