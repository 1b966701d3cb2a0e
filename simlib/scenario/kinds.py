"""What the schema says of a place in a scenario: which names it may have, and in which range its value lies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel

from simlib.scenario.paths import Loc, PathError, at, first_step, lost


def names_at(root: type[BaseModel], loc: Loc, data: Any) -> list[str]:
    """Names that the mapping at `loc` may have; empty where any name may stand, or none."""
    model = _model(_annotation(root, loc, data)[0], at(data, loc))
    return list(model.model_fields) if model is not None else []


def is_named_freely(root: type[BaseModel], loc: Loc, data: Any) -> bool:
    """Whether the mapping at `loc` holds things under names that the user chose."""
    kind = _annotation(root, loc, data)[0]
    return get_origin(kind) is dict


def bounds_at(root: type[BaseModel], loc: Loc, data: Any) -> tuple[float | None, float | None]:
    """Lowest and highest value that the schema allows at `loc` (bound included or not), None where it sets none."""
    low: float | None = None
    high: float | None = None
    for rule in _annotation(root, loc, data)[1]:
        low = next((getattr(rule, name) for name in ("ge", "gt") if getattr(rule, name, None) is not None), low)
        high = next((getattr(rule, name) for name in ("le", "lt") if getattr(rule, name, None) is not None), high)
    return low, high


def stand_in(root: type[BaseModel], loc: Loc, data: Any) -> Any:
    """A single value that the schema accepts at `loc`; None if it demands none, or one with parts."""
    model = _model(_annotation(root, loc[:-1], data)[0], at(data, loc[:-1]))
    if model is None or str(loc[-1]) not in model.model_fields or not model.model_fields[str(loc[-1])].is_required():
        return None
    kind = _annotation(root, loc, data)[0]
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    return {float: 1.0, int: 1, str: "?"}.get(kind)


def _annotation(root: type[BaseModel], loc: Loc, data: Any) -> tuple[Any, list[Any]]:
    """The type that stands at `loc`, and the rules beside it."""
    here: Any = root
    rules: list[Any] = []
    for depth, step in enumerate(loc):
        model = _model(here, at(data, loc[:depth]))
        if model is not None:
            field = model.model_fields.get(str(step))
            here, rules = (None, []) if field is None else (field.annotation, list(field.metadata))
        else:
            # The values of a mapping, or the items of a list: the last of the type's arguments.
            inside = [part for part in get_args(_bare(here, rules)) if part is not Ellipsis]
            here, rules = inside[-1] if inside else None, []
    return _bare(here, rules), rules


def _bare(annotation: Any, rules: list[Any]) -> Any:
    """An annotation without `Annotated[…]`, whose rules are added to `rules`, and without `… | None`."""
    while get_origin(annotation) is Annotated:
        annotation, *more = get_args(annotation)
        for rule in more:
            rules.extend(getattr(rule, "metadata", None) or [rule])
    parts = [part for part in get_args(annotation) if part is not type(None)]
    return _bare(parts[0], rules) if type(None) in get_args(annotation) and len(parts) == 1 else annotation


def _model(annotation: Any, data: Any) -> type[BaseModel] | None:
    """The model that an annotation stands for; among several, the one whose `kind` the data state."""
    annotation = _bare(annotation, [])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    models = [_bare(part, []) for part in get_args(annotation)]
    models = [model for model in models if isinstance(model, type) and issubclass(model, BaseModel)]
    if len(models) < 2:
        return None
    default = models[0].model_fields["kind"].default
    kind = data.get("kind", default) if isinstance(data, Mapping) else getattr(data, "kind", default)
    return next((model for model in models if kind in get_args(model.model_fields["kind"].annotation)), None)


def value_at(root: BaseModel, path: str) -> Any:
    """The value at a dotted path; None inside something that is off or not stated, if the schema knows the path.

    Raises PathError with the nearest name.
    """
    here: Any = root
    loc: Loc = ()
    rest = path
    while rest:
        known: list[str] = []
        step = first_step(here, rest)
        if step is None and here is None:
            known = names_at(type(root), loc, root)
            head, _, after = rest.partition(".")
            step = (head, after) if head in known else None
        if step is None:
            raise PathError(lost(here, rest, path[: len(path) - len(rest)], known=known))
        loc, rest = (*loc, step[0]), step[1]
        here = at(here, step[:1])
    return here
