"""Verdicts: what an interval proves, and that several verdicts together err as rarely as promised."""

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simlib.decide.verdict import judge, probabilities_better, verdict_of
from simlib.measure.precision import Interval, holm, mean_interval, student_below, student_quantile


def summary(mean: float, error: float, n: int = 30) -> Interval:
    """A difference known by its mean and standard error."""
    return Interval(mean, math.nan, math.nan, n, error, 0.95).at(0.95)


summaries = st.builds(summary, st.floats(-20, 20), st.floats(0, 5), st.sampled_from([2, 19, 20, 40]))


@pytest.mark.parametrize(
    ("low", "high", "zone", "verdict"),
    [
        (1.1, 3, 1, "better"),
        (1, 3, 1, "not yet known"),
        (-3, -1.1, 1, "worse"),
        (-3, -1, 1, "not yet known"),
        (-1, 1, 1, "no difference that matters"),
        (0.2, 0.9, 1, "no difference that matters"),
        (-0.1, 1.1, 1, "not yet known"),
        (-5, 5, 1, "not yet known"),
        (0, 0, 0, "no difference that matters"),
        (0.1, 0.2, 0, "better"),
        (-0.1, 0.2, 0, "not yet known"),
        (math.nan, math.nan, 1, "not yet known"),
    ],
)
def test_verdict_of(low: float, high: float, zone: float, verdict: str) -> None:
    """Better beyond the zone, worse below it, no difference inside (its edges too), else not yet known."""
    assert verdict_of(low, high, zone) == verdict


def test_step_down_known() -> None:
    """Three differences, zone 0, se 1, n 30. Two-sided p .0004, .019, .045: Holm tests at .05/3, .05/2, .05/1, so all
    are proved, the last only because the others were; at .06 for the last it alone stays open, at full confidence."""
    quantiles = {p: -student_quantile(29, p / 2) for p in (0.0004, 0.019, 0.045, 0.06)}
    first = judge([summary(quantiles[p], 1) for p in (0.045, 0.0004, 0.019)], zone=0, confidence=0.95)
    assert [each.verdict for each in first] == ["better", "better", "better"]
    assert [each.interval.confidence for each in first] == pytest.approx([0.95, 1 - 0.05 / 3, 0.975])
    second = judge([summary(quantiles[p], 1) for p in (0.06, 0.0004, 0.019)], zone=0, confidence=0.95)
    assert [each.verdict for each in second] == ["not yet known", "better", "better"]
    assert second[0].reason == "the interval crosses an edge of the zone"


def test_no_difference_is_a_proof_too() -> None:
    """Zone 3: a difference surely inside it comes first, so one of p .04 beyond it is proved at .05."""
    beyond = summary(3 - student_quantile(29, 0.02), 1)
    found = judge([beyond, summary(0, 0.5)], zone=3, confidence=0.95)
    assert [each.verdict for each in found] == ["better", "no difference that matters"]
    assert [each.interval.confidence for each in found] == pytest.approx([0.95, 0.975])


def test_first_failure_stops() -> None:
    """p .03 and .04: .03 fails at .05/2, so .04 is not tried at .05, and both show the level that failed."""
    found = judge([summary(-student_quantile(29, p / 2), 1) for p in (0.04, 0.03)], zone=0, confidence=0.95)
    assert [each.verdict for each in found] == ["not yet known", "not yet known"]
    assert [each.interval.confidence for each in found] == pytest.approx([0.975, 0.975])
    alone = judge([summary(-student_quantile(29, 0.02), 1)], zone=0, confidence=0.95)
    assert alone[0].verdict == "better"


@given(st.lists(summaries, max_size=6), st.floats(0, 5), st.floats(0.6, 0.99))
def test_printed_interval_is_the_verdict(differences: list[Interval], zone: float, confidence: float) -> None:
    """From 20 worlds the verdict can be read off the interval shown; below 20 there is none, with the reason."""
    for before, after in zip(differences, judge(differences, zone=zone, confidence=confidence), strict=True):
        assert after.interval.mean == before.mean
        if before.n < 20:
            assert (after.verdict, after.reason) == ("not yet known", "fewer than 20 worlds")
            continue
        assert after.verdict == verdict_of(after.interval.low, after.interval.high, zone)
        assert (after.reason == "") == (after.verdict != "not yet known")
        assert 1 - (1 - confidence) <= after.interval.confidence <= 1 - (1 - confidence) / len(differences) + 1e-12


@given(st.lists(st.tuples(st.floats(-6, 6), st.floats(0.1, 3)), min_size=1, max_size=8), st.floats(0, 3))
def test_proved_exactly_where_holm_rejects(pairs: list[tuple[float, float]], zone: float) -> None:
    """The same verdicts as adjusting each difference's p by Holm and asking whether it is below 5%."""
    differences = [summary(mean, error) for mean, error in pairs]
    p = []
    for each in differences:
        above = student_below(29, -(each.mean - zone) / each.standard_error)
        below = student_below(29, (each.mean + zone) / each.standard_error)
        p.append(min(1.0, 2 * min(above, below, max(1 - above, 1 - below))))
    adjusted = holm(p)
    for index, judgement in enumerate(judge(differences, zone=zone, confidence=0.95)):
        if abs(adjusted[index] - 0.05) > 1e-9:
            assert (judgement.verdict != "not yet known") == (adjusted[index] < 0.05)


@given(st.lists(summaries, min_size=1, max_size=5), st.floats(0, 5), st.randoms())
def test_order_does_not_matter(differences: list[Interval], zone: float, random: Random) -> None:
    """Designs listed in another order get the same verdicts."""
    order = random.sample(range(len(differences)), len(differences))
    straight = judge(differences, zone=zone, confidence=0.95)
    turned = judge([differences[index] for index in order], zone=zone, confidence=0.95)
    assert [straight[index].verdict for index in order] == [each.verdict for each in turned]


def test_exactly_equal_differences() -> None:
    """Without variance the interval is a point and always decides; an equal pair at zone 0 is `no difference`."""
    points = [mean_interval([value] * 20) for value in (0.0, 2.0, -2.0, 1.0)]
    assert [each.verdict for each in judge(points, zone=1, confidence=0.95)] == [
        "no difference that matters",
        "better",
        "worse",
        "no difference that matters",
    ]
    assert judge(points[:1], zone=0, confidence=0.95)[0].verdict == "no difference that matters"


def test_undefined_difference() -> None:
    """No common world: nothing known, and the others are judged all the same."""
    found = judge([mean_interval([]), summary(10, 1)], zone=0, confidence=0.95)
    assert (found[0].verdict, found[0].reason) == ("not yet known", "undefined")
    assert found[1].verdict == "better"


@pytest.mark.parametrize(
    "means",
    [
        [1.0, 1.0, 1.0, 1.0],  # all on the edge: both `better` and `no difference` would be wrong
        [1.0, 8.0, -8.0, 0.0],  # one on the edge, the others easily proved, which loosens its level
        [0.0, 0.0, 0.0, 0.0],  # all in the middle of a narrow zone
        [1.02, 0.98, -1.02, -0.98],  # a right claim is nearly as hard as a wrong one
    ],
)
@pytest.mark.parametrize("spread", [1.0, 0.1])
def test_wrong_claims_are_rare(means: list[float], spread: float) -> None:
    """At 90%, at most 10% of 1500 sets of four verdicts hold a false claim, four binomial errors left to chance.

    The differences share their baseline, and are correlated by it.
    """
    rng, zone, trials, worlds = np.random.default_rng(11), 1.0, 1500, 20
    wrong = 0
    for _ in range(trials):
        own = rng.normal(size=(worlds, 4)) + rng.normal(size=(worlds, 1))
        data = np.array(means) + spread * own
        errors = data.std(axis=0, ddof=1) / math.sqrt(worlds)
        found = judge(
            [summary(float(m), float(e), worlds) for m, e in zip(data.mean(axis=0), errors, strict=True)],
            zone=zone,
            confidence=0.9,
        )
        wrong += any(false_claim(each.verdict, mean, zone) for each, mean in zip(found, means, strict=True))
    assert wrong / trials <= 0.1 + 4 * math.sqrt(0.1 * 0.9 / trials)


def false_claim(verdict: str, mean: float, zone: float) -> bool:
    """Whether the verdict says of the true mean what is not so; on the edge of the zone no claim is true."""
    true = {"better": mean > zone, "worse": mean < -zone, "no difference that matters": -zone < mean < zone}
    return not true.get(verdict, True)


def test_probabilities_known() -> None:
    """d = 2, 1, 3, 0, 4: the mean is better with .976290, one further window with P(T4 < 2/√(2.5 · 1.2)) = .844."""
    found = mean_interval([2, 1, 3, 0, 4])
    mean, single = probabilities_better(found, metric="contribution")
    assert mean == pytest.approx(0.976290, abs=5e-7)
    assert single == pytest.approx(student_below(4, 2 / math.sqrt(2.5 * 1.2)))
    assert 0.5 < single < mean


def test_probabilities_follow_the_direction() -> None:
    """Of a cost less is better; of a load neither; a tie counts half; one world says nothing."""
    found = mean_interval([2, 1, 3, 0, 4])
    assert probabilities_better(found, metric="selling_cost")[0] == pytest.approx(1 - 0.976290, abs=5e-7)
    assert math.isnan(probabilities_better(found, metric="utilisation")[0])
    assert math.isnan(probabilities_better(found, metric="no such figure")[0])
    assert probabilities_better(mean_interval([0.0, 0.0]), metric="contribution") == (0.5, 0.5)
    assert probabilities_better(mean_interval([3.0, 3.0]), metric="selling_cost") == (0.0, 0.0)
    assert math.isnan(probabilities_better(mean_interval([3.0]), metric="contribution")[0])


def test_single_window_probability_is_a_prediction() -> None:
    """Over many samples of 10, the predicted chance that an 11th is positive is on average how often it is."""
    rng = np.random.default_rng(3)
    data = rng.normal(0.5, 1, size=(4000, 11))
    predicted = [probabilities_better(mean_interval(row[:10]), metric="contribution")[1] for row in data]
    assert np.mean(predicted) == pytest.approx((data[:, 10] > 0).mean(), abs=0.03)
