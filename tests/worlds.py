"""Small scenarios for tests of the world, the organisations and the run."""

from typing import Any

from simlib.scenario import Scenario

TRAVEL = {"east": {"travel_hours": {"east": 1.0, "north": 4.0, "west": 6.0}},
          "north": {"travel_hours": {"north": 1.5, "west": 5.0}}, "west": {"travel_hours": {"west": 2.0}}}  # fmt: skip
MECHANISMS = {
    "queueing": {"next_task": "new_leads_first"},
    "interest": {"kind": "log_logistic", "median_hours": 150.0, "shape": 1.5, "notices": "found_at_contact"},
    "skill": {},
    "focus": {"exponent": 0.15},
    "travel": {"remote_share": 0.2},
    "approval": {"hours": 1.0, "pass_good": 0.9, "pass_bad": 0.4},
    "calls": {"probability": 0.7, "hours": 0.5},
    "overlap": {
        "account_owner": "per_need",
        "confusion": 0.5,
        "crowding": 0.4,
        "contact_window_days": 40.0,
        "settling_hours": 0.5,
    },
    "hand_off": {"forgotten": 0.3, "dropped": 0.1, "hours": 0.5},
    "review": {"days_per_layer": 1.0, "distortion_per_layer": 0.3, "weight": 0.9, "hours": 4.0},
    "help": {"rep_knows": 0.6, "layer_knows": 0.8, "pool_knows": 1.5, "hours": 0.7, "unsolved": 0.6},
    "coaching": {"every_days": 3.5, "hours": 0.8, "most": 0.6, "half_hours": 3.0, "half_life_days": 40.0},
    "sponsor": {"from_value": 60000.0, "hours": 1.1, "log_odds": 0.4},
    "dual_reporting": {"dispute_hours": 1.5},
    "coordination": {
        "meeting_hours": 1.0,
        "meeting_every_days": 7.0,
        "report_hours_per_week": 0.5,
        "link_hours_per_week": 0.2,
    },
    "credit": {"dispute_probability": 0.5, "hours": 1.0},
    "complaints": {
        "probability": 0.5,
        "advice_log_odds": 1.0,
        "delivery_log_odds": 0.1,
        "response_hours": 20.0,
        "after_days": 3.0,
        "partners_answer": 0.6,
        "soured": 0.3,
    },
    "channel_overlap": {"probability": 0.7, "log_odds": 0.6, "settling_hours": 0.4},
    "turnover": {"leaving_rate_per_year": 3.0, "vacancy_days": 6.0, "hiring_cost": 2000.0},
    "ramp": {"days": 20.0, "start_speed": 0.1},
    "training": {"hours": 6.0, "every_days": 25.0, "cost_per_course": 300.0, "log_odds": 0.3, "half_life_days": 40.0},
    "transition": {
        "broken_log_odds": 0.5,
        "broken_half_life_days": 30.0,
        "resistance_log_odds": 0.3,
        "resistance_half_life_days": 20.0,
        "retraining_hours": 6.0,
        "retraining_cost": 500.0,
        "hiring_days": 6.0,
        "hiring_cost": 1000.0,
        "severance_months": 2.0,
        "project_cost": 5000.0,
    },
    "effort": {"cost_per_week": 300.0, "log_odds": 0.5, "pace": 0.2, "every_days": 5.0},
    "discount": {"most": 0.2, "log_odds": 8.0, "discipline": 0.01},
    "timing": {"reach_days": 10.0, "asked_discount": 0.02, "waits": 0.8},
    "attention": {"discipline": 0.02},
    "account_effort": {"response": 0.5, "log_odds": 0.4, "discipline": 0.03},
    "lead_sharing": {"hours": 0.0, "discipline": 0.02},
    "teamwork": {"hours": 0.5, "log_odds": 1.0, "discipline": 0.0},
    "satisfaction": {
        "weights": {
            "market": 2.0,
            "reference": 1.5,
            "unfairness": 1.0,
            "overload": 3.0,
            "conflict": 5.0,
            "courses": 0.5,
            "recognition": 1.0,
            "promotion": 1.0,
            "passed_over": 1.0,
        },
        "market_pay_per_year": 120000.0,
        "bearable_load": 0.6,
        "notice_days": 5.0,
    },
    "recognition": {"winners": 0.4, "cost": 300.0, "worth": 2000.0, "half_life_days": 40.0},
    "career": {"review": "month", "raises_per_year": [9000.0, 6000.0], "winners": 0.5, "least_days": 5.0},
    "buying": {
        "worth": [0.7, 2.0],
        "noise": 0.15,
        "transport": 0.3,
        "waiting": 0.01,
        "need_of_advice": 0.5,
        "looks_elsewhere": 0.4,
    },
    "stock": {
        "order_every_days": 5.0,
        "cover_days": 20.0,
        "lead_days": 2.0,
        "smoothing": 0.4,
        "holding_per_year": 0.25,
        "lost_per_year": 0.5,
        "bought_back": 0.7,
    },
    "own_prices": {"every_days": 9.0},
    "exchange": {"sd_per_year": 0.4},
    "diversion": {"every_days": 6.0, "transport": 0.02, "half_found_per_year": 20_000.0},
    "partner_effort": {
        "cost_per_week": 4000.0,
        "response": 0.5,
        "unpaid": 0.6,
        "advice": 0.3,
        "acceptance": 0.4,
        "every_days": 7.0,
    },
    "trust": {
        "half_life_days": 60.0,
        "support": 0.2,
        "paid": 0.1,
        "lost_sale": 0.05,
        "undercut": 0.002,
        "diversion": 0.04,
        "conflict": 0.03,
        "price_cut": 0.02,
        "effort": 1.5,
        "least": 0.45,
        "leaves": 0.3,
        "every_days": 7.0,
    },
    "support": {
        "signing_hours": 3.0,
        "onboarding_hours": 9.0,
        "training_hours": 5.0,
        "training_every_days": 21.0,
        "grace_days": 4.0,
        "untrained_advice": 0.5,
        "help_probability": 0.6,
        "help_hours": 1.7,
        "help_within_days": 2.0,
    },
    "partner_review": {
        "every_days": 14.0,
        "quota_per_year": 900000.0,
        "weights": {"share": 0.5, "new_customers": 0.5, "training": 0.5},
        "levels": [{"from_score": 0.9, "bonus": 0.02}, {"from_score": 1.5, "bonus": 0.03}],
        "least_score": 0.3,
        "reservation_per_year": 60000.0,
        "leaves": 0.3,
    },
    "retention": {
        "care_hours": 1.5,
        "every_days": 7.0,
        "renewal_days": 30.0,
        "renewal_probability": 0.9,
        "neglect_log_odds": 3.0,
        "business_per_year": 2.0,
    },
}
PLANS = {
    "field": {
        "quota": {"method": "stated", "amount": 40000.0, "period": "month"},
        "components": {
            "commission": {"kind": "commission", "tiers": [[0, 0.02], [1, 0.08]], "period": "month"},
            "bonus": {"kind": "bonus", "steps": [[1, 2000.0]], "period": "month"},
            "opened": {"kind": "commission", "on": "deals", "rate": 20.0, "stages": ["contact"], "period": "month"},
            "team": {"kind": "pool", "rate": 0.01, "period": "month"},
        },
    }
}
CHANNELS = {
    "force": {"pursued": True, "reach": 0.9},
    "dealers": {
        "tiers": [
            {
                "markup": 0.1, "serves": 2, "specials": [{"share": 0.05, "products": ["machine"], "orders": "first"}],
                "rebate": {"period": "month", "tiers": [[20000, 0.02], [60000, 0.05]], "mode": "retroactive"},
            },
            {"markup": 0.15, "rebate": {"period": "month", "rate": 0.01, "growth": 0.03, "paid_in": "credit"}},
        ],
        "price": 0.8, "outlets": 3, "advice": 0.7, "duty": 0.01, "currency": "USD", "price_band": [0.8, 1.3],
        "region_prices": {"north": 0.75}, "policing_per_year": 800.0, "penalty": 0.1,
    },
    "agents": {
        "commission": 0.1, "outlets": 2, "regions": ["east"], "outlet_per_year": 300.0,
        "signed_from_day": 3.0, "signed_per_month": 4.0,
    },
    "site": {
        "online": True, "price": 0.9, "advice": 0.1, "reach": 0.5, "acceptance": 0.95, "delivery_days": 3.0,
        "duty": 0.02, "handling": 0.03, "fixed_per_year": 9000.0, "set_up": 700.0,
        "advertising_per_year": 900.0, "half_told_per_year": 4000.0,
    },
}  # fmt: skip
"""One of each kind: the own force, two tiers of partners, agents in one region, a site."""
UNMOVED = {
    **MECHANISMS,
    **dict.fromkeys(
        (
            *("effort", "discount", "timing", "attention", "account_effort", "teamwork"),
            *("lead_sharing", "satisfaction", "recognition", "career"),
        ),
        "off",
    ),
}
"""All but the reactions to pay, for tests of who is paid what, and of list prices."""
STEADY = {**MECHANISMS, "turnover": "off", "ramp": "off", "training": "off"}
"""All but those by which a seat is held by several people, for tests that take a person for a seat."""
STAGES = [
    {"name": "contact", "effort_hours": 2.0, "effort_scv": 0.5, "pass_probability": 0.8, "customer_delay_days": 2.0},
    {
        "name": "proposal",
        "effort_hours": 6.0,
        "effort_scv": 1.0,
        "pass_probability": 0.7,
        "customer_delay_days": 4.0,
        "visits": 1.0,
        "approval": True,
        "problem_probability": 0.6,
    },
    {
        "name": "closing",
        "effort_hours": 3.0,
        "pass_probability": 0.8,
        "customer_delay_days": 3.0,
        "visits": 1.0,
        "problem_probability": 0.2,
        "sponsored": True,
        "negotiated": True,
    },
]
DESIGNS = {
    "pyramid": {"structure": "pyramid", "span": 3},
    "flat": {"structure": "flat"},
    "geographic": {"structure": "geographic"},
    "product_line": {"structure": "product_line"},
    "customer_type": {"structure": "customer_type"},
    "sizes": {"structure": "geographic", "partition": "size"},
    "dealt_out": {"structure": "flat", "partition": "none", "routing": "least_loaded"},
    "pooled": {"structure": "pooled"},
    "matrix": {"structure": "matrix"},
    "functional": {"structure": "functional", "clarity": 0.4},
    "hybrid": {"structure": "hybrid"},
    "small_firm": {"structure": "small_firm", "partition": "none"},
    "agile": {"structure": "agile", "review_days": 7.0},
    "paid": {"structure": "geographic", "pay": {"rep": "field"}},
    "channels": {
        "structure": "geographic",
        "channels": ["force", "dealers", "agents", "site"],
        "pools": {"channel managers": {"count": 1, "partners": True}},
    },
    "reformed": {
        "structure": "product_line",
        "span": 2,
        "becomes": {"design": "flat", "on_day": 8.0, "waves": 2, "every_days": 7.0},
    },
    "backed": {
        "structure": "geographic",
        "pools": {
            "drawing office": {"share": 0.2, "takes": {"proposal": 0.35}},
            "desk": {"share": 0.3, "shared": False, "answers": True, "takes": {"proposal": 0.1, "contact": 1.0}},
        },
    },
}


def small(**changes: Any) -> Scenario:
    """Three regions, two products, two segments, nine reps, five weeks; `changes` replace whole top-level sections."""
    cells = [
        {
            "region": region,
            "segment": segment,
            "needs_per_week": 4.0,
            "accounts": 40,
            "products": {"machine": 3.0, "service": 2.0},
            "value": {"median": median, "log_sd": 0.8},
        }
        for region in TRAVEL
        for segment, median in (("large", 50000.0), ("small", 9000.0))
    ]
    base: dict[str, Any] = {
        "calendar": {"warm_up_days": 7.0, "horizon_days": 35.0, "drain_days": 28.0},
        "compare": {"doubt": "none"},
        "market": {
            "regions": TRAVEL,
            "products": {"machine": {"complexity": 0.8}, "service": {"complexity": 0.1}},
            "segments": {"large": {"grade": 1}, "small": {"grade": 2}},
            "size_bands": [15000.0, 60000.0],
        },
        "demand": {
            "kind": "synthetic",
            "dispersion": 2.0,
            "inbound_share": 0.6,
            "sound_share": 0.9,
            "existing_share": 0.3,
            "window_days": 40.0,
            "opening_pipeline": 15,
            "cells": cells,
        },
        "people": {"rep": {"count": 9, "skill_sd": 0.3, "absence_share": 0.05}},
        "mechanisms": MECHANISMS,
        "stages": STAGES,
        "costs": {"rep_per_year": 100000.0, "margin": 0.4, "visit_hour": 50.0, "unsound_loss_share": 0.5},
        "organisation": {
            "partition": "region",
            "layers": 3,
            "span": 4,
            "authority": {"rep": 30000.0, "manager": 200000.0},
            "list_overlap": 0.2,
        },
        "plans": PLANS,
        "channels": CHANNELS,
        "designs": DESIGNS,
    }
    return Scenario.model_validate({**base, **changes})


def steady() -> Scenario:
    """The small market in which everybody stays."""
    return small(mechanisms=STEADY)
