"""The figures a run is judged by: name, unit, which way is better, and what it means.

Figures follow the needs that arise in the window (design 3.6). Ids in brackets are rows of the field guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Unit = Literal["money", "money_per_head", "money_per_customer", "share", "ratio", "hours", "days", "count"]
Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True)
class FigureSpec:
    """What one figure is."""

    unit: Unit
    """`money` is the scenario's currency in whole units; `share` lies between 0 and 1; `ratio` may exceed 1."""
    better: Better
    """Direction, other things equal; `neither` where more can be good or bad."""
    definition: str
    """One line, with the field guide's id."""


FIGURES: Mapping[str, FigureSpec] = MappingProxyType(
    {
        "revenue": FigureSpec("money", "higher", "Deals won less discounts, income from channels; no renewals (K5)"),
        "contribution": FigureSpec(
            "money",
            "higher",
            "Margin of deals won and renewals − discounts + income from channels, of goods that partners sold, less "
            "their goods and cost − selling cost − losses on unsound deals (K5)",
        ),
        "cost_people": FigureSpec("money", "lower", "Pay of everybody who holds a seat in the window, and hiring (K6)"),
        "cost_variable_pay": FigureSpec("money", "lower", "Pay by plan for the window; an of-which of people (K6, I1)"),
        "cost_marketing": FigureSpec("money", "lower", "Rate per lead; counted, no effect (K6)"),
        "cost_travel": FigureSpec("money", "lower", "Hours of travel × cost of a visit hour, beside the pay (K6)"),
        "cost_tools": FigureSpec("money", "lower", "Rate per head; counted, no effect (K6, P15)"),
        "cost_training": FigureSpec("money", "lower", "Fees of courses + a rate per head (K6, P16)"),
        "cost_other": FigureSpec("money", "lower", "Fixed sum; counted, no effect (K6)"),
        "selling_cost": FigureSpec("money", "lower", "People + marketing + travel + tools + training + other (K6)"),
        "loss_unsound": FigureSpec("money", "lower", "Loss on deals signed that were not sound (P9, P21)"),
        "discounts": FigureSpec("money", "lower", "Value given away at the signature of deals won (K5)"),
        "channel_sales": FigureSpec(
            "money", "higher", "Value at list price that customers bought elsewhere than of the own force (C1)"
        ),
        "channel_income": FigureSpec("money", "higher", "What partners and customers paid the firm in channels (K5)"),
        "channel_cost": FigureSpec(
            "money", "lower", "What channels cost beside goods: commissions, policies, rebates, returns … (K6)"
        ),
        "channel_rebates": FigureSpec(
            "money", "lower", "Rebates to partners for the days of the window; an of-which of the cost (I8)"
        ),
        "channel_cost_ratio": FigureSpec("ratio", "lower", "Cost of channels ÷ income from them (K6)"),
        "partner_profit": FigureSpec(
            "money", "neither", "What partners got in the window less what they paid, own cost aside (C2, I8)"
        ),
        "sell_in": FigureSpec("money", "neither", "Value at list price that partners bought of the firm (C2, I8)"),
        "stock_at_partners": FigureSpec(
            "money", "neither", "Value at list price that partners have or that is on its way, at the window's end (C2)"
        ),
        "out_of_stock": FigureSpec(
            "share", "lower", "Customers who came to an outlet that had not enough ÷ all who chose a channel (C2)"
        ),
        "sell_in_end_ratio": FigureSpec(
            "ratio", "neither", "Value partners bought in the last two weeks of quarters ÷ in the first two (I8)"
        ),
        "partners": FigureSpec("count", "neither", "Partners with an outlet who sell at the end of the window (C9)"),
        "partners_left": FigureSpec("count", "lower", "Partners who left in the window, or were let go (C9, C10)"),
        "partner_effort_mean": FigureSpec(
            "ratio", "higher", "Mean of the efforts that partners chose; 1 = as usual (C9)"
        ),
        "trust_mean": FigureSpec("share", "higher", "Mean trust of partners in the firm, whenever they looked (C9)"),
        "customer_satisfaction": FigureSpec(
            "share", "higher", "Sales of partners who were trained, and helped if they asked, in time ÷ all (C10, W7)"
        ),
        "discount_mean": FigureSpec("share", "lower", "Discounts ÷ value of deals won before them (K5)"),
        "coverage": FigureSpec(
            "share", "higher", "Value of needs touched in their window, or bought elsewhere ÷ of all (K1)"
        ),
        "productivity": FigureSpec("share", "higher", "Selling ÷ paid hours of reps, overtime aside (K2)"),
        "revenue_per_head": FigureSpec("money_per_head", "higher", "Revenue ÷ everybody who holds a seat (K2)"),
        "acquisition_cost": FigureSpec(
            "money_per_customer", "lower", "Selling cost ÷ accounts that signed; all of them count as new (K3)"
        ),
        "cycle_mean_days": FigureSpec("days", "lower", "First contact to signature of won deals, mean (K4)"),
        "cycle_median_days": FigureSpec("days", "lower", "First contact to signature of won deals, median (K4)"),
        "win_rate": FigureSpec("share", "higher", "Won ÷ decided leads (K5)"),
        "response_median_hours": FigureSpec("hours", "lower", "Known to first contact, calendar hours, median (P4)"),
        "response_p90_hours": FigureSpec("hours", "lower", "Known to first contact, calendar hours, 90% quantile (P4)"),
        "time_not_selling": FigureSpec("share", "lower", "Share of reps' paid hours not spent selling (K2)"),
        "utilisation": FigureSpec("share", "neither", "Worked ÷ present hours of reps, overtime aside (R)"),
        "utilisation_managers": FigureSpec(
            "share", "neither", "Worked ÷ present hours of managers of all layers, overtime aside (R)"
        ),
        "load_per_rep": FigureSpec("count", "neither", "Mean number of open deals a rep holds (R)"),
        "load_per_manager": FigureSpec("count", "neither", "Requests for approval per manager and week (R, S1)"),
        "pipeline_coverage": FigureSpec("ratio", "higher", "Value of open deals ÷ target (M)"),
        "territory_gini_workload": FigureSpec("share", "lower", "Gini coefficient of reps' worked hours (S4)"),
        "territory_gini_revenue": FigureSpec("share", "lower", "Gini coefficient of reps' revenue (S4, I7)"),
        "conflict_hours": FigureSpec(
            "hours", "lower", "Hours booked to conflicts; an of-which of worked hours, and of advice at outlets (X)"
        ),
        "conflict_money_direct": FigureSpec(
            "money", "lower", "Conflict hours at their pay + expected margin of gates that only conflict failed (X)"
        ),
        "conflict_money_channels": FigureSpec(
            "money", "lower", "Margin and advice that outlets and partners lost to other channels; their loss (X1, X7)"
        ),
        "conflict_money_total": FigureSpec(
            "money", "lower", "Contribution missing against the same run with all conflict off (X1, X4, X5, X6, X7, X8)"
        ),
        "book_kept": FigureSpec(
            "share", "higher", "Value signed of the deals that were under way at time zero ÷ their value (P8)"
        ),
        "renewals": FigureSpec("money", "higher", "Value of renewals of existing customers in the window (P8)"),
        "customers_kept": FigureSpec(
            "share", "higher", "Value renewed ÷ value that came up for renewal, or left before, in the window (P8, I6)"
        ),
        "care_given": FigureSpec(
            "share", "higher", "Care begun in time ÷ care owed to existing customers from the window on (P8, P11)"
        ),
        "open_share": FigureSpec("share", "neither", "Leads still open when the run ends ÷ leads (P)"),
        "needs": FigureSpec("count", "neither", "Needs that arise in the window; the same for every design (P1)"),
        "leads": FigureSpec("count", "higher", "Needs that the organisation came to know (P1)"),
        "won": FigureSpec("count", "higher", "Leads signed (K5)"),
        "lost": FigureSpec("count", "lower", "Leads that failed at a gate or were declined (K5)"),
        "abandoned": FigureSpec("count", "lower", "Leads whose interest died while they waited for us (P4)"),
        "reps": FigureSpec("count", "neither", "People who sell (R)"),
        "heads": FigureSpec("count", "neither", "Everybody who holds a seat (R)"),
        "overtime_hours": FigureSpec("hours", "lower", "Hours worked beyond the calendar, booked apart (R)"),
        "travel_hours": FigureSpec("hours", "lower", "Hours on the way to customers (S4, S11, K8)"),
        "approval_wait_hours": FigureSpec("hours", "lower", "Request to a boss's attention, calendar hours, mean (S1)"),
        "help_requests": FigureSpec("count", "neither", "Problems brought to a pool or boss, per rep and week (R)"),
        "coaching_hours": FigureSpec("hours", "higher", "Hours of coaching per rep and week (R, P16)"),
        "unsolved_share": FigureSpec("share", "lower", "Gates burdened by a problem that nobody solved ÷ gates (R)"),
        "turnover": FigureSpec("ratio", "lower", "People who left ÷ person-years on seats (R, I7)"),
        "vacancy_share": FigureSpec("share", "lower", "Time in which seats were vacant ÷ time of all seats (R, I7)"),
        "pay_per_head": FigureSpec("money_per_head", "neither", "Base and variable pay of a rep a year (I1)"),
        "pay_gini": FigureSpec("share", "neither", "Gini coefficient of reps' pay a year, seat by seat (I1, I7)"),
        "pay_fairness": FigureSpec(
            "share", "higher", "Part of reps' pay that is in proportion to the margin each brought in (I7)"
        ),
        "pay_ratio_top": FigureSpec("ratio", "neither", "Highest ÷ median pay a year of reps, seat by seat (I1, I7)"),
        "quarter_end_ratio": FigureSpec(
            "ratio", "neither", "Value signed in the last two weeks of quarters ÷ in the first two (I2)"
        ),
        "effort_mean": FigureSpec("ratio", "neither", "Mean effort of who is on a plan; 1 = as usual (I1)"),
        "effort_felt": FigureSpec(
            "money_per_head", "neither", "What effort costs who makes it, a year; nobody pays it (I1, I7)"
        ),
        "attainment_mean": FigureSpec(
            "ratio", "higher", "Result ÷ quota of reps, mean over the window; undefined without quotas (I2)"
        ),
        "quota_reached_share": FigureSpec(
            "share", "higher", "Time of reps in periods whose quota they reached ÷ time with a quota (I2)"
        ),
    }
)  # fmt: skip
"""In the order in which reports show them."""


def better_direction(metric: str) -> Better:
    """Which way a figure is better; `neither` for one that is not in the list."""
    spec = FIGURES.get(metric)
    return "neither" if spec is None else spec.better
