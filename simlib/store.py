"""Tables on disk: one parquet file each in a folder, written and read with duckdb."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write each table as `folder/<its name>.parquet`, compressed; the folder is made if it is missing."""
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as db:
        for name, table in tables.items():
            db.register("rows", table)
            db.execute(f"COPY rows TO {_quoted(folder, name)} (FORMAT parquet, COMPRESSION zstd)")
            db.unregister("rows")


def read_tables(names: Iterable[str], folder: Path) -> dict[str, pd.DataFrame]:
    """Read tables that `write_tables` wrote, by name, their rows in the order in which they were written."""
    import duckdb

    with duckdb.connect() as db:
        return {name: db.execute(f"SELECT * FROM {_quoted(folder, name)}").df() for name in names}


def _quoted(folder: Path, name: str) -> str:
    return "'" + str(folder / f"{name}.parquet").replace("'", "''") + "'"
