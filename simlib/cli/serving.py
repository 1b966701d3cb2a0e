"""Runs a server that belongs to a command until it ends."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence


def served(command: Sequence[str], *, search_path: str) -> int:
    """Start a server, wait for its end, and return its exit code. `search_path`: where its kernels find simlib."""
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": search_path}) as server:
        # Ctrl-C is the server's, which may ask back; it must not end this command and leave the server alone.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            return server.wait()
        finally:
            signal.signal(signal.SIGINT, before)
