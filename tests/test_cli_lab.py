"""`simlib lab`: JupyterLab is opened on the notebooks, or it is said how to get it."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from simlib.cli import main

LAB = [sys.executable, "-m", "simlib", "lab"]
SECONDS = 90
"""For JupyterLab to answer, on a busy machine."""


def test_without_jupyterlab_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line, exit 2: what to install, into which Python."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    result = CliRunner().invoke(main, ["lab"])
    assert result.exit_code == 2
    assert result.stderr.startswith("lab: got no JupyterLab in this Python, must be installed: ")
    assert f"{sys.executable} -m pip install jupyterlab" in result.stderr


def test_options_and_exit_code_pass_through(tmp_path: Path, root: Path) -> None:
    """A stand-in for JupyterLab is started on the notebooks with the options given, sees this simlib, and its exit code
    is the command's."""
    stand_in = tmp_path / "jupyterlab"
    stand_in.mkdir()
    (stand_in / "__init__.py").write_text("", encoding="utf-8")
    told = "import json, os, sys; print(json.dumps([sys.argv[1:], os.environ['PYTHONPATH']])); sys.exit(7)"
    (stand_in / "__main__.py").write_text(told, encoding="utf-8")
    search = os.pathsep.join([str(tmp_path), str(root)])
    command = [*LAB, "--no-browser", "--port=8899"]
    ended = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": search}, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 7
    arguments, path = json.loads(ended.stdout)
    assert arguments == [f"--ServerApp.root_dir={root / 'notebooks'}", "--no-browser", "--port=8899"]
    assert path.split(os.pathsep)[0] == str(root)


@pytest.mark.slow
def test_jupyterlab_serves_the_notebooks(tmp_path: Path, root: Path) -> None:
    """The real one: its contents are those of notebooks/; Ctrl-C, said twice if it asks, ends it and `simlib lab`."""
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0", "--IdentityProvider.token=secret"]
    surroundings = {**os.environ, "PYTHONPATH": str(root), "JUPYTER_RUNTIME_DIR": str(tmp_path)}
    with subprocess.Popen(
        [*LAB, *options],
        env=surroundings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as server:
        try:
            names = notebooks_served(tmp_path)
            assert {path.name for path in (root / "notebooks").glob("*.ipynb")} <= names
            assert ended_by_hand(server) == 0
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGKILL)


def ended_by_hand(server: subprocess.Popen[bytes]) -> int:
    """How it ends when Ctrl-C is said, and once more if it asks whether that was meant."""
    for seconds in (3, SECONDS):
        os.killpg(server.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            return server.wait(seconds)
    raise AssertionError("it did not end")


def notebooks_served(runtime: Path) -> set[str]:
    """What the server whose facts stand in a folder has to show, once it answers."""
    last = time.monotonic() + SECONDS
    while time.monotonic() < last:
        for facts in runtime.glob("jpserver-*.json"):
            try:
                address = json.loads(facts.read_text(encoding="utf-8"))["url"]
                with urllib.request.urlopen(f"{address}api/contents?token=secret", timeout=5) as answer:
                    return {item["name"] for item in json.load(answer)["content"]}
            except (urllib.error.URLError, ValueError):
                pass  # not written to its end, or not yet listening
        time.sleep(0.2)
    raise AssertionError(f"JupyterLab did not answer within {SECONDS} seconds")
