"""Work spread over processes: who dies loses its own task, and no other."""

import os
import signal
import subprocess
import sys
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


def is_at_work(process: int) -> bool:
    """Whether a process is there and no mere remnant that nobody has taken notice of."""
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return False


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
    assert not is_at_work(process)


LEADER = """
import sys
from simlib.batch.crew import Crew
from tests.batch.test_crew import slept
if __name__ == "__main__":
    with Crew(1) as crew:
        crew.submit("quick", slept, 0.0)
        print(crew.next_ended().value, flush=True)
        crew.submit("long", slept, 600.0)
        crew.next_ended()
"""


def test_nobody_works_on_after_the_leader_was_killed(tmp_path: Path, root: Path) -> None:
    """By signal 9, so that it could not say anything: whoever starts again finds nobody at work."""
    (tmp_path / "leader.py").write_text(LEADER, encoding="utf-8")
    command = [sys.executable, str(tmp_path / "leader.py")]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(root)}, stdout=subprocess.PIPE) as leader:
        assert leader.stdout is not None
        worker = int(leader.stdout.readline())
        assert is_at_work(worker)
        leader.kill()
        leader.wait()
        last = time.monotonic() + 60
        while is_at_work(worker) and time.monotonic() < last:
            time.sleep(0.1)
        assert not is_at_work(worker)
