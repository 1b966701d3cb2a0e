"""How effects act: pure functions, each with its equation."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simlib.ledger import APPROVAL, CALL, CARE, COACHING, COMPLAINT, HELP, MOVING, SPONSORING, TEAMWORK, TRAINING
from simlib.org.organisation import Organisation
from simlib.org.territory import remote_share
from simlib.scenario.designs import Axes
from simlib.scenario.market import Market
from simlib.scenario.mechanisms import Focus, Interest, Mechanisms, Travel
from simlib.units import on_grid

_LEAST_SHARE = 1e-3
"""Share of work counted where a seat expects none in a cell of its scope."""


def knowledge(organisation: Organisation, number: int, focus: Focus, market: Market) -> NDArray[np.float64]:
    """Log-odds (at most 0) by cell of what a seat knows. Shape of the cells, flattened.

    From the expected share of its work in the cell's product, segment and region: x = exponent · Σ weight · ln(share),
    product weighted by its complexity (power law of practice, Newell and Rosenbloom 1981). Hours are multiplied by e⁻ˣ.
    """
    cells = organisation.cells
    load = organisation.workload(number)
    log_share = [_log_shares(load, axis) for axis in range(3)]
    complexity = np.array([market.product(name).complexity for name in cells.products])
    x = (
        (focus.weights.region * log_share[0])[:, None, None]
        + (focus.weights.product * complexity * log_share[1])[None, :, None]
        + (focus.weights.segment * log_share[2])[None, None, :]
    )
    return np.asarray(focus.exponent * np.broadcast_to(x[..., None], load.shape)).ravel()


def craft(served: range, hours: Sequence[float], focus: Focus) -> list[float]:
    """Log-odds (at most 0) by stage of how practised a seat is in a stage's work (S7).

    From the share of its expected hours that the stage takes: x = exponent · weight · ln(hours / hours of all stages
    served). `hours`: expected hours by stage. Zero for stages that it does not serve.
    """
    total = sum(hours[stage] for stage in served)
    found = [0.0] * len(hours)
    for stage in served:
        if total:
            found[stage] = focus.exponent * focus.weights.stage * math.log(max(hours[stage] / total, _LEAST_SHARE))
    return found


def _log_shares(load: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """Logarithm of the share of a load along one axis of the cells; zero for a seat that serves nobody."""
    total = load.sum()
    if not total:
        return np.zeros(load.shape[axis])
    shares = load.sum(axis=tuple(other for other in range(load.ndim) if other != axis)) / total
    return np.asarray(np.log(np.maximum(shares, _LEAST_SHARE)))


def road_hours(organisation: Organisation, number: int, travel: Travel, market: Market) -> NDArray[np.float64]:
    """Hours on the road of one visit to each region from a seat (S4, S5, S11). Shape (regions,).

    There and back, 2 · (distance + radius · √share), for the visits that are not made remotely; the share is that part
    of a region's accounts to which the seat may be sent (a compact area's radius grows with the root of its size).
    Who has no customers visits none.
    """
    position, regions = organisation.positions[number], organisation.cells.regions
    if not position.scope:
        return np.zeros(len(regions))
    reach = max(part.reach for part in position.scope)
    one_way = [
        market.one_way_hours(position.home, name) + market.region(name).travel_hours.get(name, 0.0) * math.sqrt(reach)
        for name in regions
    ]
    return 2 * (1 - remote_share(organisation.axes, travel)) * np.array(one_way)


def remote_losses(axes: Axes, travel: Travel | None, visits: Sequence[float]) -> list[float]:
    """Log-odds lost at the gate of each stage (S11): remote_log_odds · share of visits made remotely · visits."""
    if travel is None:
        return [0.0] * len(visits)
    return [travel.remote_log_odds * remote_share(axes, travel) * count for count in visits]


def interest_hours(u: NDArray[np.float64], interest: Interest | None) -> NDArray[np.float64]:
    """Calendar hours of waiting for us after which interest is gone, by inversion of its distribution at u.

    Exponential: −ln(1 − u) · median / ln 2; log-logistic: median · (u / (1 − u))^(1 / shape); table: linear between its
    points. Infinite where interest is off or never dies.
    """
    if interest is None:
        return np.full(len(u), np.inf)
    if interest.kind == "exponential":
        return np.asarray(-np.log1p(-u) * interest.median_hours / np.log(2))
    if interest.kind == "log_logistic":
        return np.asarray(interest.median_hours * (u / (1 - u)) ** (1 / interest.shape))
    hours = np.array([0.0, *(hour for hour, _ in interest.table)])
    dead = 1 - np.array([1.0, *(share for _, share in interest.table)])
    return np.where(u < dead[-1], np.interp(u, dead, hours), np.inf)


def survival(waited_h: float, interest: Interest | None) -> float:
    """Share of customers who are still interested after so many calendar hours of waiting for us: the distribution of
    which `interest_hours` is the inverse."""
    if interest is None:
        return 1.0
    if interest.kind == "table":
        hours = [0.0, *(hour for hour, _ in interest.table)]
        return float(np.interp(waited_h, hours, [1.0, *(share for _, share in interest.table)]))
    if waited_h <= 0 or not interest.median_hours:
        return float(waited_h <= 0)
    if interest.kind == "exponential":
        return float(2.0 ** (-waited_h / interest.median_hours))
    return float(1 / (1 + (waited_h / interest.median_hours) ** interest.shape))


def ramp_labour(hours: float, start_speed: float, ramp: float) -> float:
    """Work done in a newcomer's first hours, in hours at full speed: the integral of a speed that rises linearly.

    s₀·t + (1 − s₀)·t² / (2R) up to R, the hours to full speed; from there on one hour in an hour (P16).
    """
    slow = min(hours, ramp)
    return (start_speed * slow + (1 - start_speed) * slow**2 / (2 * ramp) if ramp else 0.0) + hours - slow


def ramp_hours(labour: float, start_speed: float, ramp: float) -> float:
    """A newcomer's first hours in which so much work is done: the inverse of `ramp_labour`."""
    learned = ramp_labour(ramp, start_speed, ramp)
    if labour >= learned:
        return labour - learned + ramp
    bend = (1 - start_speed) / ramp
    return 2 * labour / (start_speed + math.sqrt(start_speed**2 + 2 * bend * labour)) if labour else 0.0


def fixed_hours(mechanisms: Mechanisms) -> dict[int, float]:
    """By activity, the hours that it takes whoever does it at full speed; 0 where it is off."""
    rules = {
        CALL: mechanisms.calls,
        APPROVAL: mechanisms.approval,
        MOVING: mechanisms.review,
        HELP: mechanisms.help,
        COACHING: mechanisms.coaching,
        SPONSORING: mechanisms.sponsor,
        TRAINING: mechanisms.training,
        TEAMWORK: mechanisms.teamwork,
        COMPLAINT: mechanisms.complaints,
    }
    hours = {activity: float(on_grid(rule.hours)) if rule else 0.0 for activity, rule in rules.items()}
    return hours | {CARE: float(on_grid(mechanisms.retention.care_hours)) if mechanisms.retention else 0.0}
