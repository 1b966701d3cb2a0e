"""Commands that put sentences and structures on trial: `claims`, `findings`, `cases`, `regimes`, `crossing`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simlib.cli.options import (
    AS_JSON,
    LANGUAGE,
    OUT,
    OVERRIDES,
    SEED,
    WORKERS,
    require_designs,
    require_folder,
    words_of,
)

if TYPE_CHECKING:
    from simlib.claims.trial import Claim


_MARKET = click.option(
    "--market", type=click.Path(path_type=Path), help="A scenario of your own with the same designs."
)
_TRIAL = (
    click.argument("ids", nargs=-1, metavar="[ID]..."),
    click.option("--replications", type=click.IntRange(min=1), default=30, show_default=True, help="Worlds a level."),
    SEED,
    WORKERS,
    click.option("--list", "only_list", is_flag=True, help="Only say what would be tried."),
    AS_JSON,
    LANGUAGE,
)


def trial_options(command: Callable[..., None]) -> Callable[..., None]:
    """Claims, findings and cases are asked for alike."""
    for option in reversed(_TRIAL):
        command = option(command)
    return command


@click.command()
@_MARKET
@trial_options
def claims(ids: tuple[str, ...], market: Path | None, **asked: Any) -> None:
    """Put on trial what the field guide says of structures (S1a, S5a, …; all, if none is named).

    Each claim is a small experiment: two designs, the same worlds, one figure, one sweep. It holds, holds only at some
    levels, does not hold, or cannot be told apart from chance.
    """
    from simlib.claims import field_guide

    _try(field_guide.named(ids), lambda _: market or field_guide.FILE, **asked)


def _try(chosen: tuple[Claim, ...], market_of: Callable[[Claim], Path], **asked: Any) -> None:
    """Put claims on trial, each in its market, and tell."""
    from simlib.claims.trial import put_on_trial
    from simlib.report import claims as telling
    from simlib.scenario import load_scenario

    markets = {file: load_scenario(file) for file in dict.fromkeys(map(market_of, chosen))}
    tried, as_json = next(iter(markets.values())), asked["as_json"]
    runs = {name: asked[name] for name in ("replications", "seed", "workers")}
    w, found = words_of(asked["language"], tried), []
    if asked["only_list"]:
        click.echo(telling.listed(chosen, w))
        return
    for claim in chosen:
        found.append(put_on_trial(claim, markets[market_of(claim)], **runs))
        if not as_json:
            click.echo(telling.told(claim, found[-1], w))
    click.echo(telling.as_json(chosen, found, w) if as_json else telling.summary(found, w))


@click.command()
@_MARKET
@trial_options
def findings(ids: tuple[str, ...], market: Path | None, **asked: Any) -> None:
    """Put on trial what has been published on pay plans, and show the published figure beside the model's."""
    from simlib.claims import field_guide, published

    _try(field_guide.named(ids, published.FINDINGS), lambda _: market or published.FILE, **asked)


@click.command()
@click.option("--folder", type=click.Path(path_type=Path), help="Where the scenarios of the cases are.")
@trial_options
def cases(ids: tuple[str, ...], folder: Path | None, **asked: Any) -> None:
    """Play the worked cases of the field guide (W1, W3, …; all, if none is named): a firm before and after a change.

    The outcome that the documents tell stands beside what comes out here, in the same worlds.
    """
    from simlib.claims import cases as worked
    from simlib.claims import field_guide

    chosen = field_guide.named(worked.of_case(ids), worked.CASES)
    _try(chosen, lambda claim: worked.file_of(claim, folder or worked.FOLDER), **asked)


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--vary", "axes", multiple=True, metavar="AXIS=A,B,…", help="Numbers to try on an axis; may be repeated.")
@click.option("--designs", metavar="A,B", help="Only these designs.")
@click.option("--replications", type=click.IntRange(min=1), default=20, show_default=True, help="Worlds a point.")
@SEED
@WORKERS
@OUT
@LANGUAGE
def regimes(
    file: Path | None, axes: tuple[str, ...], designs: str | None, out: Path, language: str, **runs: int
) -> None:
    """Map which design is best over company size, product complexity, market volatility and distance.

    Without FILE, in the market of the claims. Axes: size, complexity, distance (factors), volatility (log standard
    deviation of demand after a year).
    """
    from simlib.claims import field_guide
    from simlib.claims.regimes import parsed_grid, regime_map
    from simlib.report import regimes as drawing
    from simlib.scenario import keep_designs, load_scenario

    market = load_scenario(file or field_guide.FILE)
    require_folder(out)
    if designs:
        names = [name.strip() for name in designs.split(",")]
        require_designs("--designs", names, market)
        market = keep_designs(market, names)
    grid, w = parsed_grid(axes), words_of(language, market)
    rows = []
    for row in regime_map(market, grid, **runs):
        rows.append(row)
        click.echo(drawing.line(row, grid, w))
    click.echo(drawing.saved(rows, grid, out, w))


@click.command()
@click.argument("pair", nargs=2, metavar="DESIGN AGAINST")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--sizes", default="0.25,0.5,1,2,4", show_default=True, help="Factors of the company's size.")
@OVERRIDES
@click.option("--replications", type=click.IntRange(min=2), default=30, show_default=True, help="Worlds a size.")
@SEED
@WORKERS
@LANGUAGE
def crossing(
    pair: tuple[str, str], file: Path | None, sizes: str, overrides: tuple[str, ...], language: str, **runs: int
) -> None:
    """Find the head-count at which two designs change places as the company grows, or that they do not.

    Without FILE, in the market of the claims. Needs, accounts, people and money grow together.
    """
    from simlib.claims import field_guide
    from simlib.claims.crossing import at_one_size
    from simlib.claims.regimes import numbers_of, of_size
    from simlib.errors import SimlibError
    from simlib.report import claims as telling
    from simlib.scenario import keep_designs, load_scenario, vary

    market = load_scenario(file or field_guide.FILE, overrides=overrides)
    for place, design in zip(("DESIGN", "AGAINST"), pair, strict=True):
        require_designs(place, [design], market)
    if pair[0] == pair[1]:
        raise SimlibError(f"AGAINST: got {pair[1]!r}, must be another design than DESIGN")
    factors = sorted(numbers_of(sizes, axis="size", place="--sizes"))
    market = keep_designs(vary(market, {"compare.baseline": pair[0]}), pair)
    w, found = words_of(language, market), []
    for factor in factors:
        found.append(at_one_size(vary(market, of_size(market, factor)), pair, **runs))
        click.echo(telling.one_size(pair, factor, found[-1], w))
    click.echo(telling.crossing(pair, found, w, seed=runs["seed"]))
