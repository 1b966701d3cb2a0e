"""Closed forms against figures worked out elsewhere, and against each other in the limits where they must meet."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simlib.errors import SimlibError
from simlib.verify import theory, theory_of_people
from simlib.verify.theory import Quantities

PRINTED = 5e-7
"""The known figures are printed to six decimals."""

KNOWN: list[tuple[Callable[[], Quantities], Quantities]] = [
    (
        lambda: theory.erlang_c(8, service_rate=1, servers=10),
        {"wait_probability": 0.409180, "mean_wait": 0.204590, "wait_over_share": 0.150529},
    ),
    (lambda: theory.erlang_b(8, service_rate=1, servers=10), {"lost_share": 0.121661}),
    (
        lambda: theory.erlang_a(10, service_rate=1, servers=10, abandonment_rate=0.5),
        {"abandoned_share": 0.103913, "mean_wait": 0.207826},
    ),
    (
        lambda: theory.cobham([0.3, 0.5], service_rate=1, servers=1),
        {"mean_wait_1": 1.142857, "mean_wait_2": 5.714286},
    ),
    (lambda: theory.cobham([3, 5], service_rate=1, servers=10), {"mean_wait_1": 0.058454, "mean_wait_2": 0.292272}),
    *(
        (lambda scv=scv: theory.pollaczek_khinchine(0.8, service_rate=1, squared_cv=scv), {"mean_wait": wait})
        for scv, wait in ((0, 2), (0.5, 3), (1, 4), (4, 10))
    ),
    (
        lambda: theory.response_decay(8, service_rate=1, servers=10, decay_rate=0.5),
        {"interested_share": 0.918164},
    ),
    (
        lambda: theory.response_decay(0.8, service_rate=1, servers=1, decay_rate=0.5),
        {"interested_share": 0.428571},
    ),
    *(
        (
            lambda k=k: theory.round_robin(0.8 * k, service_rate=1, servers=k),
            {"mean_wait": wait, "mean_wait_random": 4},
        )
        for k, wait in ((1, 4), (2, 2.843980), (5, 2.152257))
    ),
    (lambda: theory.random_split(8, service_rate=1, servers=10), {"mean_wait": 4}),
    (
        lambda: theory.pooled_or_territories(8, service_rate=1, servers=10),
        {"mean_wait_pooled": 0.204590, "mean_wait_territories": 4},
    ),
    (lambda: theory.square_root_staffing(100, safety=1), {"servers": 110, "wait_probability": 0.223361}),
    (
        lambda: theory.screening(0.8, pass_bad=0.3, prior=0.5),
        {
            "profit_single": 0.25,
            "profit_both": 0.275,
            "profit_either": 0.225,
            "profit_majority": 0.34,
            "break_even_prior": 0.567568,
        },
    ),
    (
        lambda: theory.overlap(3, call_probability=0.4),
        {"touched_share": 0.784, "collision_share": 0.352, "wasted_share": 0.346667},
    ),
    (
        lambda: theory.compound_revenue(12, mean_value=50, squared_cv=1),
        {"mean": 600, "sd": 244.948974},
    ),
    (
        lambda: theory_of_people.knowledge_hierarchy(0.2, knowledge=1.5),
        {"load_per_rep": 0.044626, "span": 22.408445},
    ),
    (
        lambda: theory_of_people.ramp_turnover_share(0.27, vacancy=4 / 12, ramp=5 / 12),
        {"seated_share": 0.917431, "productive_share": 0.867708},
    ),
    (lambda: theory_of_people.ramp_turnover_share(2, vacancy=0, ramp=0), {"seated_share": 1, "productive_share": 1}),
]

loads = st.floats(0.05, 0.95)
"""Load per server, away from where floats lose the slack."""
servers_ = st.integers(1, 40)
rates = st.floats(0.01, 100)


@pytest.mark.parametrize(("formula", "expected"), KNOWN)
def test_known(formula: Callable[[], Quantities], expected: Quantities) -> None:
    """Every quantity, to the digits printed, and no other."""
    assert formula() == pytest.approx(expected, abs=PRINTED)


def test_exact_beside_the_square_root_rule() -> None:
    """At load 100 with 110 servers the limit .223361 stands for the exact .237007."""
    assert theory.erlang_c(100, service_rate=1, servers=110)["wait_probability"] == pytest.approx(0.237007, abs=1e-6)


@given(loads, servers_, rates)
def test_erlang_c_from_b(load: float, servers: int, rate: float) -> None:
    """C = B/(1 - ρ(1-B)), whatever the unit of time; with one server C is ρ; over 0 wait all who wait."""
    found = theory.erlang_c(load * servers * rate, service_rate=rate, servers=servers, wait_over=0)
    b = theory.erlang_b(load * servers * rate, service_rate=rate, servers=servers)["lost_share"]
    assert found["wait_probability"] == pytest.approx(b / (1 - load * (1 - b)))
    assert found["wait_over_share"] == found["wait_probability"]
    if servers == 1:
        assert found["wait_probability"] == pytest.approx(load)


@given(loads, servers_, rates)
def test_more_servers_wait_less(load: float, servers: int, rate: float) -> None:
    """One server more, for the same arrivals, shortens the wait and loses fewer."""
    few = {"service_rate": rate, "servers": servers}
    many = {"service_rate": rate, "servers": servers + 1}
    arrivals = load * servers * rate
    assert theory.erlang_c(arrivals, **many)["mean_wait"] < theory.erlang_c(arrivals, **few)["mean_wait"]
    assert theory.erlang_b(arrivals, **many)["lost_share"] < theory.erlang_b(arrivals, **few)["lost_share"]


@given(loads, servers_)
def test_erlang_a_between_c_and_b(load: float, servers: int) -> None:
    """Endless patience is Erlang C, none is Erlang B."""
    patient = theory.erlang_a(load * servers, service_rate=1, servers=servers, abandonment_rate=1e-9)
    hasty = theory.erlang_a(load * servers, service_rate=1, servers=servers, abandonment_rate=1e9)
    waiting = theory.erlang_c(load * servers, service_rate=1, servers=servers)["mean_wait"]
    lost = theory.erlang_b(load * servers, service_rate=1, servers=servers)["lost_share"]
    assert patient["mean_wait"] == pytest.approx(waiting, rel=1e-5)
    assert hasty["abandoned_share"] == pytest.approx(lost, rel=1e-5)


@given(st.floats(0.1, 5), servers_)
def test_erlang_a_patience_like_service(load: float, servers: int) -> None:
    """If customers leave as fast as they are served the number present is that of endless servers, Poisson:
    served + left = arrived, so the share who leave is E[(N - c)+]/a. Overload is allowed."""
    mean = load * servers
    found = theory.erlang_a(mean, service_rate=1, servers=servers, abandonment_rate=1)
    states = np.arange(1, int(mean + 40 * math.sqrt(mean) + 60))
    weights = np.exp(np.concatenate([[0.0], np.cumsum(np.log(mean / states))]) - mean)
    excess = float((weights * np.maximum(0, np.arange(len(weights)) - servers)).sum())
    assert found["abandoned_share"] == pytest.approx(excess / mean, rel=1e-9, abs=1e-15)


@given(st.lists(st.floats(0.1, 1), min_size=1, max_size=5), loads, servers_)
def test_cobham_keeps_the_mean(shares: list[float], load: float, servers: int) -> None:
    """Grades only redistribute the wait: weighted by rate it is Erlang C's, and the first grade waits least."""
    grades = [share / sum(shares) * load * servers for share in shares]
    waits = list(theory.cobham(grades, service_rate=1, servers=servers).values())
    whole = theory.erlang_c(sum(grades), service_rate=1, servers=servers)["mean_wait"]
    assert sum(rate * wait for rate, wait in zip(grades, waits, strict=True)) / sum(grades) == pytest.approx(whole)
    assert waits == sorted(waits)


@given(loads, rates, st.floats(0, 10))
def test_pollaczek_khinchine_limits(load: float, rate: float, squared_cv: float) -> None:
    """Exponential service is M/M/1; the wait rises in a straight line with the squared CV."""
    wait = theory.pollaczek_khinchine(load * rate, service_rate=rate, squared_cv=squared_cv)["mean_wait"]
    exponential = theory.erlang_c(load * rate, service_rate=rate, servers=1)["mean_wait"]
    assert wait == pytest.approx(exponential * (1 + squared_cv) / 2)


@given(loads, servers_, st.floats(0, 10))
def test_response_decay_limits(load: float, servers: int, decay: float) -> None:
    """No decay loses nobody, instant decay all who wait; and faster decay leaves fewer."""
    c = {"service_rate": 1.0, "servers": servers}
    share = [
        theory.response_decay(load * servers, decay_rate=rate, **c)["interested_share"]
        for rate in (0, decay, decay + 1, 1e12)
    ]
    assert share[0] == pytest.approx(1)
    assert share[3] == pytest.approx(1 - theory.erlang_c(load * servers, **c)["wait_probability"])
    # 1 - share loses what is below 1e-16: with many idle servers hardly anybody waits.
    assert share[0] + 1e-15 >= share[1] >= share[2] >= share[3]
    if share[3] < 0.999:
        assert share[1] > share[2] > share[3]


@given(st.floats(0.05, 0.98), servers_)
def test_round_robin_between_random_and_regular(load: float, servers: int) -> None:
    """Dealing in turn waits no longer than dealing at random and longer than at regular times (D/M/1)."""
    found = theory.round_robin(load * servers, service_rate=1, servers=servers)
    more = theory.round_robin(load * (servers + 1), service_rate=1, servers=servers + 1)
    sigma = 0.5
    for _ in range(20_000):
        sigma = math.exp(-(1 - sigma) / load)
    regular = sigma / (1 - sigma)
    assert regular <= more["mean_wait"] * (1 + 1e-6)
    assert more["mean_wait"] < found["mean_wait"] <= found["mean_wait_random"] * (1 + 1e-9)


@given(loads, servers_)
def test_pool_beats_territories(load: float, servers: int) -> None:
    """One pool never waits longer than its parts, and as long if it has one part."""
    found = theory.pooled_or_territories(load * servers, service_rate=1, servers=servers)
    assert found["mean_wait_pooled"] <= found["mean_wait_territories"] * (1 + 1e-12)


@pytest.mark.parametrize("safety", [0.5, 1, 2, 3])
def test_square_root_rule_is_the_limit(safety: float) -> None:
    """The exact waiting probability comes nearer to the rule's as the load grows, at 10,000 within 7%."""
    error = {}
    for load in (100, 10_000):
        rule = theory.square_root_staffing(load, safety=safety)
        exact = theory.erlang_c(load, service_rate=1, servers=round(rule["servers"]))["wait_probability"]
        error[load] = abs(exact / rule["wait_probability"] - 1)
    assert error[10_000] < min(0.07, error[100] / 5)


def test_square_root_rule_far_out() -> None:
    """A large safety margin waits (almost) never, without overflow."""
    assert theory.square_root_staffing(100, safety=50)["wait_probability"] == pytest.approx(0, abs=1e-300)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.01, 50)), min_size=1, max_size=50))
def test_little_is_an_identity(visits: list[tuple[float, float]]) -> None:
    """The area under the number present, taken event by event, is the sum of the stays."""
    arrived = np.array([start for start, _ in visits])
    found = theory.little(arrived, left=arrived + np.array([stay for _, stay in visits]))
    assert found["mean_number"] == pytest.approx(found["rate_times_wait"], rel=1e-9)


def test_little_known() -> None:
    """Stays 0-2, 1-2, 4-6: five customer hours in six, half an arrival an hour, 5/3 hours each."""
    found = theory.little(np.array([0.0, 1, 4]), left=np.array([2.0, 2, 6]))
    assert found == pytest.approx({"mean_number": 5 / 6, "rate_times_wait": 5 / 6})
    with pytest.raises(SimlibError, match="left: got"):
        theory.little(np.array([1.0]), left=np.array([0.5]))


@given(st.floats(0, 1), st.floats(0, 1))
def test_break_even_prior(pass_good: float, pass_bad: float) -> None:
    """At the break-even prior the two kinds of pair earn the same; NaN if they never differ."""
    prior = theory.screening(pass_good, pass_bad=pass_bad, prior=0.5, gain=2, loss=3)["break_even_prior"]
    if math.isnan(prior):
        assert pass_good * (1 - pass_good) + pass_bad * (1 - pass_bad) == 0
        return
    found = theory.screening(pass_good, pass_bad=pass_bad, prior=prior, gain=2, loss=3)
    assert found["profit_both"] == pytest.approx(found["profit_either"], abs=1e-9)


@given(st.floats(0, 1))
def test_panels(p: float) -> None:
    """Two who must agree pass p², either of two 1-(1-p)², two of three 3p²-2p³."""
    assert theory.panel_pass(p, members=2, needed=2) == pytest.approx(p**2, abs=1e-15)
    assert theory.panel_pass(p, members=2, needed=1) == pytest.approx(1 - (1 - p) ** 2, abs=1e-15)
    assert theory.panel_pass(p, members=3, needed=2) == pytest.approx(3 * p**2 - 2 * p**3, abs=1e-14)


@given(st.integers(1, 50), st.floats(0, 1))
def test_overlap_balances(sellers: int, probability: float) -> None:
    """One seller never collides; wasted calls are those after each account's first; all shares are shares."""
    found = theory.overlap(sellers, call_probability=probability)
    assert all(0 <= share <= 1 for share in found.values())
    assert found["touched_share"] >= found["collision_share"]
    assert sellers * probability * (1 - found["wasted_share"]) == pytest.approx(found["touched_share"], abs=1e-12)
    if sellers == 1:
        assert found["collision_share"] == 0
        assert found["wasted_share"] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    "formula",
    [
        lambda: theory.erlang_c(10, service_rate=1, servers=10),
        lambda: theory.pollaczek_khinchine(1.2, service_rate=1, squared_cv=1),
        lambda: theory.response_decay(11, service_rate=1, servers=10, decay_rate=1),
        lambda: theory.round_robin(2, service_rate=1, servers=2),
        lambda: theory.random_split(2, service_rate=1, servers=2),
        lambda: theory.pooled_or_territories(10, service_rate=1, servers=10),
        lambda: theory.cobham([6, 5], service_rate=1, servers=10),
    ],
)
def test_unstable_is_refused(formula: Callable[[], Quantities]) -> None:
    """Without a steady state there is no answer: the message has value, rule and way out."""
    with pytest.raises(
        SimlibError, match=r"rate.*: got .*, must be below servers × service_rate = .*; lower it, or raise"
    ):
        formula()


@pytest.mark.parametrize(
    ("formula", "place"),
    [
        (lambda: theory.erlang_b(0, service_rate=1, servers=1), "arrival_rate"),
        (lambda: theory.erlang_b(1, service_rate=math.nan, servers=1), "service_rate"),
        (lambda: theory.erlang_c(1, service_rate=1, servers=0), "servers"),
        (lambda: theory.erlang_c(1, service_rate=1, servers=2.5), "servers"),
        (lambda: theory.erlang_c(1, service_rate=1, servers=math.inf), "servers"),
        (lambda: theory.erlang_a(1, service_rate=1, servers=1, abandonment_rate=0), "abandonment_rate"),
        (lambda: theory.cobham([], service_rate=1, servers=1), "rates"),
        (lambda: theory.cobham([0.1, -1], service_rate=1, servers=1), "rates, grade 2"),
        (lambda: theory.response_decay(1, service_rate=2, servers=1, decay_rate=-1), "decay_rate"),
        (lambda: theory.screening(1.1, pass_bad=0, prior=0.5), "pass_good"),
        (lambda: theory.panel_pass(0.5, members=2, needed=3), "needed"),
        (lambda: theory.overlap(2, call_probability=-0.1), "call_probability"),
        (lambda: theory.compound_revenue(1, mean_value=1, squared_cv=-1), "squared_cv"),
    ],
)
def test_faulty_parameter_is_named(formula: Callable[[], object], place: str) -> None:
    """What cannot be a rate, a share or a number of people is refused by name."""
    with pytest.raises(SimlibError, match=rf"^{place}: got "):
        formula()


def test_endless_queue_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Overloaded with next to no abandonment: refused instead of counting for ever (the limit lowered for speed)."""
    monkeypatch.setattr(theory, "MOST_STATES", 1000)
    with pytest.raises(SimlibError, match="abandonment_rate: got 1e-09"):
        theory.erlang_a(20, service_rate=1, servers=10, abandonment_rate=1e-9)
    monkeypatch.undo()
    # Heavy overload stays within floats: nearly all of the excess leaves.
    found = theory.erlang_a(2000, service_rate=1, servers=1000, abandonment_rate=0.1)
    assert found["abandoned_share"] == pytest.approx(0.5, abs=1e-6)
