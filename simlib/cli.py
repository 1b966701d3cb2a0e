"""The command line: `simlib check|run|compare|report FILE`, `simlib structures`, `simlib verify`.

Results go to stdout, progress and complaints to stderr. Exit: 0 done, 1 a check failed, 2 bad input, 3 imprecise.
Everything but click is imported where a command needs it, so that `simlib --help` answers at once.
"""

from __future__ import annotations

import dataclasses
import functools
import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from simlib.claims.trial import Claim
    from simlib.org import Organisation
    from simlib.report.subject import Subject
    from simlib.report.words import Words
    from simlib.runs import Results
    from simlib.scenario.designs import Design
    from simlib.scenario.schema import Scenario
    from simlib.verify.rule import Rule
    from simlib.verify.yardstick import Parameters, Yardstick
    from simlib.verify.yardsticks import Check

LANGUAGES = ("en", "zh")
EXIT_BAD_INPUT = 2
EXIT_INTERRUPTED = 130
EXIT_PIPE_CLOSED = 141
"""As the shell counts a program that a closed pipe ended."""
MOST_COMPLAINTS = 40
"""Lines of complaint that are printed."""


class Commands(click.Group):
    """Commands whose expected ends (bad input, Ctrl-C, a reader that closed the pipe) are one line, not a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        from simlib.errors import SimlibError

        _never_fail_on_a_character()
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except SimlibError as error:
            click.echo(_complaint(error), err=True)
            ctx.exit(EXIT_BAD_INPUT)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(EXIT_INTERRUPTED)
        except BrokenPipeError:
            # What is still buffered has no reader; the interpreter would complain when it flushes at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(EXIT_PIPE_CLOSED)
        return result


@dataclass(frozen=True)
class Request:
    """What the options that `check`, `run`, `compare` and `report` share ask for."""

    file: Path
    replications: int
    seed: int
    workers: int
    overrides: tuple[str, ...]
    designs: tuple[str, ...]
    baseline: str | None
    confidence: float | None
    out: Path
    language: str

    def scenario(self) -> Scenario:
        """The scenario file with the overrides, designs, baseline and confidence asked for.

        Raises ScenarioError with every fault.
        """
        from simlib.scenario.load import load_scenario
        from simlib.scenario.vary import keep_designs, vary

        scenario = load_scenario(self.file, overrides=self.overrides)
        changes = {"compare.baseline": self.baseline, "compare.confidence": self.confidence}
        changes = {path: value for path, value in changes.items() if value is not None}
        _require_designs("--baseline", [self.baseline] if self.baseline else [], scenario)
        if changes:
            scenario = vary(scenario, changes)
        if not self.designs:
            return scenario
        names = [name for text in self.designs for name in ([text] if text in scenario.designs else text.split(","))]
        names = [name if name in scenario.designs else name.strip() for name in names]
        _require_designs("--designs", names, scenario)
        return keep_designs(scenario, names)


def _require_designs(option: str, names: list[str], scenario: Scenario) -> None:
    """Raises ScenarioError, at the option's name, for every design that the scenario does not have."""
    from simlib.errors import Fault, ScenarioError
    from simlib.scenario.wording import did_you_mean, shown

    known = scenario.designs
    rule = f"must be one of {', '.join(known)}"
    wrong = [f"got {shown(name)}, {rule}{did_you_mean(name, known)}" for name in names if name not in known]
    if wrong:
        raise ScenarioError([Fault(message, option) for message in wrong])


def scenario_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds FILE and the shared options to a command, which gets them as one `Request`."""

    @functools.wraps(command)
    def with_request(**options: Any) -> Any:
        shared = {name: options.pop(name) for name in Request.__dataclass_fields__}
        return command(Request(**shared), **options)

    marks = (
        click.argument("file", type=click.Path(path_type=Path)),
        click.option(
            "--replications", type=click.IntRange(min=1), default=20, show_default=True, help="Worlds to draw."
        ),
        click.option(
            "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="First cause of all draws."
        ),
        click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes to use."),
        click.option(
            "--set", "overrides", multiple=True, metavar="PATH=VALUE", help="Replace a value; may be repeated."
        ),
        click.option("--designs", multiple=True, metavar="A,B", help="Only these designs."),
        click.option("--baseline", metavar="DESIGN", help="Design that the others are compared with."),
        click.option(
            "--confidence", type=click.FloatRange(0.5, 1, max_open=True), help="Of the intervals, such as 0.95."
        ),
        click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("out"), show_default=True),
        click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True),
    )
    for mark in reversed(marks):
        with_request = mark(with_request)
    return with_request


def _print_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        click.echo(f"simlib {version('simlib')}")
    except PackageNotFoundError:
        click.echo("simlib, not installed (run from its source)")
    ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version."
)
def main() -> None:
    """Put the same customers and the same people into different sales organisations and see which one to choose."""


@main.command()
@scenario_options
def check(request: Request) -> None:
    """Read a scenario and say what was understood, or every fault in it with its line."""
    from simlib.org import build

    scenario = request.scenario()
    summary = _summary(scenario)
    # What the budget pays for, a log can bear, or a chart says is only known when it is laid out.
    organisations = [build(name, scenario) for name in scenario.designs]
    charts = [line for organisation in organisations for line in _chart_summary(scenario, organisation)]
    click.echo("\n".join([*summary, *charts, *_log_summary(scenario)]))


@main.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--set", "overrides", multiple=True, metavar="PATH=VALUE", help="Replace a value; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def structures(file: Path | None, overrides: tuple[str, ...], as_json: bool) -> None:
    """List the structures that a design may start from, and the axes that each one fixes.

    With FILE, print the org chart of each structure and of each of the scenario's designs, from the same budget.
    """
    from simlib.scenario.designs import DEFAULT_AXES, PRESETS

    if as_json:
        listed = [
            {"name": name, "axes": {**DEFAULT_AXES, **axes}, "fixes": list(axes)} for name, axes in PRESETS.items()
        ]
        click.echo(json.dumps({"structures": listed}, indent=1))
    elif file is not None:
        click.echo("\n\n".join(_org_charts(file, overrides)))
    else:
        width = max(map(len, PRESETS))
        for name, axes in PRESETS.items():
            fixed = ", ".join(f"{axis} {json.dumps(value)}" for axis, value in axes.items())
            click.echo(f"{name:<{width}}  {fixed}")


def _org_charts(file: Path, overrides: tuple[str, ...]) -> Iterator[str]:
    """The chart of each of a scenario's designs, then of each structure that none of them starts from."""
    from simlib.errors import DesignError
    from simlib.org import build
    from simlib.report.org_text import org_text
    from simlib.scenario import load_scenario
    from simlib.scenario.designs import PRESETS, Design

    scenario = load_scenario(file, overrides=overrides)
    started = {design.structure for design in scenario.designs.values()}
    others = [Design.model_validate({"structure": name}) for name in PRESETS if name not in started]
    wanted: list[str | Design] = [*scenario.designs, *others]
    for design in wanted:
        try:
            yield org_text(build(design, scenario), scenario.currency)
        except DesignError as error:
            yield str(error)


def _words(language: str, scenario: Scenario) -> Words:
    """The words of a language, with the scenario's currency."""
    from simlib.report.words import words

    return dataclasses.replace(words(language), currency=scenario.currency)


_TRIAL = (
    click.argument("ids", nargs=-1, metavar="[ID]..."),
    click.option("--market", type=click.Path(path_type=Path), help="A scenario of your own with the same designs."),
    click.option("--replications", type=click.IntRange(min=1), default=30, show_default=True, help="Worlds a level."),
    click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True),
    click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes to use."),
    click.option("--list", "only_list", is_flag=True, help="Only say what would be tried."),
    click.option("--json", "as_json", is_flag=True, help="As JSON."),
    click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True),
)


def trial_options(command: Callable[..., None]) -> Callable[..., None]:
    """Claims and findings are asked for alike."""
    for option in reversed(_TRIAL):
        command = option(command)
    return command


@main.command()
@trial_options
def claims(ids: tuple[str, ...], market: Path | None, **asked: Any) -> None:
    """Put on trial what the field guide says of structures (S1a, S5a, …; all, if none is named).

    Each claim is a small experiment: two designs, the same worlds, one figure, one sweep. It holds, holds only at some
    levels, does not hold, or cannot be told apart from chance.
    """
    from simlib.claims import field_guide

    _try(field_guide.named(ids), market or field_guide.FILE, **asked)


def _try(chosen: tuple[Claim, ...], market: Path, **asked: Any) -> None:
    """Put claims on trial in a market, and tell."""
    from simlib.claims.trial import put_on_trial
    from simlib.report import claims as telling
    from simlib.scenario import load_scenario

    tried, as_json = load_scenario(market), asked["as_json"]
    runs = {name: asked[name] for name in ("replications", "seed", "workers")}
    w, found = _words(asked["language"], tried), []
    if asked["only_list"]:
        click.echo(telling.listed(chosen, w))
        return
    for claim in chosen:
        found.append(put_on_trial(claim, tried, **runs))
        if not as_json:
            click.echo(telling.told(claim, found[-1], w))
    click.echo(telling.as_json(chosen, found, w) if as_json else telling.summary(found, w))


@main.command()
@trial_options
def findings(ids: tuple[str, ...], market: Path | None, **asked: Any) -> None:
    """Put on trial what has been published on pay plans, and show the published figure beside the model's."""
    from simlib.claims import field_guide, published

    _try(field_guide.named(ids, published.FINDINGS), market or published.FILE, **asked)


@main.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--vary", "axes", multiple=True, metavar="AXIS=A,B,…", help="Numbers to try on an axis; may be repeated.")
@click.option("--designs", metavar="A,B", help="Only these designs.")
@click.option("--replications", type=click.IntRange(min=1), default=20, show_default=True, help="Worlds a point.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes to use.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("out"), show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True)
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
    if designs:
        market = keep_designs(market, [name.strip() for name in designs.split(",")])
    grid, w = parsed_grid(axes), _words(language, market)
    rows = []
    for row in regime_map(market, grid, **runs):
        rows.append(row)
        click.echo(drawing.line(row, grid, w))
    click.echo(drawing.saved(rows, grid, out, w))


@main.command()
@click.argument("pair", nargs=2, metavar="DESIGN AGAINST")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--sizes", default="0.25,0.5,1,2,4", show_default=True, help="Factors of the company's size.")
@click.option("--set", "overrides", multiple=True, metavar="PATH=VALUE", help="Replace a value; may be repeated.")
@click.option("--replications", type=click.IntRange(min=2), default=30, show_default=True, help="Worlds a size.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes to use.")
@click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True)
def crossing(
    pair: tuple[str, str], file: Path | None, sizes: str, overrides: tuple[str, ...], language: str, **runs: int
) -> None:
    """Find the head-count at which two designs change places as the company grows, or that they do not.

    Without FILE, in the market of the claims. Needs, accounts, people and money grow together.
    """
    from simlib.claims import field_guide
    from simlib.claims.crossing import at_one_size
    from simlib.claims.regimes import of_size, parsed_grid
    from simlib.report import claims as telling
    from simlib.scenario import keep_designs, load_scenario, vary

    market = keep_designs(load_scenario(file or field_guide.FILE, overrides=overrides), pair)
    factors = sorted(parsed_grid([f"size={sizes}"])["size"])
    w, found = _words(language, market), []
    for factor in factors:
        found.append(at_one_size(vary(market, of_size(market, factor)), pair, **runs))
        click.echo(telling.one_size(pair, factor, found[-1], w))
    click.echo(telling.crossing(pair, found, w, seed=runs["seed"]))


@main.command()
@click.argument("before", metavar="FROM")
@click.argument("after", metavar="TO")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--waves", default="1,3", show_default=True, help="In how many waves customers pass: ways to compare.")
@click.option("--every-days", type=click.FloatRange(1), default=60.0, show_default=True, help="From wave to wave.")
@click.option("--on-day", type=click.FloatRange(0), default=0.0, show_default=True, help="Day of the window.")
@click.option("--set", "overrides", multiple=True, metavar="PATH=VALUE", help="Replace a value; may be repeated.")
@click.option("--replications", type=click.IntRange(min=2), default=20, show_default=True, help="Worlds to draw.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes to use.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("out"), show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True)
@click.option("--json", "as_json", is_flag=True, help="As JSON; writes no file.")
def transition(before: str, after: str, file: Path | None, overrides: tuple[str, ...], **asked: Any) -> None:
    """Follow the change from one design to another against staying: the dip, and the day on which it is paid back.

    Without FILE, in the market of the claims, for a year and a half. What a change costs stands in the scenario under
    mechanisms.transition.
    """
    from simlib.claims import field_guide
    from simlib.decide.transition import Ways, followed, pay_back, waves_of
    from simlib.report import transition as telling
    from simlib.report.words import words
    from simlib.scenario import load_scenario

    scenario = load_scenario(file or field_guide.FILE.with_name("transition.yaml"), overrides=overrides)
    if scenario.mechanisms.transition is None:
        click.echo(
            "mechanisms.transition is off: no project, severance, retraining or resistance is counted; what shows is "
            "new seats and customers with other sellers",
            err=True,
        )
    ways = Ways(before, after, asked["on_day"], waves_of(asked["waves"]), asked["every_days"])
    runs = {name: asked[name] for name in ("seed", "replications", "workers")}
    found = [(path, pay_back(path, seed=asked["seed"])) for path in followed(scenario, ways, **runs)]
    if asked["as_json"]:
        click.echo(telling.as_json(found, ways))
        return
    w = dataclasses.replace(words(asked["language"]), currency=scenario.currency)
    click.echo(f"{telling.told(found, ways, w)}\n\n{telling.saved(found, ways, asked['out'], w)}")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--design", help="Whose people; the baseline's if not stated.")
@click.option("--person", metavar="NAME", help="In full, such as 'rep 3'; everybody's totals if not stated.")
@click.option("--period", metavar="PERIOD", help="Only statements of 2026, 2026-Q1 or 2026-03.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--replication", type=click.IntRange(min=0), default=0, show_default=True, help="Number of the world.")
@click.option("--set", "overrides", multiple=True, metavar="PATH=VALUE", help="Replace a value; may be repeated.")
@click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def payslip(file: Path, overrides: tuple[str, ...], language: str, as_json: bool, **chosen: Any) -> None:
    """Run one world and print what people are paid, and why."""
    from simlib.report import payslip as telling
    from simlib.report.words import words
    from simlib.scenario import load_scenario

    scenario = load_scenario(file, overrides=overrides)
    _require_designs("--design", [chosen["design"]] if chosen["design"] else [], scenario)
    asked = telling.Asked(**{**chosen, "design": chosen["design"] or scenario.baseline})
    w = dataclasses.replace(words(language), currency=scenario.currency)
    found = telling.statements_asked_for(scenario, asked, w)
    click.echo(telling.as_json(found, asked, scenario) if as_json else telling.told(found, asked, w))


@main.command()
@scenario_options
@click.option(
    "--plans",
    "wanted",
    metavar="A,B",
    help="Only these plans, the first as the baseline; else all that reps are on.",
)
@click.option("--design", help="Design whose reps are paid by them; the baseline if not stated.")
@click.option(
    "--equal", type=click.Choice(["cost", "worth", "nothing"]), default="cost", show_default=True,
    help="What base pay makes equal: what a rep costs, what the pay is worth to him, or nothing.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="As JSON; writes no file.")
def plans(request: Request, wanted: str | None, design: str | None, equal: Any, as_json: bool) -> None:
    """Compare pay plans over the same organisation and worlds: contribution, pay, behaviour, cost of gaming."""
    from simlib.decide.compare import compare as compared
    from simlib.decide.compare import zone_in_window
    from simlib.decide.plans import at_equal_pay, cost_of_gaming, paid, under_plans
    from simlib.report import plans as telling

    scenario = request.scenario()
    effort = scenario.mechanisms.effort
    if effort and not effort.log_odds and not effort.pace:
        click.echo("mechanisms.effort has log_odds 0 and pace 0: effort is felt, and does nothing", err=True)
    names = [name.strip() for name in wanted.split(",")] if wanted else []
    tried = under_plans(scenario, design or scenario.baseline, names)
    tried = at_equal_pay(tried, equal, seed=request.seed, replications=request.replications, workers=request.workers)
    results = _simulated(request, tried)
    comparison = compared(
        results, baseline=tried.baseline, zone=zone_in_window(tried), confidence=tried.compare.confidence
    )
    found = telling.Laboratory(results, comparison, paid(results), cost_of_gaming(results, workers=request.workers))
    if as_json:
        click.echo(telling.as_json(found))
        return
    w = _words(request.language, tried)
    click.echo(f"{telling.told(found, w)}\n\n{telling.saved(found, request.out, w)}")


@main.command()
@scenario_options
@click.option("--ledgers", is_flag=True, help="Also write what happened in every run, table by table.")
def run(request: Request, ledgers: bool) -> None:
    """Simulate the designs, print their figures, and save them (parquet) under --out."""
    from simlib.report import tables
    from simlib.runs.batch import write_ledgers

    results = _simulated(request)
    if ledgers:
        write_ledgers(results, request.out / "ledgers")
    saved = results.save(request.out / "results")
    click.echo(tables.figures(_subject(results, request)))
    click.echo(f"\n{saved}")


@main.command()
@scenario_options
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option(
    "--tuned", is_flag=True, help="Give every design the span and authority that suit it best, found in other worlds."
)
@click.option("--equal-heads", is_flag=True, help="Give every design as many reps as the baseline, whatever it costs.")
def compare(request: Request, as_json: bool, tuned: bool, equal_heads: bool) -> None:
    """Simulate the designs in the same worlds and print the verdict on each against the baseline."""
    from simlib.decide.compare import RunFacts
    from simlib.decide.fair import at_equal_heads, at_their_best

    scenario = request.scenario()
    if equal_heads:
        scenario = at_equal_heads(scenario)
    if tuned:
        scenario = at_their_best(scenario, seed=request.seed, workers=request.workers)
    results = _simulated(request, scenario)
    subject = _subject(results, request)
    if as_json:
        facts = RunFacts(scenario.name, results.hash, results.seed, results.replications, scenario.currency)
        click.echo(json.dumps(subject.comparison.to_json(facts), ensure_ascii=False, indent=1))
        return
    _print_verdict(subject)


@main.command()
@scenario_options
@click.option(
    "--break-even-worlds", type=click.IntRange(min=0), default=4, show_default=True,
    help="Worlds for the reruns that find where the verdict flips; 0 = none.",
)  # fmt: skip
def report(request: Request, break_even_worlds: int) -> None:
    """Compare the designs and write one HTML report that opens without a network."""
    from simlib.decide.rerun import break_even_by_rerun
    from simlib.report.notebooks import write_report

    results = _simulated(request)
    subject = _subject(results, request)
    reruns = None
    if break_even_worlds:
        reruns = break_even_by_rerun(
            results, subject.comparison, worlds=break_even_worlds, workers=request.workers,
            progress=lambda path: click.echo(f"break-even: {path}", err=True),
        )  # fmt: skip
    page = write_report(
        results,
        folder=request.out,
        language=request.language,
        break_even=reruns,
        progress=lambda step: click.echo(step, err=True),
    )
    _print_verdict(subject)
    click.echo(f"\n{page}")


def _simulated(request: Request, scenario: Scenario | None = None) -> Results:
    """The results of a request; on stderr what a replayed log has to say, and a bar of the worlds done."""
    from tqdm import tqdm

    from simlib.runs import run as run_all

    scenario = scenario or request.scenario()
    for line in _log_summary(scenario):
        click.echo(line, err=True)
    with tqdm(total=request.replications, unit="world", file=sys.stderr, desc=scenario.name) as bar:
        return run_all(
            scenario, seed=request.seed, replications=request.replications, workers=request.workers, progress=bar.update
        )


def _subject(results: Results, request: Request) -> Subject:
    from simlib.report.subject import open_subject

    return open_subject(results, language=request.language)


def _print_verdict(subject: Subject) -> None:
    from simlib.report import findings, tables

    click.echo(f"{tables.verdicts(subject)}\n")
    for design in subject.others:
        click.echo(findings.verdict_sentence(subject, design))


@main.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--set", "parameters", multiple=True, metavar="KEY=VALUE", help="A yardstick's parameter; may be repeated."
)
@click.option("--replications", type=click.IntRange(min=2, max=10_000), help="Worlds to draw; 32 if not stated.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="First cause of all draws.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes to use; as many as processors if not stated.")
@click.option("--list", "list_only", is_flag=True, help="List the yardsticks and their parameters.")
@click.option("--show", is_flag=True, help="Print the scenario that a yardstick runs.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def verify(names: tuple[str, ...], parameters: tuple[str, ...], **options: Any) -> None:
    """Compare what the engine does with what theory says it must."""
    from simlib.verify import listing
    from simlib.verify.yardsticks import REPLICATIONS, YARDSTICKS, settle, yardstick

    chosen = [yardstick(name) for name in names or YARDSTICKS]
    as_json, replications = options["as_json"], options["replications"] or REPLICATIONS
    if options["list_only"]:
        entries = [listing.listed(each) for each in chosen]
        click.echo(json.dumps(entries, indent=1) if as_json else "\n".join(map(listing.described, entries)))
        return
    stated = listing.read_parameters(parameters)
    settled = [(each, settle(each, stated, replications=replications)) for each in chosen]
    shown = [listing.shown(each, values) for each, values in settled]
    if options["show"]:
        click.echo("---\n".join(shown), nl=False)
        return
    found = []
    if not as_json:
        click.echo(listing.heading())
    for each, values in settled:
        checks = _checks(each, values, replications, options["seed"], options["workers"] or os.cpu_count() or 1)
        found += checks
        if not as_json:
            click.echo("\n".join(map(listing.line, checks)))
    if as_json:
        click.echo(json.dumps([listing.record(check) for check in found], indent=1))
    click.get_current_context().exit(listing.exit_code(found))


def _checks(
    yardstick: Yardstick | Rule, parameters: Parameters, replications: int, seed: int, workers: int
) -> list[Check]:
    """The checks of one yardstick, with a progress bar."""
    from tqdm import tqdm

    from simlib.verify.yardsticks import checks, replicate

    rows = replicate(yardstick.name, parameters, seed=seed, replications=replications, workers=workers)
    with tqdm(rows, total=replications, unit="world", file=sys.stderr, desc=yardstick.name, leave=False) as bar:
        return checks(yardstick, parameters, list(bar))


def _summary(scenario: Scenario) -> list[str]:
    import datetime as dt

    from simlib.scenario.digest import scenario_hash
    from simlib.scenario.schema import Synthetic
    from simlib.world.cells import first_day

    calendar, demand = scenario.calendar, scenario.demand
    first = first_day(scenario) + dt.timedelta(days=calendar.warm_up_days)
    window = f"{first} to {first + dt.timedelta(days=calendar.horizon_days)}"
    if isinstance(demand, Synthetic):
        a_week = sum(cell.needs_per_week for cell in demand.cells)
        source = f"synthetic, {a_week:g} needs a week in {len(demand.cells)} cells"
    else:
        source = f"replayed from {demand.export}"
    switches = {name: getattr(scenario.mechanisms, name) is not None for name in type(scenario.mechanisms).model_fields}
    grades = [evidence.grade for evidence in scenario.evidence.values()]
    return [
        f"{scenario.name}: {scenario.title}" if scenario.title else scenario.name,
        f"  window      {window} ({calendar.horizon_days:g} days; warm-up {calendar.warm_up_days:g} days)",
        f"  demand      {source}, {demand.inbound_share:.0%} inbound",
        f"  people      {_people(scenario)}",
        f"  on          {', '.join(name for name, on in switches.items() if on) or 'no mechanism'}",
        f"  off         {', '.join(name for name, on in switches.items() if not on) or 'no mechanism'}",
        *(
            f"  design      {name} ({_kind(design)}{', baseline' if name == scenario.baseline else ''})"
            for name, design in scenario.designs.items()
        ),
        f"  evidence    {', '.join(f'{grades.count(g)} {g}' for g in ('data', 'literature', 'expert', 'guess'))}",
        f"  hash        {scenario_hash(scenario)}",
    ]


def _kind(design: Design) -> str:
    """How a design is laid out, in a word or two."""
    return design.structure or (f"chart {design.chart}" if design.chart else f"{len(design.positions)} positions")


def _people(scenario: Scenario) -> str:
    baseline = scenario.designs[scenario.baseline]
    return (
        f"{scenario.people.rep.count} reps in the baseline" if baseline.structure else "those of the baseline's chart"
    )


def _chart_summary(scenario: Scenario, organisation: Organisation) -> list[str]:
    """What was read of a company's own chart: its people, what they cost beside the budget, and notes."""
    from collections import Counter

    from simlib.org.chart import chart_of
    from simlib.units import minor_units

    design = scenario.designs[organisation.name]
    if design.structure:
        return []
    minor = minor_units(scenario.currency)
    idle = [name for name in organisation.axes.pools or {} if name not in (scenario.organisation.pools or {})]
    roles = Counter(position.role for position in organisation.positions)
    over = (organisation.payroll_per_year - organisation.budget_per_year) / minor
    beside = f"{abs(over):,.0f} {'more' if over > 0 else 'less'} than" if over else "exactly"
    return [
        f"  chart       {organisation.name}: {', '.join(f'{count} {role}' for role, count in roles.items())}",
        f"  payroll     {organisation.name}: {organisation.payroll_per_year / minor:,.0f} {scenario.currency} a year, "
        f"{beside} the people budget",
        *(f"  note        {note}" for note in chart_of(organisation.name, design, scenario).notes),
        *(f"  note        the pool {name!r} does nothing: organisation.pools does not say what" for name in idle),
    ]


def _log_summary(scenario: Scenario) -> list[str]:
    """What was read of a replayed log: rows, what was set aside, faults and notes (in English, as all on a console)."""
    from simlib.org.structures import replay_notes
    from simlib.world.cells import export_of

    export = export_of(scenario)
    if export is None:
        return []
    from simlib.report.notes import counts, said
    from simlib.report.words import words

    w = words("en")
    return [
        f"  log         {export.rows:,} rows, {len(export.leads):,} replayed, {export.first_day} to {export.last_day}",
        f"  set aside   {'; '.join(counts(w, export.set_aside)) or 'none'}",
        *(f"  row fault   {fault}" for fault in export.faults[:5]),
        *(f"  note        {said(w, note)}" for note in replay_notes(scenario)),
    ]


def _complaint(error: Exception) -> str:
    lines = str(error).splitlines()
    rest = len(lines) - MOST_COMPLAINTS
    return "\n".join([*lines[:MOST_COMPLAINTS], *([f"… and {rest:,} more"] if rest > 0 else [])])


def _never_fail_on_a_character() -> None:
    """A terminal that cannot show 中文 shows an escape, and the command goes on."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
