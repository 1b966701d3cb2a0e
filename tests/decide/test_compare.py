"""Comparing designs: pairing by world, verdict on one figure, the table and the JSON that others read."""

import json
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from simlib.decide.compare import (
    DIFFERENCE_COLUMNS,
    FIGURE_COLUMNS,
    RunFacts,
    compare,
    variance_ratio,
    zone_in_window,
)
from simlib.errors import SimlibError
from simlib.measure.figures import FIGURES
from simlib.scenario.schema import Scenario


@dataclass(frozen=True)
class Table:
    """Results as far as `compare` reads them."""

    figures: pd.DataFrame


def results(values: dict[str, dict[str, list[float]]]) -> Table:
    """design -> metric -> a value a world."""
    rows = [
        {"design": design, "replication": world, "metric": metric, "value": value, "unit": FIGURES[metric].unit}
        for design, metrics in values.items()
        for metric, series in metrics.items()
        for world, value in enumerate(series)
    ]
    return Table(pd.DataFrame(rows, columns=["design", "replication", "metric", "value", "unit"]))


def row(table: pd.DataFrame, **where: str) -> dict[str, object]:
    """The one row where these columns have these values."""
    for column, value in where.items():
        table = table[table[column] == value]
    assert len(table) == 1
    return {str(key): value for key, value in table.iloc[0].items()}


def worlds(n: int = 30) -> np.ndarray:
    """What happens in each world, to every design alike."""
    return np.random.default_rng(5).normal(1000, 100, size=n)


def market(n: int = 30) -> Table:
    """Four designs beside the baseline, over the same worlds: one better, one worse, one the same, one unknown."""
    base, rng = worlds(n), np.random.default_rng(6)
    return results(
        {
            "pyramid": {"contribution": list(base), "selling_cost": [50.0] * n},
            "flat": {"contribution": list(base + 60 + rng.normal(0, 10, n)), "selling_cost": [40.0] * n},
            "pooled": {"contribution": list(base - 60 + rng.normal(0, 10, n)), "selling_cost": [50.0] * n},
            "geographic": {"contribution": list(base + rng.normal(0, 10, n)), "selling_cost": [60.0] * n},
            "product_line": {"contribution": list(base + 18 + rng.normal(0, 40, n)), "selling_cost": [50.0] * n},
        }
    )


def test_four_verdicts() -> None:
    """Each of the four words, where it belongs; only the judged figure carries one."""
    found = compare(market(), baseline="pyramid", zone=20)
    judged = found.differences[found.differences["metric"] == "contribution"].set_index("design")
    assert judged["verdict"].to_dict() == {
        "flat": "better",
        "pooled": "worse",
        "geographic": "no difference that matters",
        "product_line": "not yet known",
    }
    assert judged.loc["product_line", "reason"] == "the interval crosses an edge of the zone"
    assert found.differences[found.differences["metric"] == "selling_cost"]["verdict"].tolist() == [None] * 4


def test_verdict_reads_off_the_printed_interval() -> None:
    """Each verdict follows from the low and high beside it, which have at least the confidence asked for."""
    found = compare(market(), baseline="pyramid", zone=20).differences
    for _, line in found[found["metric"] == "contribution"].iterrows():
        expected = "not yet known"
        if line["low"] > 20:
            expected = "better"
        elif line["high"] < -20:
            expected = "worse"
        elif line["low"] >= -20 and line["high"] <= 20:
            expected = "no difference that matters"
        assert line["verdict"] == expected
        assert line["confidence"] >= 0.95 - 1e-12


def test_columns() -> None:
    """The tables have the columns that reports rely on; the baseline is not compared with itself."""
    found = compare(market(), baseline="pyramid", zone=20)
    assert tuple(found.figures.columns) == FIGURE_COLUMNS
    assert tuple(found.differences.columns) == DIFFERENCE_COLUMNS
    assert len(found.figures) == 10
    assert len(found.differences) == 8
    assert set(found.differences["baseline"]) == {"pyramid"}


def test_worlds_are_paired_by_replication() -> None:
    """Rows in any order, and a world that one design lacks: each difference is taken within its own world."""
    table = results({"a": {"revenue": [1.0, 10, 100], "contribution": [0.0] * 3}, "b": {"revenue": [3.0, 12, 102]}})
    frame = table.figures[~((table.figures["design"] == "b") & (table.figures["replication"] == 1))]
    found = compare(Table(frame.sample(frac=1, random_state=1)), baseline="a", zone=0)
    line = row(found.differences, metric="revenue")
    assert (line["mean"], line["low"], line["high"], line["n"]) == (2, 2, 2, 2)
    missing = row(found.differences, metric="contribution")
    assert (missing["n"], missing["verdict"], missing["reason"]) == (0, "not yet known", "undefined")


def test_other_figures_have_plain_paired_intervals() -> None:
    """d = 2, 1, 3, 0, 4 on a figure that judges nothing: 2 ± 1.963243 at 95%."""
    d = [2.0, 1, 3, 0, 4]
    table = results(
        {
            "a": {"contribution": [0.0] * 5, "revenue": [7.0, 8, 9, 10, 11]},
            "b": {"contribution": d, "revenue": [7 + 2.0, 8 + 1, 9 + 3, 10, 11 + 4]},
            "c": {"contribution": d, "revenue": [7.0, 8, 9, 10, 11]},
        }
    )
    line = row(compare(table, baseline="a", zone=0).differences, metric="revenue", design="b")
    assert line["mean"] == 2
    assert line["low"] == pytest.approx(2 - 1.963243, abs=5e-7)
    assert line["confidence"] == 0.95
    assert line["probability_better"] == pytest.approx(0.976290, abs=5e-7)


def test_fewer_than_twenty_worlds() -> None:
    """However clear the difference, 19 worlds give no verdict, and say why; 20 do."""
    for n, verdict, reason in ((19, "not yet known", "fewer than 20 worlds"), (20, "better", "")):
        table = results({"a": {"contribution": [0.0] * n}, "b": {"contribution": [100.0 + i for i in range(n)]}})
        line = row(compare(table, baseline="a", zone=1).differences, design="b")
        assert (line["verdict"], line["reason"]) == (verdict, reason)


def test_identical_designs() -> None:
    """All mechanisms off makes designs equal to the cent: a point at zero, `no difference` even with zone 0."""
    base = list(worlds())
    found = compare(results({"a": {"contribution": base}, "b": {"contribution": base}}), baseline="a", zone=0)
    line = row(found.differences, design="b")
    assert (line["mean"], line["low"], line["high"]) == (0, 0, 0)
    assert line["verdict"] == "no difference that matters"
    assert line["variance_ratio"] == math.inf
    assert line["probability_better"] == 0.5


def test_zone_zero_and_any_variance() -> None:
    """With zone 0 only exact equality proves `no difference`: an unbiased difference stays unknown."""
    rng, base = np.random.default_rng(2), worlds()
    table = results({"a": {"contribution": list(base)}, "b": {"contribution": list(base + rng.choice([-1, 1], 30))}})
    assert row(compare(table, baseline="a", zone=0).differences, design="b")["verdict"] == "not yet known"


def test_cost_judged_the_other_way() -> None:
    """Judged by selling cost, the cheaper design is better; its mean difference is shown with its own sign."""
    found = compare(market(), baseline="pyramid", zone=5, figure="selling_cost")
    flat = row(found.differences, metric="selling_cost", design="flat")
    dear = row(found.differences, metric="selling_cost", design="geographic")
    assert (flat["mean"], flat["verdict"], flat["probability_better"]) == (-10, "better", 1)
    assert (dear["mean"], dear["verdict"], dear["probability_better"]) == (10, "worse", 0)
    assert set(found.differences[found.differences["metric"] == "contribution"]["verdict"]) == {None}


def test_variance_ratio_known() -> None:
    """(1, 2, 3) against (1, 2, 4): variances 1 and 7/3, of the difference 1/3: (10/3)/(1/3) = 10."""
    assert variance_ratio(np.array([1.0, 2, 3]), np.array([1.0, 2, 4])) == pytest.approx(10)
    assert math.isnan(variance_ratio(np.array([1.0, np.nan]), np.array([1.0, 2])))
    assert math.isnan(variance_ratio(np.array([1.0, 1]), np.array([2.0, 2])))


def test_one_design_alone() -> None:
    """Nothing to compare with: figures, and an empty table of differences with its columns."""
    found = compare(results({"a": {"contribution": [1.0, 2.0]}}), baseline="a", zone=0)
    assert len(found.figures) == 1
    assert found.differences.empty
    assert tuple(found.differences.columns) == DIFFERENCE_COLUMNS


def test_json_is_the_contract() -> None:
    """Exactly the promised keys; what is undefined is null; plain JSON without NaN."""
    table = results(
        {
            "a": {"contribution": [1.0, 2.0], "acquisition_cost": [math.nan, math.nan]},
            "b": {"contribution": [1.0, 4.0], "acquisition_cost": [math.nan, 5.0]},
        }
    )
    facts = RunFacts(scenario="quick_start", hash="abc", seed=0, replications=2, currency="CNY")
    document = json.loads(json.dumps(compare(table, baseline="a", zone=10).to_json(facts), allow_nan=False))
    assert list(document) == [
        *("scenario", "hash", "seed", "replications", "confidence", "currency", "zone", "figures", "differences")
    ]
    assert (document["seed"], document["zone"], document["confidence"]) == (0, 10, 0.95)
    assert all(list(line) == ["design", "metric", "unit", "mean", "low", "high"] for line in document["figures"])
    assert document["figures"][2] == {
        "design": "a",
        "metric": "acquisition_cost",
        "unit": "money_per_customer",
        "mean": None,
        "low": None,
        "high": None,
    }
    contribution, acquisition = document["differences"]
    assert list(contribution) == [
        *("design", "baseline", "metric", "unit", "mean", "low", "high"),
        *("probability_better", "probability_better_single_year", "verdict"),
    ]
    assert contribution["verdict"] == "not yet known"
    assert acquisition["mean"] is None
    assert acquisition["verdict"] is None


def test_zone_in_window() -> None:
    """A yearly zone of a million is 498,630 over 182 days."""
    scenario = Scenario.model_validate(
        {
            "calendar": {"horizon_days": 182.0},
            "compare": {"zone_per_year": 1e6},
            "demand": {"cells": ({"needs_per_week": 1.0, "value": {"median": 1.0}},)},
            "stages": ({"name": "contact", "effort_hours": 1.0},),
            "designs": {"pyramid": {"structure": "pyramid"}},
        }
    )
    assert zone_in_window(scenario) == pytest.approx(498630.14, abs=0.01)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"baseline": "pyramyd"}, r"baseline: got 'pyramyd', must be one of pyramid, .*did you mean 'pyramid'\?"),
        ({"figure": "contributions"}, r"figure: got 'contributions'.*did you mean 'contribution'\?"),
        ({"zone": -1}, "zone: got -1"),
        ({"zone": math.nan}, "zone: got nan"),
        ({"confidence": 95}, "confidence: got 95"),
    ],
)
def test_faulty_options(options: dict[str, object], message: str) -> None:
    """A slip is named with its value, the rule and the nearest name."""
    with pytest.raises(SimlibError, match=message):
        compare(market(), **{"baseline": "pyramid", "zone": 1.0, **options})  # type: ignore[arg-type]


def test_figure_without_direction() -> None:
    """More reps is neither better nor worse: no verdict can rest on it."""
    with pytest.raises(SimlibError, match="figure: got 'reps'"):
        compare(results({"a": {"reps": [1.0, 2]}}), baseline="a", zone=0, figure="reps")


def test_faulty_values() -> None:
    """Two values for one world, or an infinite one, are named with their place."""
    table = results({"a": {"contribution": [1.0, math.inf]}}).figures
    with pytest.raises(SimlibError, match="got inf for contribution of a in replication 1"):
        compare(Table(table), baseline="a", zone=0)
    with pytest.raises(SimlibError, match="got contribution of a twice in replication 0"):
        compare(Table(pd.concat([table, table])), baseline="a", zone=0)
    with pytest.raises(SimlibError, match="the results are empty"):
        compare(Table(table.iloc[:0]), baseline="a", zone=0)


def test_categories_are_welcome() -> None:
    """Words stored as categories (as parquet gives them back) change nothing."""
    plain = market().figures
    stored = plain.astype({"design": "category", "metric": "category", "unit": "category"})
    straight, other = (compare(Table(table), baseline="pyramid", zone=20) for table in (plain, stored))
    pd.testing.assert_frame_equal(straight.differences, other.differences)
