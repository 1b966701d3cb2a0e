"""Work spread over processes: who dies loses its own task, and no other."""

import os
import signal
import time
from pathlib import Path

from simlib.batch.crew import Crew, Ended


def doubled(number: int) -> int:
    """A task that ends well."""
    return 2 * number


def refused(number: int) -> None:
    """A task that fails by itself."""
    raise KeyError(number)


def shot(number: int) -> None:
    """A task whose process is killed."""
    os.kill(os.getpid(), number)


def slept(seconds: float) -> int:
    """A task that takes long; the process that it runs in."""
    time.sleep(seconds)
    return os.getpid()


def drained(crew: Crew[str]) -> dict[str, Ended[str]]:
    """All tasks, once they have ended."""
    ended = {}
    while crew.busy:
        one = crew.next_ended()
        ended[one.name] = one
    return ended


def test_a_task_that_fails_or_is_killed_costs_no_other() -> None:
    """One raises, one is killed by signal 9 as the system does when memory runs out, one leaves without a word: each is
    told with its cause, and what came before, at the same time and after is done."""
    with Crew[str](2) as crew:
        crew.submit("before", doubled, 1)
        crew.submit("raises", refused, 7)
        crew.submit("killed", shot, signal.SIGKILL)
        crew.submit("leaves", os._exit, 3)
        crew.submit("after", doubled, 2)
        crew.submit_first("first", doubled, 3)
        found = drained(crew)
    assert {name: one.value for name, one in found.items()} == {
        "before": 2,
        "after": 4,
        "first": 6,
        **dict.fromkeys(["raises", "killed", "leaves"]),
    }
    assert found["raises"].error == "KeyError: 7"
    assert "signal 9" in found["killed"].error
    assert "exit code 3" in found["leaves"].error
    assert next(iter(found)) in ("first", "before")


def test_whoever_is_still_at_work_ends_with_the_crew() -> None:
    """Leaving the context, as Ctrl-C does, waits for nobody."""
    began = time.monotonic()
    with Crew[str](1) as crew:
        crew.submit("quick", slept, 0.0)
        process = crew.next_ended().value
        crew.submit("long", slept, 600.0)
        crew._hand_out()
    assert time.monotonic() - began < 60
    assert not Path(f"/proc/{process}").exists()
