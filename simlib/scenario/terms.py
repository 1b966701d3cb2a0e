"""The terms on which a design has its channels: any key of a channel, stated anew (C7, C8, I8).

Two designs may so ask two prices at one site, have four dealers a region or twenty, or grant another rebate, while
customers' tastes and what is not known of the channel stay those of the same channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from simlib.scenario.channels import Channel
from simlib.scenario.paths import dotted
from simlib.scenario.problems import problems

Terms = Mapping[str, Mapping[str, Any]]
"""By channel, keys of it and what they are."""


def on_terms(channels: Mapping[str, Channel], terms: Terms | None) -> dict[str, Channel]:
    """The channels as a design has them.

    Raises ValidationError where a channel cannot be so; `term_faults` says it in words.
    """
    stated = terms or {}
    return {
        name: Channel.model_validate(_anew(channel, stated[name])) if name in stated else channel
        for name, channel in channels.items()
    }


def term_faults(channel: Channel, stated: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every (key, message) for which a channel cannot be on these terms."""
    data = _anew(channel, stated)
    try:
        Channel.model_validate(data)
    except ValidationError as error:
        return [(dotted(loc), text) for loc, text, _ in problems(error, Channel, data)]
    return []


def _anew(channel: Channel, stated: Mapping[str, Any]) -> dict[str, Any]:
    return {**channel.model_dump(), **stated}
