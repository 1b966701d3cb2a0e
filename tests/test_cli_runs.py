"""What a user types and sees: `run`, `compare` and `report` on a small scenario."""

import json

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from simlib.cli import main
from simlib.runs import Results
from simlib.scenario.vary import plain
from tests.worlds import small

KEYS = {"scenario", "hash", "seed", "replications", "confidence", "currency", "zone", "figures", "differences"}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """A scenario of three designs as a file (JSON is YAML)."""
    from simlib.scenario import keep_designs

    path = tmp_path_factory.mktemp("cli") / "tiny.yaml"
    scenario = keep_designs(small(), ["pyramid", "product_line", "pooled"])
    path.write_text(json.dumps(plain(scenario), default=str, ensure_ascii=False), encoding="utf-8")
    return path


def call(*words: object) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command."""
    result = CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def test_compare_prints_the_contracts_object(file):
    """Its keys, one figure row per design and figure, one difference per other design; nothing but JSON on stdout."""
    code, out, _ = call("compare", file, "--replications", 2, "--seed", 0, "--json")
    found = json.loads(out)
    assert code == 0
    assert set(found) == KEYS
    assert (found["seed"], found["replications"], found["currency"]) == (0, 2, "CNY")
    assert {row["design"] for row in found["figures"]} == {"pyramid", "product_line", "pooled"}
    judged = [row for row in found["differences"] if row["metric"] == "contribution"]
    assert [(row["design"], row["baseline"], row["verdict"]) for row in judged] == [
        (name, "pyramid", "not yet known") for name in ("product_line", "pooled")
    ]


def test_compare_says_the_verdict_in_words_and_progress_apart(file):
    """A table and a sentence per design on stdout, the bar on stderr, in either language."""
    code, out, err = call("compare", file, "--replications", 2, "--designs", "pooled,pyramid", "--baseline", "pooled")
    assert code == 0
    assert "not yet known" in out
    assert "a verdict takes at least 20" in out
    assert "world" in err
    assert "world/s" not in out
    assert "至少需要 20 个才能下结论" in call("compare", file, "--replications", 2, "--language", "zh")[1]


def test_the_same_seed_prints_the_same_and_another_differs(file):
    """To the byte, for one worker or two."""
    first = call("compare", file, "--replications", 2, "--seed", 3, "--json")[1]
    assert first == call("compare", file, "--replications", 2, "--seed", 3, "--json", "--workers", 2)[1]
    assert first != call("compare", file, "--replications", 2, "--seed", 4, "--json")[1]


def test_run_saves_what_it_prints(file, tmp_path):
    """Figures on stdout, parquet in the folder, ledgers if asked for."""
    code, out, _ = call("run", file, "--replications", 1, "--out", tmp_path, "--ledgers")
    assert code == 0
    assert "contribution" in out
    saved = Results.load(tmp_path / "results")
    assert len(saved.figures) > 100
    assert (tmp_path / "ledgers" / "0-pyramid" / "0" / "leads.parquet").is_file()


def test_equal_heads_and_tuned_are_other_comparisons(file, monkeypatch):
    """Every design with the baseline's nine reps; every design at its best."""
    import simlib.decide.fair as fair

    monkeypatch.setattr(fair, "TUNING_WORLDS", 1)
    monkeypatch.setattr(fair, "SPANS", (9,))
    found = json.loads(call("compare", file, "--replications", 1, "--equal-heads", "--json")[1])
    assert {row["mean"] for row in found["figures"] if row["metric"] == "reps"} == {9.0}
    assert call("compare", file, "--replications", 1, "--tuned")[0] == 0


@pytest.mark.parametrize(("command", "words"), [("run", []), ("compare", ["--json", "--language", "zh"])])
def test_an_excel_file_is_written_beside_what_is_printed(file, tmp_path, command, words):
    """Its path goes to stderr, so that JSON on stdout stays JSON; the figures in it are those of the run."""
    book = tmp_path / "new" / "book.xlsx"
    code, out, err = call(command, file, "--replications", 2, "--out", tmp_path, "--xlsx", book, *words)
    assert code == 0
    assert err.splitlines()[-1] == str(book)
    sheets = load_workbook(book).worksheets
    assert len(sheets) == 7
    if command == "compare":
        shown = next(row for row in json.loads(out)["figures"] if row["metric"] == "contribution")
        row = next(row for row in sheets[1].iter_rows(values_only=True) if row[8] == "contribution")
        assert row[3:6] == pytest.approx((shown["mean"], shown["low"], shown["high"]))


def test_an_excel_file_that_cannot_be_written_is_told_before_the_run(file, tmp_path):
    """Nothing is simulated, nothing is left behind."""
    code, out, err = call("compare", file, "--xlsx", tmp_path / "book.ods")
    assert (code, out) == (2, "")
    assert err.startswith("--xlsx: got ")
    assert "world" not in err


@pytest.mark.parametrize("command", ["run", "compare"])
def test_a_replay_says_on_stderr_what_was_drawn(root, tmp_path, command):
    """The template of a CRM scenario runs as it is shipped; its notes do not mix with the results."""
    words = ("--replications", 1, "--designs", "today,pooled", "--out", tmp_path)
    code, out, err = call(command, root / "scenarios" / "my_crm.yaml", *words)
    assert code == 0
    assert "52 of 1,043 leads have no amount" in err
    assert "52 of 1,043" not in out
    assert "one world: no interval" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--designs", "pyramidd"], "did you mean 'pyramid'"),
        (["--baseline", "nobody"], "--baseline: got 'nobody', must be one of pyramid, product_line, pooled"),
        (["--set", "designs.pooled.span=0"], "must be at least 1"),
        (["--set", "costs.people_per_year=5"], "does not pay for one rep"),
        (["--set", "costs.rep_per_year=0", "--set", "costs.people_per_year=1"], "must be above 0"),
    ],
    ids=str,
)
def test_what_cannot_be_run_ends_with_2_and_the_way_out(file, words, said):
    """One clear line on stderr, nothing on stdout, no traceback."""
    code, out, err = call("compare", file, "--replications", 1, *words)
    assert code == 2
    assert said in err
    assert not out
    assert "Traceback" not in err


@pytest.mark.slow
def test_report_writes_one_page(file, tmp_path):
    """Its path is the last line; the page holds the verdict and the scenario's hash."""
    code, out, _ = call("report", file, "--replications", 2, "--out", tmp_path, "--break-even-worlds", 1)
    assert code == 0
    page = tmp_path / "report-en.html"
    assert out.strip().endswith(str(page))
    text = page.read_text(encoding="utf-8")
    assert Results.load(tmp_path / "results").hash[:16] in text


def test_check_says_which_channels_are_open_where(root):
    """Those of the shipped scenario, and that nobody chooses where customers do not."""
    check = ["check", str(root / "scenarios" / "channels.yaml")]
    said = CliRunner().invoke(main, check).stdout
    assert "channel     site: with_both, with_cheap_site, with_both_by_product, with_both_8_reps" in said
    assert "12 dealers; customers pay 0.98 of the list price, the firm keeps 0.15 of it" in said
    assert "buying is off" not in said
    off = CliRunner().invoke(main, [*check, "--set", "mechanisms.buying=off"]).stdout
    assert "buying is off: every customer comes to the first channel" in off


def test_check_says_the_terms_of_a_design_and_who_has_no_channel(root):
    """Prices, outlets and margins as the design has them; reps whom no customer can come to."""
    design = "designs.with_both.terms={site: {price: 0.8}, dealers: {outlets: 1}}"
    check = ["check", str(root / "scenarios" / "channels.yaml"), "--set"]
    said = CliRunner().invoke(main, [*check, design]).stdout
    assert "terms       dealers in with_both:\n              3 dealers; customers pay 0.98" in said
    assert "terms       site in with_both:\n              one site of the firm; customers pay 0.80" in said
    assert "terms       site in with_both_8_reps" not in said
    idle = CliRunner().invoke(main, [*check, "designs.with_both.channels=[site]"]).stdout
    assert "designs.with_both: 12 reps, but no open channel is `pursued`" in idle
    assert "pursued" not in said
