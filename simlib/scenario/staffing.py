"""How people come, learn, go and change places: mechanisms that may be `off`, as all others (R, P16, S13)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict

from simlib.scenario.types import Amount, Frozen, NonNegative, Positive, Share


class Turnover(Frozen):
    """People leave their seats, and others come after a while (R, I7). Levers: hours, delay, odds, money. Off: nobody
    leaves."""

    leaving_rate_per_year: Annotated[float, Strict(), Field(ge=0, le=365)] = 0.0
    """Rate at which anybody leaves, whatever the role."""
    vacancy_days: Annotated[float, Strict(), Field(ge=0, le=3660)] = 0.0
    """Days, rounded to whole ones, from a leaver's last day to the replacement's first."""
    hiring_cost: Amount = 0.0
    """Cost of finding one replacement, in the scenario's currency."""


class Ramp(Frozen):
    """Who replaces a leaver begins slowly (P16). Lever: hours. Off: at full speed from the first day."""

    days: Annotated[float, Strict(), Field(ge=0, le=3660)] = 0.0
    """Days to full speed; counted in the working hours of so many days, so that absence does not teach."""
    start_speed: Share = 0.0
    """Work done in an hour on the first day, relative to full speed; it rises linearly."""


class Training(Frozen):
    """Everybody takes courses (P16). Levers: hours, odds, money. Off: none."""

    hours: NonNegative = 0.0
    """Hours of a course; 0 = none is held."""
    every_days: Annotated[float, Strict(), Field(ge=1, le=3660)] = 90.0
    """Days between one person's courses."""
    cost_per_course: Amount = 0.0
    """Fee for each person who takes a course, in the scenario's currency."""
    log_odds: Annotated[float, Strict(), Field(ge=0, le=50)] = 0.0
    """Log-odds that a course adds at every gate while it is fresh; courses add up."""
    half_life_days: Annotated[float, Strict(), Field(ge=1, le=36600)] = 180.0
    """Time in which half of it is forgotten."""


class Coaching(Frozen):
    """Bosses coach their sellers with the hours that are left (R, P16). Levers: odds; hours of bosses; what sellers
    choose by. Off: none."""

    every_days: Annotated[float, Strict(), Field(ge=0.1, le=3660)] = 7.0
    """How often each report is to be coached; what is not begun before the next time is dropped."""
    hours: Positive = 1.0
    """Hours of the boss that a session takes."""
    most: Annotated[float, Strict(), Field(ge=0, le=50)] = 0.3
    """Log-odds that endless coaching would bring at every gate."""
    discipline: Share = 0.0
    """Share of the firm's margin, against one's own pay, by which who is coached endlessly would choose what to do."""
    half_hours: Positive = 10.0
    """Hours of coaching, not yet forgotten, that bring half of either."""
    half_life_days: Positive = 90.0
    """Time in which half of the coaching received is forgotten."""


class Transition(Frozen):
    """What it takes to change from one design into another (S13, `designs.NAME.becomes`). Levers: hours, odds, money.
    Off: everybody is at home in the new design at once, and it costs nothing."""

    broken_log_odds: Annotated[float, Strict(), Field(ge=0, le=50)] = 0.0
    """Log-odds lost at every gate by a seller who has taken over the customer from somebody at another desk, on the
    day of the change."""
    broken_half_life_days: Positive = 90.0
    """Time in which half of a new relationship is built."""
    resistance_log_odds: Annotated[float, Strict(), Field(ge=0, le=50)] = 0.0
    """Log-odds lost at every gate by whom the change gives another boss, unit or desk, on the day of the change."""
    resistance_half_life_days: Positive = 60.0
    """Time in which half of the resistance goes."""
    retraining_hours: NonNegative = 0.0
    """Hours that everybody with another boss, unit or desk spends in courses for the new way, before other work."""
    retraining_cost: Amount = 0.0
    """Fee for each of them, in the scenario's currency."""
    hiring_days: NonNegative = 0.0
    """Days from the change, rounded to whole ones, until a seat that only the new design has is filled."""
    hiring_cost: Amount = 0.0
    """Cost of filling it."""
    severance_months: Annotated[float, Strict(), Field(ge=0, le=60)] = 0.0
    """Pay, in months, of whom the new design has no seat for; they work out a month's notice besides."""
    project_cost: Amount = 0.0
    """Paid once, on the day of the change: plan, project, systems."""
