"""Who works in a folder? One batch at a time; one whose process is no more holds nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simlib.errors import SimlibError

LOCK = ".batch.lock"
"""Holds the number of the process at work."""


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep a folder for this process. Raises SimlibError if another one is at work there."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = folder / LOCK
    if lock.is_file() and not _is_at_work(lock):
        lock.unlink(missing_ok=True)
    try:
        with lock.open("x", encoding="utf-8") as file:
            file.write(str(os.getpid()))
    except FileExistsError:
        message = f"got a folder in which another batch is at work; wait, name another --out, or remove '{lock}'"
        raise SimlibError(message) from None
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _is_at_work(lock: Path) -> bool:
    """Whether the process that made the lock may still run; a number that was ours before is of one that is gone."""
    try:
        pid = int(lock.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return True
    if pid == os.getpid():
        return False
    if os.name == "nt":  # where asking after a process would end it
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
