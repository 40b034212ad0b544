"""The process in which a lab's tests run: a pytest plugin with the usual ``host`` fixture.

Started by ``runner`` as ``python -m checkers.testinfra.child READ_FD WRITE_FD TESTS…``. One JSON object per line each
way: ``{"run": command}`` is answered by ``{"exit": …, "out": base64, "err": base64}`` or ``{"fault": why}``; at each
test's end ``{"test": nodeid, "outcome": …, "text": …, "faults": […]}`` is sent and not answered.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

import pytest
from testinfra.backend.base import BaseBackend, CommandResult
from testinfra.host import Host


class ChannelFaultError(Exception):
    """The machine could not be asked."""


class Pipe:
    """The way to the parent, and the faults met during the test that runs."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._in = open(read_fd, encoding="utf-8")  # noqa: SIM115 - lives as long as the process
        self._out = open(write_fd, "w", encoding="utf-8", buffering=1)  # noqa: SIM115
        self.faults: list[str] = []

    def tell(self, message: dict[str, Any]) -> None:
        """Send one object."""
        self._out.write(json.dumps(message) + "\n")

    def ask(self, command: str) -> dict[str, Any]:
        """Have one command run."""
        self.tell({"run": command})
        line = self._in.readline()
        if not line:
            raise ChannelFaultError("the parent has gone")
        answer: dict[str, Any] = json.loads(line)
        if "fault" in answer:
            self.faults.append(str(answer["fault"]))
            raise ChannelFaultError(answer["fault"])
        return answer


class ChannelBackend(BaseBackend):  # type: ignore[misc] # testinfra has no type information
    """testinfra's view of a machine behind one of our channels."""

    NAME = "epreuve"

    def __init__(self, pipe: Pipe) -> None:
        super().__init__("machine")
        self._pipe = pipe
        self._encoding = "utf-8"  # known, so testinfra need not start Python in the machine to find out

    def run(self, command: str, *args: str, **kwargs: Any) -> CommandResult:
        """Run a shell command; raises ChannelFaultError when the machine could not be asked."""
        text = self.get_command(command, *args)
        answer = self._pipe.ask(text)
        return self.result(
            answer["exit"],
            text.encode(),
            base64.b64decode(answer["out"]),
            base64.b64decode(answer["err"]),
        )

    def decode(self, data: bytes) -> str:
        """Output as text; what is not UTF-8 is replaced, as everywhere in an observation."""
        return data.decode("utf-8", "replace")


class Plugin:
    """Gives the ``host`` fixture, keeps the tests wanted and sends each one's outcome."""

    def __init__(self, pipe: Pipe, wanted: frozenset[str]) -> None:
        self._pipe = pipe
        self._wanted = wanted
        self._host = Host(ChannelBackend(pipe))

    @pytest.fixture(scope="session")
    def host(self) -> Host:
        """The machine under test."""
        return self._host

    @pytest.hookimpl
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Chosen here and not on the command line, where one missing test would keep all the others from running."""
        items[:] = [item for item in items if item.nodeid.split("[")[0] in self._wanted]

    @pytest.hookimpl
    def pytest_runtest_logstart(self) -> None:
        """A new test: forget the faults of the one before."""
        self._pipe.faults.clear()

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Send what a test's call (or its set-up, if that failed) came to."""
        if report.when == "call" or report.outcome != "passed":
            self._pipe.tell(
                {
                    "test": report.nodeid,
                    "outcome": report.outcome,
                    "text": report.longreprtext[-4000:],
                    "faults": self._pipe.faults[:3],
                }
            )


def main(argv: list[str]) -> int:
    """Run the tests named; exit code as pytest's."""
    pipe = Pipe(int(argv[0]), int(argv[1]))
    wanted = frozenset(argv[2:])
    options = "-q --import-mode=importlib --continue-on-collection-errors -p no:cacheprovider -p no:pytest11.testinfra"
    files = sorted({test.split("::")[0] for test in wanted})
    return int(
        pytest.main([*options.split(), "-c", "/dev/null", "--rootdir", ".", *files], plugins=[Plugin(pipe, wanted)])
    )


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.exit(main(sys.argv[1:]))
