"""One batch at a time works in a folder, and one that died holds nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from simlib.batch.lock import LOCK, held
from simlib.errors import SimlibError
from simlib.report.faults import told


def test_a_folder_is_for_one_batch(tmp_path: Path) -> None:
    """Another process at work, or one that has not yet said its number: refused, in both languages, with a way out."""
    lock = tmp_path / LOCK
    for text in (str(os.getppid()), ""):
        lock.write_text(text, encoding="utf-8")
        with pytest.raises(SimlibError, match="another batch is at work") as refused, held(tmp_path):
            pass
        assert str(lock) in str(refused.value)
        assert told(refused.value, "zh") != str(refused.value)
        assert lock.read_text(encoding="utf-8") == text


@pytest.mark.skipif(os.name == "nt", reason="a process cannot be asked after there")
def test_the_dead_hold_nothing(tmp_path: Path) -> None:
    """A process that is gone, or had our number before us; when the batch ends the lock is gone."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for pid in (gone.pid, os.getpid()):
        (tmp_path / LOCK).write_text(str(pid), encoding="utf-8")
        with held(tmp_path):
            assert (tmp_path / LOCK).read_text(encoding="utf-8") == str(os.getpid())
        assert not (tmp_path / LOCK).exists()
