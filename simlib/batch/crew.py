"""How is work spread over processes any of which may die? One task a process at a time; the dead are replaced."""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from threading import Thread
from types import TracebackType
from typing import Any, Generic, TypeVar

Name = TypeVar("Name")
SPAWN = get_context("spawn")
"""Processes that start afresh: the same on every system, and nothing of this one is copied halfway."""


@dataclass(frozen=True)
class Ended(Generic[Name]):
    """A task that has ended, well or not."""

    name: Name
    value: Any
    """What its function returned; None if it failed."""
    error: str
    """Why it failed; empty if it did not."""
    seconds: float


@dataclass
class _Member:
    """A process and the end of the pipe that leads to it."""

    process: SpawnProcess
    pipe: Connection
    begun: float = 0.0


class Crew(Generic[Name]):
    """Processes that work off tasks. Leaving the context ends those that are still at work.

    A task is a function of a module and its one argument; both and what it returns must be picklable. A task whose
    function raises, or whose process is ended by whatever means, has failed; no other task notices.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._waiting: deque[tuple[Name, Callable[[Any], Any], Any]] = deque()
        self._at_work: dict[Name, _Member] = {}
        self._idle: list[_Member] = []

    def __enter__(self) -> Crew[Name]:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        members = [*self._idle, *self._at_work.values()]
        for member in members:
            member.pipe.close()
            member.process.terminate()
        for member in members:
            member.process.join()

    @property
    def busy(self) -> bool:
        """Whether a task is waiting or at work."""
        return bool(self._waiting or self._at_work)

    def submit(self, name: Name, function: Callable[[Any], Any], argument: Any) -> None:
        """Put a task at the end of those that wait."""
        self._waiting.append((name, function, argument))

    def submit_first(self, name: Name, function: Callable[[Any], Any], argument: Any) -> None:
        """Put a task before all others that wait."""
        self._waiting.appendleft((name, function, argument))

    def next_ended(self) -> Ended[Name]:
        """Wait until a task has ended."""
        while True:
            self._hand_out()
            ends = {member.pipe: name for name, member in self._at_work.items()}
            for pipe in wait(list(ends)):
                name = ends[pipe]  # type: ignore[index]  # only pipes were waited for
                member = self._at_work.pop(name)
                try:
                    value, error = member.pipe.recv()
                except (EOFError, OSError):
                    value, error = None, _cause_of_death(member)
                else:
                    self._idle.append(member)
                return Ended(name, value, error, time.monotonic() - member.begun)

    def _hand_out(self) -> None:
        while self._waiting and len(self._at_work) < self.size:
            name, function, argument = self._waiting.popleft()
            member = self._idle.pop() if self._idle else _started()
            member.begun = time.monotonic()
            self._at_work[name] = member
            with suppress(OSError):  # it has died meanwhile, which its end of the pipe tells
                member.pipe.send((function, argument))


def _started() -> _Member:
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()  # or its death would not be seen
    return _Member(process, ours)


def _serve(pipe: Connection) -> None:
    """Do what comes through a pipe until nothing more can come."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who leads the crew
    Thread(target=_end_with_the_leader, daemon=True).start()
    while True:
        try:
            function, argument = pipe.recv()
        except EOFError:
            return
        try:
            answer = (function(argument), "")
        except Exception as error:
            answer = (None, str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}")
        pipe.send(answer)


def _end_with_the_leader() -> None:
    """Nobody would take the result, and who starts again must find nobody at work in the same folders."""
    leader = parent_process()
    if leader is not None:
        leader.join()
        os._exit(1)


def _cause_of_death(member: _Member) -> str:
    member.process.join()
    code = member.process.exitcode or 0
    cause = f"signal {-code}" if code < 0 else f"exit code {code}"
    return f"the process at work was ended from outside ({cause})"
