"""Everything that a clean machine must pass: what ``./epreuve test`` runs without arguments.

Everything begins together. The longest way leads over the virtual machines: their images and their golden are made,
minutes of which use one core, then one process tests on them. What else there is (the checks of the sources, the tests
without virtual machines, one process a core) takes the processors where that way waits, and stands back for it: guests
are emulated on them. Whatever fails, the rest is run, and the closing lines tell.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType

PYTEST = (sys.executable, "-m", "pytest", *(["--color=yes"] if sys.stdout.isatty() else []))


@dataclass(frozen=True)
class Part:
    """Commands that run one after the other; all of them must succeed."""

    title: str
    commands: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Done:
    """A part that has run. output: of all its commands, both streams; failed: the commands that did."""

    part: Part
    output: list[str]
    failed: list[str]
    seconds: float

    @property
    def told(self) -> str:
        """One line: how it went, and what its output closes with."""
        closing = self.output[-1].strip(" =\n") if self.output else ""
        return f"{'FAILED' if self.failed else 'passed'}  {self.part.title}  ({self.seconds:.0f} s)  {closing}"


STAND_BACK = ("nice", "-n", "5")
MACHINES = Part(
    "tests on virtual machines",
    (
        (sys.executable, "-m", "tests.vm.ground"),
        (*PYTEST, "tests/contract", "tests/vm", "-m", "vm and not long"),  # named: no other needs to be imported
    ),
)
# Files stay whole, so that their fixtures are made once, and in their order: the long ones are not among the last.
SIMULATED = Part(
    "tests without virtual machines",
    (
        (
            *(*STAND_BACK, *PYTEST, "-m", "not vm and not long"),
            *("-n", "logical", "--dist", "loadfile", "--no-loadscope-reorder"),
        ),
    ),
)
SOURCES = Part(
    "sources",
    tuple(
        (*STAND_BACK, *check)
        for check in (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",), ("lint-imports",))
    ),
)


class Runner:
    """Runs parts, several at once if asked, and can end all that it runs."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[str]] = set()

    def run(self, part: Part, show: Callable[[str], object] = lambda _line: None) -> Done:
        """Run a part to its end. show: called with each line."""
        began, output, failed = time.monotonic(), [], []
        for command in part.commands:
            with subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            ) as process:
                self._running.add(process)
                assert process.stdout is not None
                for line in process.stdout:
                    show(line)
                    output.append(line)
            self._running.discard(process)
            if process.returncode:
                failed.append(" ".join(command))
        return Done(part, output, failed, time.monotonic() - began)

    def stop(self) -> None:
        for process in list(self._running):
            with suppress(OSError):
                process.terminate()


def everything(seen: Part, beside: tuple[Part, ...], runner: Runner) -> list[Done]:
    """Run all parts at once: one is seen as it goes; of the others their ends, and all they said when that one ends."""

    def run(part: Part) -> Done:
        done = runner.run(part)
        _show(f"\n──── {done.told}\n")
        return done

    with ThreadPoolExecutor(max_workers=len(beside)) as side:
        jobs = [side.submit(run, part) for part in beside]
        _title(seen)
        done = [runner.run(seen, _show)]
    for job in jobs:
        done.append(job.result())
        _title(done[-1].part)
        _show("".join(done[-1].output))
    return done


def _title(part: Part) -> None:
    print(f"\n──── {part.title}", flush=True)


def _show(text: str) -> None:
    print(text, end="", flush=True)


def main() -> int:
    """Run everything; the exit code."""
    runner = Runner()

    def terminate(_number: int, _frame: FrameType | None) -> None:
        runner.stop()
        os._exit(143)

    signal.signal(signal.SIGTERM, terminate)
    done = everything(MACHINES, (SIMULATED, SOURCES), runner)
    print("\n──── all parts")
    for one in done:
        print(one.told)
        for command in one.failed:
            print(f"        {command}")
    return any(one.failed for one in done)


if __name__ == "__main__":
    sys.exit(main())
