"""The project's own files: that they agree with each other, and that a clone works anywhere."""

import ast
import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

CONDA_NAMES = {"duckdb": "python-duckdb", "typst": "typst-py"}
"""Where conda-forge calls a package otherwise."""

COMPANIONS = {"pydantic": "pydantic-core"}
"""A second package whose exact version the first one fixes, and whose names its documentation tells to import."""

HEAVY = {
    *("IPython", "altair", "distributed", "duckdb", "ipykernel", "joblib", "jupyterlab", "nbconvert"),
    *("openpyxl", "pandas", "papermill", "scipy.stats", "typst", "vl_convert"),
}
"""Modules that cost tenths of a second, or that only the reports need: loaded by the function that uses them."""


def declared() -> dict[str, SpecifierSet]:
    """Every package that pyproject.toml names for running and developing, with its range."""
    texts = [*PYPROJECT["project"]["dependencies"], *PYPROJECT["dependency-groups"]["dev"]]
    requirements = [Requirement(text) for text in texts]
    return {canonicalize_name(requirement.name): requirement.specifier for requirement in requirements}


def in_conda(environment: dict[str, Any]) -> dict[str, SpecifierSet]:
    """Every package that environment.yml takes from conda, with its range."""
    lines = [line for line in environment["dependencies"] if isinstance(line, str)]
    requirements = [Requirement(line) for line in lines]
    return {canonicalize_name(requirement.name): requirement.specifier for requirement in requirements}


def locked() -> dict[str, str]:
    """Package → version in requirements.lock."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9][a-z0-9.-]*)==(\S+)", text, flags=re.MULTILINE))


def project_files() -> list[Path]:
    """The files of the project: those that git has, or would take."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("needs a git clone, to tell the project's files from what was made beside them")
    command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def text_of(path: Path) -> str:
    """The file's text; empty if it is binary."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def modules_loaded(statement: str) -> set[str]:
    """The modules that a fresh Python has after the statement."""
    code = f"import sys; {statement}; print(*sys.modules)"
    command = [sys.executable, "-W", "ignore", "-c", code]
    return set(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split())


def third_party_imports(path: Path) -> Iterator[str]:
    """The first part of every module that the file imports, wherever in it, save the standard library and simlib."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        tops = {name.partition(".")[0] for name in names}
        yield from tops - sys.stdlib_module_names - {"simlib"}


def test_conda_environment_is_that_of_pyproject() -> None:
    """conda users get the packages and ranges that pip users get, since environment.yml is written by hand."""
    environment = YAML(typ="safe").load(ROOT / "environment.yml")
    wanted = {canonicalize_name(CONDA_NAMES.get(name, name)): specifier for name, specifier in declared().items()}
    wanted["python"] = SpecifierSet(PYPROJECT["project"]["requires-python"])
    wanted["pip"] = SpecifierSet()
    assert in_conda(environment) == wanted
    assert environment["dependencies"][-1] == {"pip": ["-e ."]}
    assert environment["channels"] == ["conda-forge", "nodefaults"]


def test_lock_has_every_declared_package_in_its_range() -> None:
    """A dependency changed in pyproject.toml without `make lock` would be missed by every fresh set-up."""
    versions = locked()
    outside = {
        name: (versions.get(name), str(specifier))
        for name, specifier in declared().items()
        if name not in versions or not specifier.contains(versions[name], prereleases=True)
    }
    assert outside == {}


def test_lock_can_be_used_anywhere() -> None:
    """Every package is pinned by hash, and no address says where it was fetched: mirrors serve the same bytes."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(locked())
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"^-.*|\S*(?:://|file:|@ )\S*", text, flags=re.MULTILINE) == []


def test_simlib_imports_only_what_it_declares() -> None:
    """What comes along with another package today may be gone in its next version."""
    distributions = importlib.metadata.packages_distributions()
    project = PYPROJECT["project"]
    texts = [*project["dependencies"], *(text for extra in project["optional-dependencies"].values() for text in extra)]
    stated = {canonicalize_name(Requirement(text).name) for text in texts}
    allowed = stated | {canonicalize_name(other) for name, other in COMPANIONS.items() if name in stated}
    undeclared = {
        f"{path.relative_to(ROOT)}: {module}"
        for path in (ROOT / "simlib").rglob("*.py")
        for module in third_party_imports(path)
        if not allowed & {canonicalize_name(name) for name in distributions.get(module, [module])}
    }
    assert undeclared == set()


def test_files_name_no_private_folder() -> None:
    """A path into somebody's home, or to where this checkout happens to lie, works on one machine only."""
    home = re.compile(r"(?<![\w.~])(?:/(?:home|Users|root)/\w[\w.-]*|[A-Z]:\\Users\\\w+)")
    found = {
        f"{path.relative_to(ROOT)}: {match}"
        for path in project_files()
        for text in [text_of(path)]
        for match in [*home.findall(text), *([str(ROOT)] if f"{ROOT}/" in text else [])]
    }
    assert found == set()


def test_links_in_the_documents_lead_somewhere() -> None:
    """A relative link in a Markdown file names a file or folder of the project."""
    link = re.compile(r"\]\((?!\w+:|#)([^)#\s]+)")
    dead = {
        f"{path.relative_to(ROOT)}: {target}"
        for path in project_files()
        if path.suffix == ".md"
        for target in link.findall(path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    }
    assert dead == set()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebook_is_stored_without_outputs(path: Path) -> None:
    """Outputs make every difference unreadable and can carry a user's figures; `make strip` takes them out."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    run = [number for number, cell in enumerate(cells) if cell.get("outputs") or cell.get("execution_count")]
    assert run == []


@pytest.mark.parametrize("statement", ["import simlib", "import simlib.cli"])
def test_start_up_loads_nothing_heavy(statement: str) -> None:
    """`import simlib` and `simlib --help` answer at once: charts, notebooks and statistics are loaded when used."""
    assert modules_loaded(statement) & HEAVY == set()


def test_module_and_script_are_the_same_command() -> None:
    """`python -m simlib` works where the script is not on the path, and says the version of pyproject.toml."""
    command = [sys.executable, "-m", "simlib", "--version"]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert PYPROJECT["project"]["version"] in said
    assert PYPROJECT["project"]["scripts"] == {"simlib": "simlib.cli:main"}
