"""The command line: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simlib import cli
from simlib.cli import group
from simlib.report import summary
from simlib.scenario import load_scenario, scenario_hash
from simlib.scenario.designs import DEFAULT_AXES, PRESETS

SMALL = """\
title: One region, two designs
demand: {cells: [{needs_per_week: 5, value: {median: 1000}}]}
mechanisms: {focus: {exponent: 0.1}}
stages: [{name: contact, effort_hours: 1}]
costs: {rep_per_year: 1000}
designs: {tall: {structure: pyramid}, 扁平: {structure: flat, span: 9}}
evidence: {mechanisms.focus.exponent: {source: a guess, grade: guess}}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A valid scenario file."""
    path = tmp_path / "one.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def simlib(*arguments: object) -> Result:
    """Runs a command in this process."""
    return CliRunner().invoke(cli.main, [str(argument) for argument in arguments])


def test_check_says_what_was_read(file: Path) -> None:
    """Designs, window, mechanisms on and off, evidence by grade, and the hash that every result will carry."""
    result = simlib("check", file)
    assert result.exit_code == 0, result.stderr
    assert "one: One region, two designs" in result.stdout
    assert "tall (pyramid, baseline)" in result.stdout
    assert "扁平 (flat)" in result.stdout
    assert "on          queueing, focus\n" in result.stdout
    assert "0 data, 0 literature, 0 expert, 1 guess" in result.stdout
    assert scenario_hash(load_scenario(file)) in result.stdout
    assert result.stderr == ""


def test_check_says_what_was_read_of_a_chart(file: Path) -> None:
    """Who is in it, what they cost beside the budget, columns that were not used, and a pool that does nothing."""
    chart = file.parent / "ours.csv"
    chart.write_text("name,role,base_salary,phone\nLi,rep,5000,1\nXu,support,,2\n", encoding="utf-8")
    file.write_text(SMALL.replace("designs: {", "designs: {ours: {chart: ours.csv}, "), encoding="utf-8")
    said = simlib("check", file, "--baseline", "tall").stdout
    assert f"  design      ours (chart {chart})\n" in said
    assert "  chart       ours: 1 rep, 1 support\n" in said
    assert "  payroll     ours: 6,000 CNY a year, 9,760 less than the people budget\n" in said
    assert "  note        ours.csv: columns not used: phone\n" in said
    assert "the pool 'support' does nothing" in said
    assert "those of the baseline's chart" in simlib("check", file).stdout
    assert "6,000 CNY a year, exactly the people budget" in simlib("check", file).stdout


PAID = """\
plans: {field: {quota: {amount: 30}}, spare: {}}
organisation: {pay: {rep: field}}
"""


def test_doubts_are_noted_and_the_run_goes_on(file: Path) -> None:
    """`check` among its notes, `run` on stderr; a plan that only designs left out may use is not mentioned."""
    file.write_text(SMALL + PAID, encoding="utf-8")
    doubt = (
        "  note        plans.field.quota.amount: got 30, less than what one deal of the smallest median brings (1,000)"
    )
    spare = "  note        plans.spare: no design uses it"
    said = simlib("check", file)
    assert said.exit_code == 0
    assert doubt in said.stdout
    assert spare in said.stdout
    assert spare not in simlib("check", file, "--designs", "tall").stdout
    short = ["--set", "calendar.horizon_days=7", "--set", "calendar.drain_days=1", "--replications", 1]
    said = simlib("compare", file, *short)
    assert said.exit_code == 0, said.stderr
    assert doubt in said.stderr
    assert spare in said.stderr
    assert "note" not in said.stdout


def test_a_fault_of_a_chart_is_told_with_its_row(file: Path) -> None:
    """Only the lay-out meets it; the command ends as on any bad input."""
    (file.parent / "ours.csv").write_text("姓名,职位,汇报对象\n李伟,销售代表,王总\n", encoding="gb18030")
    file.write_text(SMALL.replace("designs: {", "designs: {ours: {chart: ours.csv}, "), encoding="utf-8")
    result = simlib("check", file)
    assert result.exit_code == 2
    assert result.stderr == "ours.csv:2:汇报对象: got '王总', must be a name of this chart\n"


def test_check_finds_a_budget_that_pays_for_nobody(file: Path) -> None:
    """What would stop the comparison stops the check."""
    result = simlib("check", file, "--set", "costs.people_per_year=10", "--set", "costs.rep_per_year=1000")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "does not pay for one rep" in result.stderr


def test_bad_input_is_told_on_stderr(file: Path) -> None:
    """Every fault on a line of its own, nothing on stdout, exit code 2."""
    result = simlib("check", file, "--set", "designs.tall.spam=3", "--set", "costs.margin=2")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "--set costs.margin=2: costs.margin: got 2, must be at most 1",
        "--set designs.tall.spam=3: designs.tall.spam: got the unknown name 'spam', must be a known one "
        "(did you mean 'span'?)",
    ]


@pytest.mark.parametrize("option", ["--designs", "--baseline"])
def test_an_unknown_design_is_told_at_its_option(option: str, file: Path) -> None:
    """The user typed an option, not a path of the scenario."""
    result = simlib("check", file, option, "tal")
    assert result.stderr == f"{option}: got 'tal', must be one of tall, 扁平 (did you mean 'tall'?)\n"


def test_check_says_what_of_a_log_does_not_suit(root: Path) -> None:
    """A window and a currency that are not the log's, what was set aside and what will be drawn, with their numbers."""
    template = root / "scenarios" / "my_crm.yaml"
    plain = simlib("check", template).stdout
    assert "window      2011-10-08 to 2011-11-19 (42 days" in plain
    assert "set aside   automatic refusals: 360" in plain
    assert "52 of 1,043 leads have no amount" in plain
    assert "nothing can arrive" not in plain
    amiss = simlib("check", template, "--set", "calendar.horizon_days=70", "--set", "currency=USD").stdout
    assert "the window asks for needs from October 8, 2011 to December 16, 2011: in 16 of its 70 days" in amiss
    assert "The log's amounts are in EUR, the scenario's costs in USD" in amiss


def test_long_complaints_are_cut(file: Path) -> None:
    """A terminal's height of faults is enough to begin with."""
    file.write_text(SMALL + "".join(f"zz{i}: 1\n" for i in range(60)), encoding="utf-8")
    lines = simlib("check", file).stderr.splitlines()
    assert len(lines) == group.MOST_COMPLAINTS + 1
    assert lines[-1] == "… and 20 more"


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["check", "nowhere.yaml"],
        ["check", "FILE", "--seed", "x"],
        ["check", "FILE", "--seed", "-1"],
        ["check", "FILE", "--replications", "0"],
        ["check", "FILE", "--confidence", "1"],
        ["check", "FILE", "--language", "fr"],
        ["check", "FILE", "--designs", "nobody"],
        ["check", "FILE", "--baseline", "nobody"],
        ["chek"],
    ],
)
def test_wrong_use_is_bad_input(arguments: list[str], file: Path) -> None:
    """Exit code 2, and stderr says why."""
    result = simlib(*[str(file) if argument == "FILE" else argument for argument in arguments])
    assert result.exit_code == 2
    assert result.stderr
    assert result.stdout == ""


def test_shared_options_change_the_scenario(file: Path) -> None:
    """Designs (by comma or repeated), baseline and confidence are part of what is run, so of its hash."""
    plain = simlib("check", file).stdout
    chosen = simlib("check", file, "--designs", "扁平,tall", "--baseline", "扁平", "--confidence", "0.9").stdout
    assert "扁平 (flat, baseline)" in chosen
    assert chosen.splitlines()[-1] != plain.splitlines()[-1]
    assert "tall" not in simlib("check", file, "--designs", "扁平").stdout
    assert simlib("check", file, "--seed", "0", "--language", "zh", "--workers", "2").exit_code == 0


def test_structures_as_json() -> None:
    """Every preset with all its axes, and which of them it fixes."""
    listed = json.loads(simlib("structures", "--json").stdout)["structures"]
    assert [structure["name"] for structure in listed] == list(PRESETS)
    for structure in listed:
        assert set(structure["axes"]) == set(DEFAULT_AXES)
        assert {name: structure["axes"][name] for name in structure["fixes"]} == PRESETS[structure["name"]]


def test_structures_for_people() -> None:
    """One line a structure."""
    assert [line.split()[0] for line in simlib("structures").stdout.splitlines()] == list(PRESETS)


def test_commands_of_the_contract() -> None:
    """Others call these by name."""
    assert set(cli.main.commands) == {
        *("check", "run", "compare", "report", "structures", "verify"),
        *("claims", "crossing", "regimes", "transition", "findings", "cases", "plans", "payslip"),
        *("new", "schema", "lab", "batch", "workshop", "handout"),
    }
    assert simlib("--version").stdout.startswith("simlib")


def test_an_override_without_a_file_is_not_swallowed() -> None:
    """The list of structures has no scenario that it could change."""
    result = simlib("structures", "--set", "designs.flat.span=3")
    assert result.exit_code == 2
    assert "--set changes a scenario: state its FILE" in result.stderr


@pytest.mark.parametrize(
    "command",
    [["run", "FILE"], ["run", "FILE", "--ledgers"], ["report", "FILE"], ["plans", "FILE"], ["regimes", "FILE"],
     ["transition", "tall", "扁平", "FILE"]],
)  # fmt: skip
def test_a_folder_that_cannot_be_made_is_told_before_the_run(command: list[str], file: Path) -> None:
    """A file stands where a folder is needed: the option, the reason and the way out, and no world was drawn."""
    (file.parent / "taken").write_text("", encoding="utf-8")
    out = file.parent / "taken" / "out"
    result = simlib(*[file if part == "FILE" else part for part in command], "--out", out)
    assert result.exit_code == 2
    rule = "which cannot be written (Not a directory), must be a folder, or the name of a new one"
    assert result.stderr == f"--out: got {str(out)!r}, {rule}\n"


def test_a_place_below_the_folder_that_cannot_be_written_is_told_before_the_run(file: Path) -> None:
    """A file called `results` stands where `run` makes a folder."""
    (file.parent / "results").write_text("", encoding="utf-8")
    result = simlib("run", file, "--out", file.parent)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"--out: got {str(file.parent / 'results')!r}, which cannot be written")
    assert len(result.stderr.splitlines()) == 1


def test_json_writes_no_file_and_needs_no_folder(file: Path) -> None:
    """The folder is not even made."""
    short = ["--set", "calendar.horizon_days=7", "--set", "calendar.drain_days=1", "--replications", 2]
    out = file.parent / "out"
    assert simlib("transition", "tall", "扁平", file, *short, "--json", "--waves", "1", "--out", out).exit_code == 0
    assert not out.exists()


def test_a_place_that_cannot_be_read_is_one_line(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the system refuses: its name and the way out, no traceback."""

    def refused(*_: object) -> list[str]:
        raise PermissionError(13, "Permission denied", "somewhere")

    monkeypatch.setattr(summary, "summary", refused)
    place = "somewhere: got a place that cannot be read or written (Permission denied), must be another one"
    assert simlib("check", file).stderr.startswith(place)
    assert simlib("check", file, "--language", "zh").stderr.startswith("somewhere: 此处无法读取或写入（没有权限）")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["crossing", "tall", "扁平", "FILE", "--sizes", "x"], "--sizes: got 'x', must be numbers parted by commas"),
        (["crossing", "tall", "扁平", "FILE", "--sizes", "1,0"], "--sizes: got 0, must be from 0.01 to 100"),
        (["crossing", "tal", "扁平", "FILE"], "DESIGN: got 'tal', must be one of tall, 扁平 (did you mean 'tall'?)"),
        (["crossing", "tall", "wide", "FILE"], "AGAINST: got 'wide', must be one of tall, 扁平"),
        (["crossing", "tall", "tall", "FILE"], "AGAINST: got 'tall', must be another design than DESIGN"),
        (["transition", "tal", "扁平", "FILE"], "FROM: got 'tal', must be one of tall, 扁平 (did you mean 'tall'?)"),
        (["transition", "tall", "wide", "FILE"], "TO: got 'wide', must be one of tall, 扁平"),
        (["transition", "tall", "tall", "FILE"], "TO: got 'tall', must be another design than FROM"),
        (
            ["transition", "tall", "扁平", "FILE", "--waves", "0"],
            "--waves: got '0', must be whole numbers from 1 to 24",
        ),
        (["transition", "tall", "扁平", "FILE", "--on-day", "9999"], "--waves 1: got a last wave on day 9999 of the"),
        (["regimes", "FILE", "--designs", "tal"], "--designs: got 'tal', must be one of tall, 扁平"),
    ],
)
def test_a_wrong_argument_is_told_at_its_place(
    arguments: list[str], complaint: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was typed is named as it was typed, not by what it becomes inside."""
    monkeypatch.chdir(file.parent)
    result = simlib(*[file if part == "FILE" else part for part in arguments])
    assert result.exit_code == 2
    assert any(line.startswith(complaint) for line in result.stderr.splitlines())


def test_schema_is_printed_or_written(tmp_path: Path, root: Path) -> None:
    """The same text on stdout and in a file, that of the committed one; a file that cannot be is bad input."""
    file = tmp_path / "deeper" / "scenario.schema.json"
    printed, written = simlib("schema"), simlib("schema", "--out", file)
    assert written.stdout == f"{file}\n"
    committed = (root / "scenarios" / "scenario.schema.json").read_text(encoding="utf-8")
    assert printed.stdout == file.read_text(encoding="utf-8") == committed
    wrong = simlib("schema", "--out", file / "below.json")
    assert wrong.exit_code == 2
    assert "which cannot be written" in wrong.stderr


def test_interrupt_is_one_line(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends a command with the shell's code for it."""

    def interrupted(*_: object) -> list[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(summary, "summary", interrupted)
    result = simlib("check", file)
    assert (result.exit_code, result.stderr) == (130, "interrupted\n")


def test_unexpected_errors_are_not_hidden(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of the program must be seen as one."""

    def broken(*_: object) -> list[str]:
        raise ZeroDivisionError

    monkeypatch.setattr(summary, "summary", broken)
    assert isinstance(simlib("check", file).exception, ZeroDivisionError)


def test_start_is_light_and_a_closed_pipe_is_quiet() -> None:
    """The command line itself loads nothing heavy; a reader that went away gets no traceback."""
    program = (
        "import sys, simlib.cli\n"
        "heavy = {'pydantic', 'ruamel', 'numpy', 'pandas', 'scipy', 'altair', 'simpy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "simlib.cli.main(['structures', '--json'])\n"
    )
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run([sys.executable, "-c", program], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert ended.stderr.decode() == ""
    assert ended.returncode == group.EXIT_PIPE_CLOSED
