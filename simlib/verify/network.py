"""Stages one behind the other as an open network of queues (Jackson): what flows where, and how long it takes.

Pure functions of rates and probabilities; notation and sources as in `theory.py`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simlib.errors import SimlibError
from simlib.verify import theory
from simlib.verify.planning import Chain, bernoulli, relaxation_rate
from simlib.verify.theory import Quantities

Floats = NDArray[np.float64]
MOST_STAGES = 6


@dataclass(frozen=True)
class Station:
    """One stage in steady state: M/M/c with the flow that the traffic equations give it."""

    visits: float
    """Mean visits of a lead."""
    comes_back: float
    """Probability that who leaves it comes to it again."""
    flow: float
    service_rate: float
    servers: int

    @property
    def slack(self) -> float:
        """cμ - λ."""
        return self.servers * self.service_rate - self.flow

    @property
    def wait_probability(self) -> float:
        """Erlang C."""
        found = theory.erlang_c(self.flow, service_rate=self.service_rate, servers=self.servers)
        return found["wait_probability"]

    @property
    def stay(self) -> float:
        """Mean time of a visit, the wait and the work."""
        return self.wait_probability / self.slack + 1 / self.service_rate

    @property
    def stay_variance(self) -> float:
        """Of the time of a visit: no wait with probability 1 - C, else an exponential one; and exponential work."""
        probability = self.wait_probability
        return probability * (2 - probability) / self.slack**2 + 1 / self.service_rate**2

    @property
    def visits_variance(self) -> float:
        """Of the visits of a lead: none, or a geometric number."""
        return self.visits * (1 + self.comes_back) / (1 - self.comes_back) - self.visits**2

    @property
    def in_one_go(self) -> dict[str, Any]:
        """M/M/c for those who ever come, the work of all their visits done at once: for one server and exponential work
        the number present is the same process (Takács 1963)."""
        first = 1 - self.comes_back
        return {
            "arrival_rate": self.flow * first,
            "service_rate": self.service_rate * first,
            "servers": self.servers,
        }


@dataclass(frozen=True)
class Funnel:
    """A funnel in steady state. Leads arrive at random, whoever passes a stage goes on to the next, who fails is lost;
    who fails at the last stage goes back to stage `returns_to`, counted from 1 (0: is lost too)."""

    arrival_rate: float
    stations: tuple[Station, ...]
    goes_to: Floats
    """Probability to go from a stage to another. Shape (stages, stages)."""
    won_share: float

    @property
    def quantities(self) -> Quantities:
        """`flow_per_lead_1`, …: mean visits of a lead to each stage; `mean_number` in the system, Σ flow · stay;
        `mean_time` of a lead from beginning to end, by Little; `won_share`."""
        number = math.fsum(station.flow * station.stay for station in self.stations)
        visits = {f"flow_per_lead_{stage}": station.visits for stage, station in enumerate(self.stations, start=1)}
        return {
            **visits,
            "mean_number": number,
            "mean_time": number / self.arrival_rate,
            "won_share": self.won_share,
        }

    @property
    def deviations(self) -> Quantities:
        """By quantity: its standard deviation over long runs, times the root of the leads. At worst the numbers at all
        stages rise and fall together."""
        number = 0.0
        for station in self.stations:
            chain = Chain(**station.in_one_go)
            per_comer = station.visits * (1 - station.comes_back)
            number += chain.deviation(chain.states.astype(float)) / math.sqrt(per_comer)
        visits = {
            f"flow_per_lead_{stage}": math.sqrt(max(station.visits_variance, 0.0))
            for stage, station in enumerate(self.stations, start=1)
        }
        return {
            **visits,
            "mean_number": number,
            "mean_time": math.hypot(number / self.arrival_rate, math.sqrt(self._time_variance)),
            "won_share": math.sqrt(bernoulli(self.won_share)),
        }

    @property
    def relaxation(self) -> float:
        """Time in which the slowest stage forgets its start."""
        return max(1 / relaxation_rate(**station.in_one_go) for station in self.stations)

    @property
    def longest_stay(self) -> float:
        """Sum over the stages of the mean wait of those who wait, and the work, in all their visits."""
        return math.fsum(
            (1 / station.slack + 1 / station.service_rate) / (1 - station.comes_back) for station in self.stations
        )

    @property
    def _time_variance(self) -> float:
        """Of a lead's time from beginning to end, the visits taken as independent."""
        stay = np.array([station.stay for station in self.stations])
        squares = np.array([station.stay_variance for station in self.stations]) + stay**2
        left = np.linalg.inv(np.eye(len(stay)) - self.goes_to)
        mean = left @ stay
        square = left @ (squares + 2 * stay * (self.goes_to @ mean))
        return float(square[0] - mean[0] ** 2)


def funnel(
    arrival_rate: float, *, servers: Sequence[float], service_rates: Sequence[float],
    pass_probabilities: Sequence[float], returns_to: int,
) -> Funnel:  # fmt: skip
    """The steady state of a funnel: traffic equations λ = γ + λP, then Erlang C at every stage.

    Jackson (1957), 'Networks of waiting lines', Operations Research 5; Gross ch. 4. Raises SimlibError for what cannot
    be a number of people, a rate or a probability, and for a stage that would be unstable.
    """
    stages = len(servers)
    _check(arrival_rate, servers=servers, service_rates=service_rates, passes=pass_probabilities)
    if not 0 <= returns_to <= stages:
        raise SimlibError(
            f"returns_to: got {returns_to}, must be a stage from 1 to {stages}, or 0: who fails at the last one is lost"
        )
    goes_to = np.diag(np.array(pass_probabilities[:-1], dtype=float), k=1)
    if returns_to:
        goes_to[-1, returns_to - 1] += 1 - pass_probabilities[-1]
    visits = np.linalg.solve(np.eye(stages) - goes_to.T, np.eye(stages)[0])
    round_trip = math.prod(pass_probabilities[returns_to - 1 : -1]) * (1 - pass_probabilities[-1]) if returns_to else 0
    stations = tuple(
        Station(
            visits=float(visits[stage]),
            comes_back=round_trip if stage >= returns_to - 1 else 0.0,
            flow=float(arrival_rate * visits[stage]),
            service_rate=service_rates[stage],
            servers=int(servers[stage]),
        )
        for stage in range(stages)
    )
    for stage, station in enumerate(stations, start=1):
        _check_stable(stage, station)
    return Funnel(arrival_rate, stations, goes_to, won_share=float(visits[-1] * pass_probabilities[-1]))


def _check(
    arrival_rate: float, *, servers: Sequence[float], service_rates: Sequence[float], passes: Sequence[float]
) -> None:
    if not arrival_rate > 0:
        raise SimlibError(f"arrival_rate: got {arrival_rate:g}, must be a number above 0")
    if not 1 <= len(servers) <= MOST_STAGES:
        raise SimlibError(f"servers: got {len(servers)} stages, must be from 1 to {MOST_STAGES}, a number for each")
    for name, values in (("service_rates", service_rates), ("pass_probabilities", passes)):
        if len(values) != len(servers):
            raise SimlibError(
                f"{name}: got {len(values)}, must be {len(servers)}, as many as servers: one for each stage"
            )
    for stage, (count, rate, share) in enumerate(zip(servers, service_rates, passes, strict=True), start=1):
        if not 1 <= count <= theory.MOST_SERVERS or count != int(count):
            raise SimlibError(
                f"servers, stage {stage}: got {count:g}, must be a whole number from 1 to {theory.MOST_SERVERS}"
            )
        if not rate > 0:
            raise SimlibError(f"service_rates, stage {stage}: got {rate:g}, must be a number above 0")
        if not 0 < share <= 1:
            raise SimlibError(f"pass_probabilities, stage {stage}: got {share:g}, must be above 0 and at most 1")


def _check_stable(stage: int, station: Station) -> None:
    if not station.slack > 0:
        raise SimlibError(
            f"stage {stage}: got a flow of {station.flow:g}, must be below servers × service_rate = "
            f"{station.servers * station.service_rate:g}, or its queue grows for ever; lower arrival_rate or the "
            "pass_probabilities before it, or raise its servers or service_rate"
        )
