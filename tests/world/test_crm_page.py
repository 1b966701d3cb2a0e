"""docs/crm.md and the reader cannot drift apart: which columns are read or required, and what else they are called."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simlib.errors import ExportError
from simlib.scenario.schema import Replay
from simlib.world.crm import TABLES, read_export
from simlib.world.crm_outcome import OUTCOMES
from simlib.world.crm_table import COLUMNS, Table, plain

PAGE = Path(__file__).parents[2] / "docs" / "crm.md"
REPLAY = Replay.model_validate({"kind": "replay", "export": "log"})
LOG = {
    "deals": {
        "deal_id": "1", "create_date": "2026-01-05 09:00", "close_date": "2026-01-09 09:00", "days_to_close": "4",
        "is_closed": "true", "is_won": "true", "deal_stage": "closedwon", "amount": "10", "currency": "EUR",
        "owner_id": "ann", "company_id": "C1", "product_id": "machine", "region": "east", "segment": "small",
        "source": "fair", "first_contact_date": "2026-01-06 10:00",
    },
    "activities": {"deal_id": "1", "owner_id": "ann", "start_at": "2026-01-06 10:00"},
    "owners": {"owner_id": "ann", "region": "east", "product_id": "machine", "segment": "small"},
}  # fmt: skip
"""A log with every column that is read, one row a table."""


def section(title: str) -> dict[str, list[str]]:
    """The rows of a section's table: column -> its other cells."""
    text = PAGE.read_text(encoding="utf-8").split(f"\n## {title}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", text, re.MULTILINE)
    return {name: cells.split(" | ") for name, cells in rows}


def without(folder: Path, *gone: tuple[str, str]) -> None:
    """Write the log without some columns, each named with its table, and read it."""
    for table, row in LOG.items():
        kept = {name: value for name, value in row.items() if (table, name) not in gone}
        (folder / f"{table}.csv").write_text(f"{','.join(kept)}\n{','.join(kept.values())}\n", encoding="utf-8")
    read_export(folder, REPLAY)


def test_the_page_has_a_section_for_each_table() -> None:
    """Every table that is read, and no column twice."""
    assert set(LOG) == set(TABLES)
    assert all(section(f"{table}.csv") for table in TABLES)


def test_the_page_lists_the_columns_that_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the reader asks of a table, with all columns there, without outcomes, and without creation."""
    asked: set[tuple[str, str]] = set()
    plainly = Table.column

    def noted(self: Table, name: str) -> object:
        asked.add((self.path.stem, name))
        return plainly(self, name)

    monkeypatch.setattr(Table, "column", noted)
    without(tmp_path)
    without(tmp_path, ("deals", "is_closed"), ("deals", "is_won"))
    without(tmp_path, ("deals", "create_date"))
    assert asked == {(table, column) for table in TABLES for column in section(f"{table}.csv")}


@pytest.mark.parametrize(("table", "column"), [(table, column) for table in LOG for column in LOG[table]])
def test_what_the_page_calls_required_is(tmp_path: Path, table: str, column: str) -> None:
    """Without a required column the log is refused, without any other single one it is read."""
    needed = section(f"{table}.csv")[column][2]
    if needed == "required":
        with pytest.raises(ExportError, match=f"has no column {column}"):
            without(tmp_path, (table, column))
    else:
        without(tmp_path, (table, column))


def test_the_page_tells_which_columns_stand_in_for_each_other(tmp_path: Path) -> None:
    """Creation may follow from two others, an outcome takes one of four."""
    assert section("deals.csv")["create_date"][2] == "required, or `close_date` and `days_to_close`"
    with pytest.raises(ExportError, match="has no dates"):
        without(tmp_path, ("deals", "create_date"), ("deals", "days_to_close"))
    four = {column for column, cells in section("deals.csv").items() if cells[2] == "one of four"}
    assert four | {"close_date"} == set(OUTCOMES)
    with pytest.raises(ExportError, match="has none of the columns"):
        without(tmp_path, *(("deals", column) for column in OUTCOMES))


def test_the_page_lists_every_other_name() -> None:
    """The code's dictionary, name by name and in its order, as people would write them."""
    listed = {
        column: tuple(plain(name) for name in re.findall("`([^`]+)`", cells[0]))
        for column, cells in section("Other names understood").items()
    }
    assert listed == {column: tuple(map(plain, names)) for column, names in COLUMNS.items()}
