"""What may be moved in a scenario's organisation, and to what? The levers of a workshop, and designs that they make.

A lever is an axis of a design (head-count, span, authority, partition, pay, routing, channels, policies) or the design
to start from. A lever that a scenario has no use for, such as channels where there is one, is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, get_args

from simlib.errors import DesignError, SimlibError
from simlib.org import build
from simlib.org.structures import refusals
from simlib.scenario import Scenario, vary
from simlib.scenario.designs import ROLES, Axes, Design, Routing, resolve
from simlib.scenario.policies import Policies
from simlib.scenario.wording import choice, did_you_mean, shown

Value = int | float | str | tuple[str, ...] | None
"""Where a lever stands. None: without limit (authority), without a plan (pay)."""
State = Mapping[str, Value]
"""Where every lever stands, by its name."""

DESIGN = "design"
"""The lever that sets all others: the design to start from."""
MOST_REPS, MOST_SPAN = 40, 12
"""As far as the sliders of head-count and span go, unless a design goes further."""
AUTHORITY_FACTORS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)
"""Steps of authority, as factors of the baseline's."""
MOST_OTHERS = 3
"""Channels beside the own force of which every combination is a choice; with more, only those of the designs."""
REP = ROLES[0]


@dataclass(frozen=True)
class Lever:
    """Something that may be moved, and the values that it may take, in order."""

    name: str
    values: tuple[Value, ...]


def levers(scenario: Scenario) -> tuple[Lever, ...]:
    """The levers of a scenario, the design to start from first; only those with a choice."""
    stands = [settings(scenario, name) for name in scenario.designs]
    found = [Lever(DESIGN, tuple(scenario.designs))]
    for name, values_of in _VALUES.items():
        own = [state[name] for state in stands if name in state]
        if own:
            values = dict.fromkeys((*values_of(scenario, own), *own))
            found.append(Lever(name, _ordered(tuple(values))))
    return tuple(lever for lever in found if len(lever.values) > 1)


def settings(scenario: Scenario, design: str) -> dict[str, Value]:
    """Where the levers stand in one of the scenario's designs. A company's own chart has none of those that lay out.

    Raises DesignError if the design cannot be laid out.
    """
    chosen = scenario.designs[design]
    axes = resolve(chosen, scenario.organisation)
    stands: dict[str, Value] = {DESIGN: design}
    if chosen.structure:
        stands |= {"reps": len(build(design, scenario).reps), "span": axes.span, "partition": axes.partition}
    stands |= {
        "authority": (axes.authority or {}).get(REP),
        "pay": (axes.pay or {}).get(REP),
        "routing": axes.routing,
        "channels": axes.channels or (),
        "policies": _in_force(axes),
    }
    return stands


def designed(scenario: Scenario, state: State) -> Design:
    """The design that the levers make: the one to start from, with what was moved.

    Raises SimlibError for a lever or value that the scenario does not have.
    """
    name = state[DESIGN]
    if not isinstance(name, str) or name not in scenario.designs:
        raise DesignError(f"{DESIGN}: got {shown(name)}, must be {choice(scenario.designs)}")
    start, stands = scenario.designs[name], settings(scenario, name)
    axes = resolve(start, scenario.organisation)
    moved = {lever: value for lever, value in state.items() if lever in stands and value != stands[lever]}
    changes: dict[str, Any] = {lever: _MAKERS[lever](scenario, axes, value) for lever, value in moved.items()}
    if start.structure:
        changes["reps"] = state.get("reps", stands["reps"])  # or another span would change it by the budget
    made = {**_stated_alone(scenario, {name: start}), name: {**start.model_dump(), **changes}}
    return vary(scenario, {"designs": made, **_alone(scenario, name)}).designs[name]


def with_designs(scenario: Scenario, designs: Mapping[str, Design]) -> Scenario:
    """The scenario with these designs instead of its own, the first of them the baseline; behind them those of its own
    that they become."""
    first = next(iter(designs))
    return vary(scenario, {"designs": _stated_alone(scenario, designs), **_alone(scenario, first)})


def _stated_alone(scenario: Scenario, designs: Mapping[str, Design]) -> dict[str, dict[str, Any]]:
    """Designs as a file would state them, and those of the scenario's own that they become, with as many reps there.

    One that becomes itself does so by the name that it has now.
    """
    plain = {name: design.model_dump() for name, design in designs.items()}
    goals: dict[str, dict[str, Any]] = {}
    for name, one in plain.items():
        goal = one["becomes"] and one["becomes"]["design"]
        if goal and scenario.designs[goal].becomes:
            one["becomes"] = {**one["becomes"], "design": name}
        elif goal:
            reps = settings(scenario, goal).get("reps")  # or another baseline would change them by its budget
            goals[goal] = {**scenario.designs[goal].model_dump(), "reps": reps}
    return {**plain, **{goal: stated for goal, stated in goals.items() if goal not in plain}}


def _alone(scenario: Scenario, baseline: str) -> dict[str, Any]:
    """What else must change where the designs do: what is said of designs that are gone."""
    known = {path: about.model_dump() for path, about in scenario.evidence.items() if not path.startswith("designs.")}
    return {"evidence": known, "compare.baseline": baseline}


def _heads(_scenario: Scenario, own: Iterable[Any]) -> Iterator[Value]:
    yield from range(1, min(2 * max(own), MOST_REPS) + 1)


def _spans(_scenario: Scenario, _own: Iterable[Any]) -> Iterator[Value]:
    yield from range(1, MOST_SPAN + 1)


def _authorities(scenario: Scenario, own: Iterable[Any]) -> Iterator[Value]:
    stated = next((amount for amount in own if amount), None)
    if stated and scenario.mechanisms.approval:
        yield from (factor * stated for factor in AUTHORITY_FACTORS)
        yield None


def _partitions(scenario: Scenario, _own: Iterable[Any]) -> Iterator[Value]:
    market, refused = scenario.market, refusals(scenario)
    names = {"region": len(market.regions), "product": len(market.products), "segment": len(market.segments)}
    yield from (name for name, count in names.items() if count > 1 and name not in refused)
    yield "none"


def _plans(scenario: Scenario, _own: Iterable[Any]) -> Iterator[Value]:
    by_role = [(resolve(design, scenario.organisation).pay or {}).items() for design in scenario.designs.values()]
    of_bosses = {plan for pairs in by_role for role, plan in pairs if role != REP}
    of_reps = {plan for pairs in by_role for role, plan in pairs if role == REP}
    if scenario.plans:
        yield None
        yield from (plan for plan in scenario.plans if plan in of_reps or plan not in of_bosses)


def _routings(_scenario: Scenario, _own: Iterable[Any]) -> Iterator[Value]:
    yield from get_args(Routing)


def _channel_sets(scenario: Scenario, _own: Iterable[Any]) -> Iterator[Value]:
    own = tuple(name for name, channel in scenario.channels.items() if channel.pursued)
    others = [name for name in scenario.channels if name not in own]
    if own and len(others) <= MOST_OTHERS:
        yield from ((*own, *more) for size in range(len(others) + 1) for more in combinations(others, size))


def _policy_sets(scenario: Scenario, own: Iterable[Any]) -> Iterator[Value]:
    yield ()
    yield from ((name,) for name in dict.fromkeys(name for names in own for name in names))


_VALUES = {
    "reps": _heads,
    "span": _spans,
    "authority": _authorities,
    "partition": _partitions,
    "pay": _plans,
    "routing": _routings,
    "channels": _channel_sets,
    "policies": _policy_sets,
}
"""What a lever may be set to, beside where the designs have it; by name, in the order shown."""


def _ordered(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Numbers by size, without limit last; all else as it came."""
    numbers = [value for value in values if isinstance(value, int | float)]
    return (*sorted(numbers), *(value for value in values if value is None)) if numbers else values


def _stated(_scenario: Scenario, _axes: Axes, value: Value) -> Any:
    return value


def _authority(_scenario: Scenario, axes: Axes, value: Any) -> dict[str, float | None]:
    """Reps' authority, which lifts the whole line with it: no boss may decide less than a rep."""
    above = {role: most for role, most in (axes.authority or {}).items() if role != REP}
    lifted = {role: None if most is None or value is None else max(most, value) for role, most in above.items()}
    return {REP: value, **lifted}


def _pay(_scenario: Scenario, axes: Axes, value: Any) -> dict[str, str]:
    others = {role: plan for role, plan in (axes.pay or {}).items() if role != REP}
    return others if value is None else {REP: value, **others}


def _policies(scenario: Scenario, _axes: Axes, value: Any) -> dict[str, Any]:
    """Each policy as the first design states it that has it."""
    known: dict[str, Any] = {}
    for design in scenario.designs.values():
        policies = resolve(design, scenario.organisation).policies or Policies()
        known = {name: policy for name, policy in policies.model_dump().items() if policy} | known
    wrong = [name for name in value if name not in known]
    if wrong:
        raise DesignError(
            f"policies: got {shown(wrong[0])}, must be {choice(known) or 'stated by a design'}"
            f"{did_you_mean(wrong[0], known)}"
        )
    return {name: known[name] for name in value}


_MAKERS: dict[str, Callable[[Scenario, Axes, Any], Any]] = dict.fromkeys(_VALUES, _stated) | {
    "authority": _authority,
    "pay": _pay,
    "policies": _policies,
}
"""What a design says where a lever stands at a value."""


def _in_force(axes: Axes) -> tuple[str, ...]:
    policies = axes.policies or Policies()
    return tuple(name for name in type(policies).model_fields if getattr(policies, name))


def written(value: Value) -> str:
    """A value as one types it: `12`, `none`, `force+dealers`."""
    if isinstance(value, tuple):
        return "+".join(value) or "none"
    if value is None:
        return "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def read(lever: Lever, text: str) -> Value:
    """The value of a lever that a text names: one of its own, or for numbers any.

    Raises SimlibError with the rule.
    """
    for value in lever.values:
        if written(value) == text:
            return value
    numbers = [value for value in lever.values if isinstance(value, int | float)]
    if numbers and text.replace(".", "", 1).isdecimal():
        return float(text) if any(isinstance(value, float) for value in numbers) else _whole(lever, text)
    if numbers:
        last = f" or {written(None)}" if None in lever.values else ""
        raise SimlibError(f"{lever.name}: got {shown(text)}, must be a number{last}")
    known = [written(value) for value in lever.values]
    raise SimlibError(f"{lever.name}: got {shown(text)}, must be {choice(known)}{did_you_mean(text, known)}")


def _whole(lever: Lever, text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise SimlibError(f"{lever.name}: got {shown(text)}, must be a whole number of 1 or more")
    return int(text)
