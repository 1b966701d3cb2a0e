"""Reading CRM exports: what a run gets, what is set aside, what is refused, and that nothing is ever a traceback."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import importlib.util
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simlib.errors import ExportError
from simlib.scenario import load_scenario
from simlib.scenario.schema import CalendarSpec, Replay
from simlib.world.cells import first_day
from simlib.world.crm import Export, read_export
from simlib.world.crm_notes import Note, outside_log
from simlib.world.crm_table import COLUMNS

ROOT = Path(__file__).parents[2]
TRIAL = ROOT.parent / "shared" / "data"
HEADER = "deal_id,create_date,first_contact_date,close_date,is_closed,is_won,amount,currency,owner_id,company_id"
Read = Callable[..., Export]

needs_trial_data = pytest.mark.skipif(not TRIAL.is_dir(), reason=f"the trial data are not there: {TRIAL}")


def replay(**values: object) -> Replay:
    """The replay section of a scenario."""
    return Replay.model_validate({"kind": "replay", "export": "log", **values})


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write tables into a folder and read them as an export."""

    def read_tables(deals: str | bytes, *, start: dt.date | None = None, **more: object) -> Export:
        (tmp_path / "deals.csv").write_bytes(deals if isinstance(deals, bytes) else deals.encode())
        for name in ("owners", "activities"):
            if name in more:
                (tmp_path / f"{name}.csv").write_text(str(more.pop(name)), encoding="utf-8")
        return read_export(tmp_path, replay(**more), start=start)

    return read_tables


def codes(export: Export) -> set[str]:
    """What the log's notes are about."""
    return {note.code for note in export.notes}


def table(*rows: str, header: str = HEADER) -> str:
    """The text of a CSV file."""
    return "\n".join((header, *rows)) + "\n"


WON = "w,2026-01-05 09:00,2026-01-05 10:00,2026-01-09 09:00,True,True,1000,EUR,ann,C1"
LOST = "l,2026-01-06 22:30,2026-01-07 09:00,2026-01-08 09:00,True,False,500,EUR,bob,C1"
OPEN = "o,2026-01-07 12:00,,2026-02-28 00:00,False,,,EUR,ann,"
REFUSED = "r,2026-01-05 08:00:00,,2026-01-05 08:01:30,True,False,700,EUR,,C2"


class TestWhatARunGets:
    def test_leads_are_sorted_by_time_and_hold_no_outcome(self, read: Read) -> None:
        """Only what no organisation chose is in the leads; hours count from midnight of the first day."""
        leads = read(table(OPEN, LOST, WON)).leads
        names = ["deal_id", "account", "at_h", "amount", "product", "region", "segment", "source"]
        assert list(leads.columns) == names
        assert list(leads["deal_id"]) == ["w", "l", "o"]
        assert list(leads["at_h"]) == [9.0, 46.5, 60.0]

    def test_company_is_the_account_and_a_deal_without_one_has_its_own(self, read: Read) -> None:
        """Two deals of one company share an account; a deal that names none cannot share one, nor be taken for C1."""
        assert list(read(table(WON, LOST, OPEN)).leads["account"]) == ["C1", "C1", "deal o"]

    def test_an_open_deals_close_date_is_the_expected_one(self, read: Read) -> None:
        """An open deal with a close date counts as open, not as decided, and the reader is told."""
        export = read(table(WON, LOST, OPEN))
        assert export.observed["open"] == 1
        assert export.observed["win_rate"] == 0.5
        assert Note("expected_close", {"count": 1}) in export.notes

    def test_an_open_deal_is_neither_lost_nor_refused(self, read: Read) -> None:
        """CRM systems write `is_won` false for open deals too, and an expected close may be minutes after creation."""
        export = read(table(WON, "o,2026-01-07 12:00:00,,2026-01-07 12:02:00,False,False,1,EUR,,"))
        assert export.set_aside["automatic_refusal"] == 0
        assert (export.observed["win_rate"], export.observed["open"]) == (1.0, 1)

    def test_outcomes_and_owners_do_not_change_what_a_run_gets(self, read: Read) -> None:
        """With the outcomes swapped and the owners gone, the leads are the same."""
        before = read(table(WON, LOST, OPEN)).leads
        swapped = [
            WON.replace("True,True", "True,False"),
            LOST.replace("True,False", "True,True").replace("bob", ""),
            OPEN,
        ]
        assert before.equals(read(table(*swapped)).leads)

    def test_unknown_amounts_stay_unknown_and_are_counted(self, read: Read) -> None:
        """Imputation is the world's task; here an empty amount is NaN."""
        export = read(table(WON, OPEN))
        assert export.missing == {"amount": 1}
        assert export.leads["amount"].isna().tolist() == [False, True]

    def test_start_sets_earlier_leads_aside_and_moves_time_zero(self, read: Read) -> None:
        """A replay that starts on the second day counts hours from its midnight."""
        export = read(table(WON, LOST, OPEN), start=dt.date(2026, 1, 6))
        assert export.set_aside["before_start"] == 1
        assert list(export.leads["at_h"]) == [22.5, 36.0]
        assert export.first_day == dt.date(2026, 1, 6)

    def test_start_after_the_log_is_refused_with_the_range(self, read: Read) -> None:
        """No lead would be left: the message names the days among which to choose."""
        with pytest.raises(ExportError, match="must be between 2026-01-05 and 2026-01-06"):
            read(table(WON, LOST), start=dt.date(2026, 2, 1))

    def test_days_to_close_stand_in_for_creation(self, read: Read) -> None:
        """Without create_date a closed deal was created days_to_close before its closing."""
        text = table(
            "a,2026-01-09,4,True,True",
            "b,2026-01-10,1,True,False",
            header="deal_id,close_date,days_to_close,is_closed,is_won",
        )
        export = read(text)
        assert export.first_day == dt.date(2026, 1, 5)
        assert list(export.leads["at_h"]) == [0.0, 96.0]


class TestAutomaticRefusals:
    def test_lost_at_once_and_never_touched_is_set_aside(self, read: Read) -> None:
        """The refusal is neither replayed nor in the win rate, but the rate with refusals counts it."""
        export = read(table(WON, LOST, REFUSED))
        assert export.set_aside["automatic_refusal"] == 1
        assert "r" not in set(export.leads["deal_id"])
        assert export.observed["win_rate"] == 1 / 2
        assert export.observed["win_rate_with_refusals"] == 1 / 3

    def test_slower_than_the_limit_stays(self, read: Read) -> None:
        """A loss after 90 seconds is no refusal if the limit is one minute."""
        assert read(table(WON, REFUSED), refusal_minutes=1.0).set_aside["automatic_refusal"] == 0

    @pytest.mark.parametrize(
        ("owner", "start", "refused"),
        [("ann", "2026-01-05 08:01:00", 0), ("", "2026-01-05 08:01:00", 1), ("ann", "2026-01-05 09:00:00", 1)],
        ids=["a person acted before", "the system acted", "a person acted after the close"],
    )
    def test_touched_means_a_person_acted_before_the_close(
        self, read: Read, owner: str, start: str, refused: int
    ) -> None:
        """Rows without an owner are the system's; what is done after the close changes nothing."""
        activities = f"deal_id,owner_id,type,start_at,end_at\nr,{owner},call,{start},\n"
        assert read(table(WON, REFUSED), activities=activities).set_aside["automatic_refusal"] == refused

    def test_a_log_by_day_cannot_tell_refusals(self, read: Read) -> None:
        """Closed on the day of creation is not 'within five minutes' when the clock is unknown."""
        export = read(
            table("a,2026-01-05,,2026-01-05,True,False,1,EUR,,", "b,2026-01-05,,2026-01-06,True,True,1,EUR,,")
        )
        assert export.set_aside["automatic_refusal"] == 0
        assert {"refusals_untold", "day_only"} <= codes(export)


class TestDimensions:
    header = "deal_id,create_date,is_closed,is_won,owner_id,company_id,region"

    def by_owner(self, company: Callable[[int], str]) -> str:
        """Twelve deals of two owners, each with a region of their own."""
        rows = [
            f"d{i},2026-01-05,True,True,{'ann' if i % 2 else 'bob'},{company(i)},{'east' if i % 2 else 'west'}"
            for i in range(12)
        ]
        return table(*rows, header=self.header)

    def test_absent_dimension_is_refused(self, read: Read) -> None:
        """No column, or an empty one, cannot divide customers; amounts are needed for size bands."""
        refusals = read(table("a,2026-01-05,True,True,,,", header=self.header)).refusals
        assert refusals["region"] == "the log has no region (column region is missing or empty)"
        assert set(refusals) == {"region", "product", "segment", "size"}

    def test_region_of_the_owner_is_refused_when_owners_csv_says_the_same(self, read: Read) -> None:
        """One region per owner, as listed: a design by region would be circular, and no region reaches the run."""
        export = read(self.by_owner(lambda i: ""), owners="owner_id,region\nann,east\nbob,west\n")
        assert "2 of 2 owners have one region each; owners.csv says the same" in export.refusals["region"]
        assert export.leads["region"].isna().all()

    def test_region_of_the_owner_is_refused_when_companies_have_several(self, read: Read) -> None:
        """A company sold to in two regions has none of its own."""
        assert "6 of 6 companies" in read(self.by_owner(lambda i: f"C{i // 2}")).refusals["region"]

    def test_region_of_the_customer_is_kept_although_owners_follow_it(self, read: Read) -> None:
        """Companies with several deals and one region each: the territory comes from the customer."""
        export = read(self.by_owner(lambda i: f"C{i % 4}"), owners="owner_id,region\nann,east\nbob,west\n")
        assert "region" not in export.refusals
        values = {"dimension": "region", "owners": 2, "companies": 4}
        assert Note("customers_own_listed", values) in export.notes

    def test_the_scenario_may_say_so(self, read: Read) -> None:
        """`owner_derived` refuses a dimension that the log alone does not give away."""
        rows = [f"d{i},2026-01-05,True,True,ann,,{'east' if i % 2 else 'west'}" for i in range(12)]
        export = read(table(*rows, header=self.header), owner_derived=("region",))
        assert "demand.owner_derived" in export.refusals["region"]

    def test_empty_cells_of_a_dimension_are_counted(self, read: Read) -> None:
        """A region missing in one row of two is missing, not refused."""
        export = read(table("a,2026-01-05,True,True,,,east", "b,2026-01-05,True,True,,,", header=self.header))
        assert export.missing == {"region": 1, "amount": 2}
        assert export.leads["region"].tolist() == ["east", None]


class TestFormats:
    @pytest.mark.parametrize(
        ("header", "row"),
        [
            ("hs_object_id,createdate,closedate,hs_is_closed,hs_is_closed_won,amount,deal_currency_code,hubspot_owner_id",
             "7,1767603600000,1767690000000,true,true,1000,EUR,ann"),
            ("Id,CreatedDate,CloseDate,IsClosed,IsWon,Amount,CurrencyIsoCode,OwnerId",
             "7,2026-01-05T09:00:00.000+0000,2026-01-06,1,1,1000.00,EUR,ann"),
            ("商机编号,创建时间,成交日期,是否关闭,是否赢单,商机金额,币种,负责人",
             "7,2026年1月5日 9:00,2026/1/6,是,是,￥1000,EUR,安娜"),
        ],
        ids=["HubSpot", "Salesforce", "Chinese"],
    )  # fmt: skip
    def test_other_systems_names_and_dates(self, read: Read, header: str, row: str) -> None:
        """The same won deal, as three systems export it."""
        export = read(table(row, header=header))
        assert export.leads.loc[0, ["deal_id", "at_h", "amount"]].tolist() == ["7", 9.0, 1000.0]
        assert (export.observed["won"], export.currency, export.faults) == (1, "EUR", ())

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_encodings_and_delimiters(self, read: Read, encoding: str, delimiter: str) -> None:
        """Chinese text comes through whatever the file was saved as, and the reading is said."""
        text = table("7,2026-01-05,是,是,华东", header="商机编号,创建时间,是否关闭,是否赢单,区域").replace(
            ",", delimiter
        )
        export = read(text.encode(encoding))
        assert export.leads["region"].tolist() == ["华东"]
        told = [note.values for note in export.notes if note.code == "encoding"]
        expected = {"file": "deals.csv", "encoding": encoding.removesuffix("-sig"), "delimiter": repr(delimiter)}
        assert told == ([expected] if encoding in {"gb18030", "utf-16"} or delimiter != "," else [])

    def test_gz_is_read_and_two_files_of_one_table_are_refused(self, tmp_path: Path) -> None:
        """deals.csv.gz is as good as deals.csv, but not beside it."""
        (tmp_path / "deals.csv.gz").write_bytes(gzip.compress(table(WON).encode()))
        assert len(read_export(tmp_path, replay()).leads) == 1
        (tmp_path / "deals.csv").write_text(table(WON), encoding="utf-8")
        with pytest.raises(ExportError, match="must be one of them"):
            read_export(tmp_path, replay())

    def test_columns_of_the_scenario_win(self, read: Read) -> None:
        """A user's own header is mapped; an unknown meaning names its nearest neighbour."""
        text = table("7,2026-01-05,True,True,2026-01-01", header="deal_id,Eingang,is_closed,is_won,create_date")
        assert read(text, columns={"Eingang": "create_date"}).first_day == dt.date(2026, 1, 5)
        with pytest.raises(ExportError, match="did you mean 'create_date'"):
            read(text, columns={"Eingang": "creat_date"})

    @pytest.mark.parametrize(
        ("text", "amount"),
        [("1,234.50", 1234.5), ("1.234,50", 1234.5), ("€ 1 234", 1234.0), ("0", 0.0), ("1e3", 1000.0)],
    )
    def test_amounts(self, read: Read, text: str, amount: float) -> None:
        """Thousands and decimals as people write them."""
        export = read(table(f"7;2026-01-05;True;True;{text}", header="deal_id;create_date;is_closed;is_won;amount"))
        assert export.leads["amount"].tolist() == [amount]

    @pytest.mark.parametrize(("dates", "day"), [(("13/01/2026", "02/01/2026"), 2), (("01/13/2026", "01/02/2026"), 2)])
    def test_day_or_month_first_follows_from_the_column(self, read: Read, dates: tuple[str, str], day: int) -> None:
        """A thirteenth month cannot be: one date decides for the column."""
        export = read(
            table(*(f"{i},{d},True,True" for i, d in enumerate(dates)), header="deal_id,create_date,is_closed,is_won")
        )
        assert (export.first_day, export.last_day) == (dt.date(2026, 1, day), dt.date(2026, 1, 13))


class TestOutcomesDerived:
    """A log without `is_closed` is read; what was derived is said."""

    def outcomes(self, export: Export) -> tuple[float, float, float]:
        """Won, open, and win rate."""
        return export.observed["won"], export.observed["open"], export.observed["win_rate"]

    @pytest.mark.parametrize(
        ("won", "lost", "open_stage"),
        [
            ("closedwon", "closedlost", "qualifiedtobuy"),
            ("Closed Won", "Closed Lost", "Prospecting"),
            ("赢单", "输单", "方案报价"),
        ],
        ids=["HubSpot", "Salesforce", "Chinese"],
    )
    def test_from_the_stage(self, read: Read, won: str, lost: str, open_stage: str) -> None:
        """The last stages tell both outcomes; an open deal's close date stays the expected one."""
        stages = (won, won, lost, open_stage)
        rows = [f"{i},2026-01-0{i + 5},2026-01-20,{stage}" for i, stage in enumerate(stages)]
        export = read(table(*rows, header="deal_id,createdate,closedate,dealstage"))
        assert self.outcomes(export) == (2, 1, 2 / 3)
        assert Note("closed_from_stage", {"closed": 3, "deals": 4}) in export.notes
        assert Note("won_from_stage", {"won": 2}) in export.notes

    def test_from_won_and_the_close_date(self, read: Read) -> None:
        """HubSpot writes false for open deals too: not won and closing after the last creation is open."""
        export = read(
            table(
                "a,2026-01-05,2026-03-01,true",
                "b,2026-01-06,2026-01-20,false",
                "c,2026-02-01,2026-03-31,false",
                "d,2026-02-02,2026-01-10,",
                header="hs_object_id,createdate,closedate,hs_is_closed_won",
            )
        )
        assert self.outcomes(export) == (1, 2, 1 / 2)
        assert Note("closed_from_date", {"closed": 2, "deals": 4}) in export.notes

    def test_from_the_close_date_alone(self, read: Read) -> None:
        """Closed or open is known, won or lost is not: no win rate, and no lead is called refused."""
        rows = ("a,2026-01-05 09:00:00,2026-01-05 09:01:00,", "b,2026-02-01 09:00:00,2026-03-01 09:00:00,")
        export = read(table(*rows, header="deal_id,create_date,close_date,first_contact_date"))
        assert (export.observed["open"], len(export.leads)) == (1, 2)
        assert export.observed["win_rate"] != export.observed["win_rate"]
        assert {"closed_from_date", "won_unknown", "refusals_untold"} <= codes(export)

    def test_won_alone_tells_no_win_rate(self, read: Read) -> None:
        """Not won may be lost or open: a rate of 100% would be made of the won deals only."""
        export = read(table("a,2026-01-05,true", "b,2026-01-06,false", header="deal_id,create_date,is_won"))
        assert export.observed["win_rate"] != export.observed["win_rate"]
        assert "closed_unknown" in codes(export)

    def test_what_is_stated_wins(self, read: Read) -> None:
        """A log that has both columns says nothing of derivation, whatever its stages are called."""
        text = table("a,2026-01-05,True,True,lost", header="deal_id,create_date,is_closed,is_won,deal_stage")
        export = read(text)
        assert export.observed["won"] == 1
        assert not {code for code in codes(export) if "closed_" in code or "won_" in code}


class TestWindow:
    """Days of the window on which nothing can arrive are said."""

    def notes(self, read: Read, *, start: dt.date | None = None, **calendar: float) -> list[Note]:
        """Notes on the window for a log of leads from 5 to 24 January 2026."""
        rows = [f"{day},2026-01-{day:02},True,True" for day in range(5, 25)]
        export = read(table(*rows, header="deal_id,create_date,is_closed,is_won"), start=start)
        return outside_log(export.leads, export.first_day, CalendarSpec.model_validate({"start": start, **calendar}))

    def test_a_window_within_the_log_is_not_mentioned(self, read: Read) -> None:
        """Twenty days of log hold a warm-up of six and a window of fourteen; they do not hold one of fifteen."""
        assert self.notes(read, warm_up_days=6.0, horizon_days=14.0) == []
        assert len(self.notes(read, warm_up_days=6.0, horizon_days=15.0)) == 1

    def test_a_window_beyond_the_log_is_told_with_its_days(self, read: Read) -> None:
        """Thirty days from 11 January end on 9 February; the log ends on 24 January, 16 days earlier."""
        (note,) = self.notes(read, warm_up_days=6.0, horizon_days=30.0)
        days = {"first": 5, "last": 24, "begin": 11}
        assert note == Note(
            "window_outside",
            {name: dt.date(2026, 1, day) for name, day in days.items()}
            | {"until": dt.date(2026, 2, 9), "empty": 16.0, "days": 30.0},
        )

    def test_a_window_before_or_after_the_log_is_empty(self, read: Read) -> None:
        """A start long before the log, or a warm-up that outlasts it, leaves no day with needs."""
        (before,) = self.notes(read, start=dt.date(2025, 1, 1), horizon_days=30.0)
        (after,) = self.notes(read, warm_up_days=50.0, horizon_days=30.0)
        assert before.values["empty"] == after.values["empty"] == 30.0


class TestImputation:
    def test_what_is_drawn_is_told(self, read: Read) -> None:
        """One amount of two is missing; a region that is refused is not drawn, and not told."""
        assert Note("imputed", {"dimension": "amount", "count": 1, "leads": 2}) in read(table(WON, OPEN)).notes
        assert not any(note.values.get("dimension") == "region" for note in read(table(WON, OPEN)).notes)

    def test_a_log_without_amounts_has_deals_worth_nothing(self, read: Read) -> None:
        """There is nothing to draw from: that is another thing to say."""
        assert Note("no_amounts", {"leads": 1}) in read(table(OPEN)).notes
        assert "imputed" not in codes(read(table(OPEN)))


class TestWrongColumns:
    """A column that holds something else is refused; single bad rows are faults."""

    header = "deal_id,created,close_date,stage_name,worth"
    rows = tuple(f"{i},2026-01-{i + 5:02},,appointment,EUR" for i in range(9))

    @pytest.mark.parametrize(
        ("columns", "message"),
        [
            (
                {"created": "create_date", "stage_name": "is_closed"},
                r"deals.csv:2: column 'stage_name', read as is_closed: got 'appointment' and so on in 9 of 9 filled "
                r"rows, must be true or false \(stages belong under deal_stage\): say under demand.columns",
            ),
            ({"worth": "create_date"}, "column 'worth', read as create_date: got 'EUR' .* must be a date from 1990"),
            ({"created": "create_date", "worth": "amount"}, "column 'worth', read as amount: .* must be a number"),
        ],
        ids=["truths", "dates", "amounts"],
    )
    def test_a_column_of_another_kind_is_refused(self, read: Read, columns: dict[str, str], message: str) -> None:
        """File, line, header, meaning, values, how many, the rule and the way out."""
        with pytest.raises(ExportError, match=message):
            read(table(*self.rows, header=self.header), columns=columns)

    def test_a_few_bad_rows_are_faults(self, read: Read) -> None:
        """Three of nine, or three of three filled ones: set aside or unknown, and counted."""
        rows = [row.replace("EUR", "?" if i < 3 else "") for i, row in enumerate(self.rows)]
        export = read(table(*rows, header=self.header), columns={"created": "create_date", "worth": "amount"})
        assert [fault.column for fault in export.faults] == ["amount"] * 3
        assert export.missing["amount"] == 9

    @pytest.mark.parametrize("none", ["NULL", "1899-12-30", "n/a"])
    def test_what_systems_write_for_none_is_no_wrong_column(self, read: Read, none: str) -> None:
        """Eight contacts that never were: faults of their rows as before, not a refusal of the log."""
        rows = [f"{i},2026-01-05,True,True,{none if i else '2026-01-06'}" for i in range(9)]
        export = read(table(*rows, header="deal_id,create_date,is_closed,is_won,first_contact_date"))
        assert (len(export.leads), len(export.faults)) == (9, 8)

    def test_a_header_that_no_file_has_is_told(self, read: Read) -> None:
        """Most likely mistyped: the column it should have named is not read."""
        export = read(table(WON), columns={"Betrag": "amount", "owner_id": "owner_id"})
        assert Note("unknown_headers", {"columns": ("Betrag",)}) in export.notes


class TestFaults:
    def test_faulty_rows_are_named_and_counted(self, read: Read) -> None:
        """Each fault has the file's line; only a row without an id or a creation date is left out."""
        export = read(table(
            WON,
            "bad,2026-02-31,,,False,,1,EUR,,",
            "neg,2026-01-05 10:00,,,False,,-5,EUR,,",
            WON,
            "usd,2026-01-05 11:00,,,False,,9,USD,,",
            "back,2026-01-05 12:00,,2026-01-04 12:00,True,False,9,EUR,,",
            "short,2026-01-05",
            ",2026-01-05 13:00,,,False,,9,EUR,,",
            "odd,2026-01-05 14:00,,,perhaps,,9,EUR,,",
        ))  # fmt: skip
        assert [(fault.line, fault.column) for fault in export.faults] == [
            (3, "create_date"), (4, "amount"), (5, "deal_id"), (6, "currency"), (7, "close_date"), (8, "row"),
            (9, "deal_id"), (10, "is_closed"),
        ]  # fmt: skip
        assert list(export.leads["deal_id"]) == ["w", "neg", "usd", "back", "odd"]
        assert export.set_aside == {"automatic_refusal": 0, "before_start": 0, "unreadable": 3, "duplicate": 1}
        assert export.rows == 9
        assert export.missing["amount"] == 2
        assert str(export.faults[1]) == "deals.csv:4: amount: got '-5', must be a number from 0 to 1e+12"
        (note,) = [note for note in export.notes if note.code == "row_faults"]
        assert note.values["count"] == 8
        assert note.values["places"][:2] == ("deals.csv:3 create_date", "deals.csv:4 amount")

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", "is empty, must have a header"),
            (table("a,soon,,,False,,,EUR,,"), "no lead is left to replay"),
            ("deal_id,create_date,amount\n", "has none of the columns is_closed, is_won, deal_stage, close_date"),
            ("deal_id,is_closed,is_won,days_to_close\n1,True,True,3\n", "has no dates: whatever needs time"),
            ("deal_id,create_date,is_closed,is_won\n1,01/02/2026,True,True\n", "day and month cannot be told apart"),
            ("deal_id,deal_id,create_date,is_closed,is_won\n", "both mean deal_id"),
            (
                'deal_id,create_date,is_closed,is_won\n"1,2026-01-05,True,True\n',
                ":2: a quote opened here is never closed",
            ),
            (b"\x89PNG\x00\x01", "is binary"),
            (b"deal_id,\xff\xff\n", "of no known encoding"),
            (table(WON.replace("EUR", "euros")), "must be a code of three letters"),
        ],
    )
    def test_what_cannot_be_replayed_is_refused(self, read: Read, text: str | bytes, message: str) -> None:
        """Place, value, rule and way out; never a traceback."""
        with pytest.raises(ExportError, match=message):
            read(text)

    def test_a_missing_folder_and_a_broken_archive_are_refused(self, tmp_path: Path) -> None:
        """Neither is a traceback of the operating system."""
        with pytest.raises(ExportError, match=r"has no deals\.csv"):
            read_export(tmp_path / "nowhere", replay())
        (tmp_path / "deals.csv.gz").write_bytes(gzip.compress(table(WON).encode())[:-9])
        with pytest.raises(ExportError, match="cannot be read"):
            read_export(tmp_path, replay())


ODD_CELLS = (
    *("", "True", "False", "是", "2026-01-05", "2026-01-05 09:30:00", "13/01/2026", "1899-12-30", "9999-99-99", "-1"),
    *("1e400", "NaN", "inf", "1,5", "١٢", "²", "1767603600000", "EUR", "ann", '"', "'", "\x00", "=1+1", "{}", "C1"),
)
CELLS = st.one_of(st.text(max_size=12), st.sampled_from(ODD_CELLS))
FIRST_CELLS = st.tuples(
    st.sampled_from(["a", "b", "c", ""]),
    st.sampled_from(["2026-01-05", "2026-01-06 10:00", "x", "2026-13-01"]),
    st.sampled_from(["True", "False", "?"]),
    st.sampled_from(["True", "False", ""]),
)
REQUIRED = ["deal_id", "create_date", "is_closed", "is_won"]


@st.composite
def odd_tables(draw: st.DrawFn) -> str:
    """A table with the required columns, a few others, and anything in its cells."""
    others = [name for name in (*COLUMNS, "Notes") if name not in REQUIRED]
    header = draw(st.lists(st.sampled_from(others), max_size=6, unique=True))
    row = st.tuples(FIRST_CELLS, st.lists(CELLS, min_size=len(header), max_size=len(header)))
    rows = [[*first, *rest] for first, rest in draw(st.lists(row, max_size=6))]
    delimiter = draw(st.sampled_from([",", ";", "\t"]))
    return "\n".join(delimiter.join(line) for line in [[*REQUIRED, *header], *rows])


@settings(max_examples=25)
@given(odd_tables())
def test_garbage_gives_an_export_or_an_export_error(text: str) -> None:
    """Whatever stands in the cells, the reader answers with an Export whose rows add up, or with an ExportError."""
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(ExportError):
        (Path(folder) / "deals.csv").write_bytes(text.encode(errors="replace"))
        export = read_export(folder, replay())
        assert export.rows == len(export.leads) + sum(export.set_aside.values())
        assert (export.leads["at_h"] >= 0).all()


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_random_bytes_are_refused(raw: bytes) -> None:
    """No bytes without the required columns make the reader fail in another way than by ExportError."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "deals.csv").write_bytes(raw)
        with pytest.raises(ExportError):
            read_export(folder, replay())


class TestCache:
    def test_an_unchanged_export_is_read_once_and_a_changed_one_again(self, read: Read) -> None:
        """Building designs and worlds must not read a log again; a new file must not be missed."""
        first = read(table(WON))
        assert read_export(first.folder, replay()) is first
        second = read(table(WON, LOST))
        assert (len(first.leads), len(second.leads)) == (1, 2)


class TestSmallExport:
    def test_it_is_what_its_script_writes(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The shipped files and the script that claims to have written them agree byte for byte."""
        spec = importlib.util.spec_from_file_location("make_small_export", ROOT / "scripts" / "make_small_export.py")
        assert spec is not None
        assert spec.loader is not None
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        shipped = script.FOLDER
        monkeypatch.setattr(script, "FOLDER", tmp_path)
        script.main()
        for name in ("deals.csv", "activities.csv", "owners.csv"):
            assert (tmp_path / name).read_bytes() == (shipped / name).read_bytes()

    def test_it_holds_the_traps_of_a_real_log(self) -> None:
        """Refusals, missing amounts and owners, bunched arrivals, returning companies, expected close dates."""
        export = read_export(ROOT / "scenarios" / "exports" / "small_leads", replay())
        night = export.leads["at_h"] % 24
        assert export.faults == ()
        assert export.set_aside["automatic_refusal"] > 200
        assert export.missing["amount"] > 20
        assert export.observed["deals_without_owner"] > 300
        assert export.observed["dispersion"] > 2
        assert export.observed["open"] > 20
        assert (export.leads["account"].value_counts() > 1).sum() > 20
        assert 0.15 < ((night < 8) | (night >= 20)).mean() < 0.35
        assert set(export.refusals) == {"region", "product", "segment"}

    def test_the_scenario_that_replays_it_starts_on_its_first_day(self) -> None:
        """Otherwise weekdays of the calendar and of the log would differ, and hours would count from two days."""
        scenario = load_scenario(ROOT / "scenarios" / "loan_leads.yaml")
        assert isinstance(scenario.demand, Replay)
        export = read_export(scenario.demand.export, scenario.demand)
        assert (export.first_day, export.currency) == (first_day(scenario), scenario.currency)


@needs_trial_data
class TestTrialData:
    def test_loan_leads(self) -> None:
        """5,333 leads, of which the public description says that a third of the losses came within two minutes."""
        export = read_export(TRIAL / "loan_leads", replay())
        assert export.rows == 5333
        assert export.set_aside == {"automatic_refusal": 1409, "before_start": 0, "unreadable": 0, "duplicate": 0}
        assert export.observed["win_rate"] == pytest.approx(960 / 3924)
        assert export.observed["win_rate_with_refusals"] == pytest.approx(960 / 5333)
        assert (export.currency, export.faults, export.missing) == ("EUR", (), {"amount": 0})
        assert set(export.refusals) == {"region", "product", "segment"}

    def test_crm_hardware(self) -> None:
        """Region is the owner's and refused; lost deals have no amount; deals decided before March are not there."""
        export = read_export(TRIAL / "crm_hardware", replay())
        assert (export.rows, len(export.leads), export.observed["open"]) == (7135, 7135, 2409)
        assert "30 of 30 owners have one region each; owners.csv says the same" in export.refusals["region"]
        assert "product" not in export.refusals
        assert export.missing["amount"] == 2409 + 1684
        assert {"amounts_of_won_only", "left_truncated"} <= codes(export)

    def test_route_to_market(self) -> None:
        """A log without dates is refused, and the message says what it is good for."""
        with pytest.raises(ExportError, match=r"has no dates: whatever needs time .* channel and region shares"):
            read_export(TRIAL / "route_to_market", replay())
