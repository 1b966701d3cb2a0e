"""Closed forms about people rather than queues: who is asked for help, who is there and how fast."""

from __future__ import annotations

import math

from simlib.verify.theory import Quantities, at_least_zero, positive


def knowledge_hierarchy(helping_hours: float, *, knowledge: float) -> Quantities:
    """Problems of exponential difficulty (mean 1) come up, one in a rep's working hour; the rep solves those up to
    `knowledge` z, each other one takes a boss h = `helping_hours`: `load_per_rep` h·exp(-z) of the boss's time, and
    `span` 1/(h·exp(-z)), the reps for whom one boss's time just suffices.

    n = 1/(h(1 - F(z))) (Garicano 2000, 'Hierarchies and the organization of knowledge in production', JPE 108). The
    yardstick of help.
    """
    load = positive("helping_hours", helping_hours) * math.exp(-at_least_zero("knowledge", knowledge))
    return {"load_per_rep": load, "span": 1 / load}


def ramp_turnover_share(leaving_rate: float, *, vacancy: float, ramp: float) -> Quantities:
    """People leave a seat at rate ν = `leaving_rate`, it is vacant for V = `vacancy`, and each newcomer's speed rises
    linearly from 0 to 1 in R = `ramp`: `seated_share` of the time is (1/ν)/(1/ν + V), and `productive_share`, the
    work done relative to full speed all the time, is (1 - exp(-νR))/(νR) of that.

    Of a stay of exponential length X, E∫₀ˣ min(t/R, 1)dt = (1/ν)·(1 - exp(-νR))/(νR); renewal reward (Ross,
    *Introduction to Probability Models*, 7.4). The yardstick of turnover and ramp.
    """
    rate = positive("leaving_rate", leaving_rate)
    slow = rate * at_least_zero("ramp", ramp)
    seated = 1 / (1 + rate * at_least_zero("vacancy", vacancy))
    return {"seated_share": seated, "productive_share": seated * (-math.expm1(-slow) / slow if slow else 1.0)}
