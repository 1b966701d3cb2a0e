"""How yardsticks and checks are read and written: parameters from text, a list for people, records for programs."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from simlib.errors import SimlibError
from simlib.scenario import wording
from simlib.scenario.schema import Scenario
from simlib.verify.rule import Rule
from simlib.verify.yardstick import Parameters, Yardstick
from simlib.verify.yardsticks import REPLICATIONS, Check, scenario_of, settle


def read_parameters(texts: Iterable[str]) -> Parameters:
    """Parameters from `key=value` texts: a number, a word, a list such as `[1, 2, 3]`, or `null`; the last of a key
    counts.

    Raises SimlibError for anything else.
    """
    found: Parameters = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise SimlibError(f"--set {text}: got {wording.shown(text)}, must be key=value, such as servers=3")
        found[name.strip()] = _value(f"--set {text}", value.strip())
    return found


def _value(place: str, text: str) -> Any:
    if text in ("null", "~"):
        return None
    if text.startswith("[") or "," in text:
        return [_number(place, part.strip()) for part in text.strip("[]").split(",") if part.strip()]
    return text if text.isidentifier() else _number(place, text)


def _number(place: str, text: str) -> float:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    raise SimlibError(f"{place}: got {wording.shown(text)}, must be a number, or a list such as [1, 2, 3]")


def listed(chosen: Yardstick | Rule) -> dict[str, Any]:
    """What `--list` says of a yardstick; `customers` is the number that the defaults come to, and a rule has none."""
    defaults = settle(chosen, {}, replications=REPLICATIONS)
    identities, replications = ((), 1) if isinstance(chosen, Rule) else (chosen.identities, REPLICATIONS)
    return {
        "name": chosen.name,
        "through": chosen.through,
        "about": chosen.about,
        "quantities": [*chosen.theory(defaults), *identities],
        "precision": chosen.precision,
        "parameters": defaults,
        "replications": replications,
    }


def described(entry: dict[str, Any]) -> str:
    """A listed yardstick for people: three lines."""
    parameters = " ".join(f"{name}={_short(value)}" for name, value in entry["parameters"].items())
    return f"{entry['name']}: {entry['about']}\n  {parameters}\n  -> {', '.join(entry['quantities'])}"


def _short(value: Any) -> str:
    return (
        f"[{','.join(_short(part) for part in value)}]"
        if isinstance(value, list)
        else str(value)
        if isinstance(value, str)
        else f"{value:g}"
    )


def record(check: Check) -> dict[str, Any]:
    """A check as JSON can hold it: what is not known is null."""
    return {name: _known(value) for name, value in asdict(check).items()}


def _known(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def exit_code(checks: Sequence[Check]) -> int:
    """1 if any theory lies outside its interval, else 3 if any interval is too wide, else 0."""
    if not all(check.inside for check in checks):
        return 1
    return 0 if all(check.precise for check in checks) else 3


def shown(chosen: Yardstick | Rule, parameters: Parameters) -> str:
    """What a check with settled parameters does: the scenario that is run, or the functions that are called."""
    if isinstance(chosen, Rule):
        return chosen.shown(parameters)
    return as_yaml(scenario_of(chosen, parameters))


def as_yaml(scenario: Scenario) -> str:
    """A scenario as the YAML that would state it, without what is left at its default."""
    from ruamel.yaml import YAML

    stated = scenario.model_dump(mode="json", exclude_unset=True)
    stated["mechanisms"] = {name: "off" if value is None else value for name, value in stated["mechanisms"].items()}
    out = io.StringIO()
    yaml = YAML(typ="safe")
    yaml.default_flow_style = None
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.width = 110
    yaml.dump(stated, out)
    return out.getvalue()
