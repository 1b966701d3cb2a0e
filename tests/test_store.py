"""Tables on disk come back as they were."""

import pandas as pd

from simlib.store import read_tables, write_tables


def test_tables_come_back_in_order_from_any_folder(tmp_path):
    """Rows keep their order, and neither a missing folder nor a quote in its name is in the way."""
    tables = {"one": pd.DataFrame({"n": [3, 1, 2]}), "other": pd.DataFrame({"x": [0.5], "word": ["it's"]})}
    write_tables(tables, tmp_path / "new" / "it's")
    again = read_tables(tables, tmp_path / "new" / "it's")
    assert list(again) == ["one", "other"]
    for name, table in tables.items():
        pd.testing.assert_frame_equal(again[name], table)
