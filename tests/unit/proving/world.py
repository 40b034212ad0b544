"""Benches whose machines are all this host, with a lab of files: questions are really asked, scripts really run."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from checkers.channel import ExecResult
from checkers.checks import CHECKS
from checkers.verdict import Verdict
from labs.loader import LoadedLab, load_lab
from orchestrator.bench import Bench, BenchMachine, Progress
from orchestrator.engine.points import Kept
from orchestrator.golden import Golden
from orchestrator.hypervisor.fake import FakeAgent, FakeHypervisor
from orchestrator.hypervisor.port import MachineAgent
from orchestrator.proving.ground import ProvingBench, unsolved
from orchestrator.sessions import Session
from tests.unit.engine.world import write_lab

CHECK = """\
      - id: {name}
        title: File {name}
        check: file-content
        points: 1
        {more}
        with: {{ on: client, path: "{path}", contains: good }}
"""


class Here(FakeHypervisor):
    """A host whose machines are all this one."""

    def agent(self, domain: str) -> MachineAgent:
        def run(argv: Sequence[str], stdin: bytes) -> ExecResult:
            done = subprocess.run(argv, input=stdin, capture_output=True, check=False)
            return ExecResult(done.returncode, done.stdout, done.stderr)

        return FakeAgent(run, domain, lambda: True)


class FileBench(ProvingBench):
    """A bench that is a folder: a check looks whether a file holds “good”. ``solution``: what solving it runs."""

    def __init__(self, lab: LoadedLab, files: Path, solution: str = "") -> None:
        machines = {on: BenchMachine(name=on, domain=on, uuid="", start="warm") for on in lab.lab.virtual}
        bench = Bench(
            session="s", name="a", candidate="", lab=lab.lab.id, golden_key="", state="ready", networks={},
            machines=machines, created_at=0,
        )  # fmt: skip
        session = Session("s", Path(), "", {"admin": "x"}, "", datetime(2026, 1, 1, tzinfo=UTC), Path())
        super().__init__(lab, bench, Golden.model_construct(), session, Here())
        self.files = files
        self.solution = solution
        self.backs = 0
        self._kept: dict[str, str] = {}

    def solve(self, progress: Progress) -> None:
        subprocess.run(["/bin/sh", "-c", self.solution], cwd=self.files, check=True)

    def settle(self, point: Kept | None = None) -> list[Verdict]:
        self.solved, _ = self.see(self.checks, unsolved)
        self._kept = {file.name: file.read_text() for file in self.files.iterdir()}
        return self.solved

    def go_back(self) -> None:
        self.backs += 1
        for file in self.files.iterdir():
            file.unlink()
        for name, text in self._kept.items():
            (self.files / name).write_text(text)


class FileLab:
    """A lab of two checks, of the files ``one`` and ``two``; ``one`` may be said to be there at the start."""

    def __init__(self, root: Path) -> None:
        self.files = root / "files"
        self.files.mkdir()
        self.folder = write_lab(root / "lab")
        self.solution = "echo good >one; echo good >two"
        self.benches: list[FileBench] = []
        self.write_checks()

    def write_checks(self, one: str = "true_at_start: false") -> None:
        lines = (self.folder / "lab.yml").read_text().splitlines(keepends=True)
        head = "".join(lines[: next(at for at, line in enumerate(lines) if line.startswith("      - "))])
        if "mutants:" not in head:
            head = head.replace("points: 1", "points: 2").replace("subject:", "mutants: mutants.yml\nsubject:")
        checks = [("one", one), ("two", "")]
        text = [CHECK.format(name=name, path=self.files / name, more=more) for name, more in checks]
        (self.folder / "lab.yml").write_text(head + "".join(text))

    def mutants(self, *written: tuple[str, str, str]) -> LoadedLab:
        """The lab with these mutants: id, script, flips."""
        text = "mutants:\n"
        for name, run, flips in written:
            text += f"  - {{ id: {name}, title: Wrong, on: client, run: 'cd {self.files}; {run}', flips: [{flips}] }}\n"
        (self.folder / "mutants.yml").write_text(text)
        return load_lab(self.folder, checks=CHECKS, images=("client", "server"))

    def bench(self, lab: LoadedLab) -> FileBench:
        self.benches.append(FileBench(lab, self.files, self.solution))
        return self.benches[-1]

    @contextmanager
    def proving(self, lab: LoadedLab, **_asked: object) -> Iterator[FilePlace]:
        """Stands for ``place.proving``."""
        yield FilePlace(self, lab)


class FilePlace:
    """Stands for ``place.Workbench``."""

    def __init__(self, files: FileLab, lab: LoadedLab) -> None:
        self.keep = True
        self._made = partial(files.bench, lab)
        self._files = files.files

    def blank(self, _progress: Progress) -> FileBench:
        for file in self._files.iterdir():
            file.unlink()
        return self._made()

    def solved(self, progress: Progress) -> FileBench:
        ground = self._made()
        ground.solve(progress)
        ground.settle()
        return ground
