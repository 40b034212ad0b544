"""The command line as its users have it: commands in this process, and a real service where one is needed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from orchestrator.cli import common, group
from orchestrator.cli.run import run

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class CommandLine:
    """Types commands on an installation of its own, always ``--simulated``."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.environment = {"EPREUVE_DATA": str(data), "PYTHONPATH": str(ROOT), "EPREUVE_LANG": "fr"}

    def type(self, *arguments: str, language: str = "fr", answer: str | None = None) -> Done:
        """Run a command in this process. answer: what is typed when it asks."""
        with pytest.MonkeyPatch.context() as patch, _captured() as captured:
            for name, value in {**self.environment, "EPREUVE_LANG": language}.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["epreuve", *arguments])
            patch.setattr(common.out, "_width", 80)
            patch.setattr(sys, "stdin", _Typed(answer))
            before = signal.getsignal(signal.SIGTERM)
            code = 0
            try:
                run(group)
            except SystemExit as done:
                code = done.code if isinstance(done.code, int) else 0
            finally:
                signal.signal(signal.SIGTERM, before)
        done = Done(code, *captured())
        assert "Traceback" not in done.err
        assert code != 70, done.err
        return done

    def session(self, *arguments: str, **options: Any) -> Done:
        return self.type("session", *arguments, "--simulated", **options)

    def well(self, *arguments: str) -> Done:
        """A session command that must succeed."""
        done = self.session(*arguments)
        assert done.code == 0, done.err
        return done

    def process(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """A command in a process of its own; its output is read from pipes."""
        return subprocess.Popen(
            [sys.executable, "-m", "orchestrator", *arguments, "--simulated"],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            text=True,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, **options},
        )

    def service_pid(self) -> int | None:
        done = self.type("service", "status", "--simulated", "--json")
        pid: int | None = done.json.get("pid")
        return pid

    def states(self, slug: str) -> dict[str, str]:
        return {one["id"]: one["state"] for one in self.well("status", slug, "--json").json["candidates"]}


class _Typed:
    """Standard input with an answer (or several, a line each), or closed."""

    def __init__(self, answer: str | None) -> None:
        self._lines = [] if answer is None else [f"{line}\n" for line in answer.split("\n")]

    def readline(self, _size: int = -1) -> str:
        return self._lines.pop(0) if self._lines else ""

    def isatty(self) -> bool:
        return False


class _captured:  # noqa: N801 - used as a function
    """Standard output and error of this process, as text."""

    def __enter__(self) -> Callable[[], tuple[str, str]]:
        import io

        self._streams = (sys.stdout, sys.stderr)
        sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
        out, err = sys.stdout, sys.stderr
        return lambda: (out.getvalue(), err.getvalue())

    def __exit__(self, *_error: object) -> None:
        sys.stdout, sys.stderr = self._streams


def roster(folder: Path, count: int = 3) -> str:
    """A roster in a file; the second candidate has a third more time, the fourth a very long name, the fifth markup."""
    names = {3: "Montmorency-Bouteville de la Rochefoucauld-Liancourt-Doudeauville", 4: "[/red]Nom"}
    lines = ["Nom;Prénom;N° candidat;Place;Tiers-temps"]
    lines += [
        f"{names.get(n, f'Nom{n}')};Prénom{n};{n:04d};Rangée B table {n};{'oui' if n == 1 else ''}"
        for n in range(count)
    ]
    path = folder / f"liste-{count}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def line(tmp_path: Path) -> CommandLine:
    """An empty installation, without a service."""
    return CommandLine(tmp_path / "data")


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    """An installation that the tests share, where services run; the last one is stopped at the end."""
    line = CommandLine(tmp_path_factory.mktemp("room") / "data")
    yield line
    line.type("service", "stop", "--simulated")
