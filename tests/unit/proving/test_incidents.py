"""Proving an incident: only one that breaks what its proofs see, and whose repair brings all back, is proved."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from checkers.checks import CHECKS
from labs.incident import Incident
from labs.loader import LoadedLab, load_lab
from orchestrator.proving.incidents import Proved, Prover
from tests.unit.engine.world import write_lab
from tests.unit.proving.world import FileBench

_INCIDENT = """\
  - id: {kind}
    kind: {kind}
    title: The file is gone
    competency: BC01.C3
    machine: client
    {breaks}
    repair: {{ shell: repair.sh }}
    proof:
      - id: {kind}-there
        title: There
        check: file-content
        with: {{ on: client, path: "{file}", contains: good }}
    affects: [{affects}]
    ticket: {{ caller: Anna, channel: phone, subject: A file, text: It worked yesterday. }}
    script: {{ opening: Hello, answers: [{{ ask: Since when?, say: This morning. }}] }}
    diagnosis: [Looks]
    impact: 3
    urgency: 2
    minutes: 10
"""


class Ground:
    """A lab of one check (of the file ``other``) and its bench; scripts may be changed before ``prove``."""

    def __init__(self, root: Path) -> None:
        self.files = root / "files"
        self.files.mkdir()
        self.file, self.other = self.files / "file", self.files / "other"
        self.folder = write_lab(root / "lab")
        self.script("break.sh", f"rm {self.file}")
        self.script("repair.sh", f"echo good >{self.file}")
        self.reset()

    def reset(self) -> None:
        self.file.write_text("good\n")
        self.other.write_text("good\n")

    def script(self, name: str, text: str) -> None:
        (self.folder / name).write_text(f"{text}\n")

    def lab(self, affects: str) -> LoadedLab:
        text = (self.folder / "lab.yml").read_text()
        text = text.replace("check: host-name", "check: file-content")
        text = text.replace("name: desk", f'path: "{self.other}", contains: good') + "incidents:\n"
        for kind, breaks in (("incident", "break: { shell: break.sh }"), ("request", "")):
            text += _INCIDENT.format(kind=kind, breaks=breaks, file=self.file, affects=affects)
        (self.folder / "lab.yml").write_text(text)
        return load_lab(self.folder, checks=CHECKS, images=("client", "server"))

    def prove(self, kind: str = "incident", affects: str = "") -> tuple[Proved, int]:
        """What came of it, and how often the bench had to go back."""
        lab = self.lab(affects)
        bench = FileBench(lab, self.files)
        there = self.file.exists()
        self.reset()
        bench.settle()
        if not there:
            self.file.unlink()
        incident: Incident = next(one for one in lab.lab.incidents if one.kind == kind)
        return Prover(bench).prove(incident), bench.backs


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return Ground(tmp_path)


def test_an_incident_that_is_repaired_is_proved_and_the_bench_is_used_on(ground: Ground) -> None:
    proved, backs = ground.prove()
    assert (proved.faults, backs) == ((), 0)
    assert list(proved.seconds) == ["healthy", "break", "broken", "repair", "repaired"]


def test_a_request_begins_unfulfilled_and_the_bench_goes_back(ground: Ground) -> None:
    ground.file.unlink()
    proved, backs = ground.prove("request")
    assert (proved.faults, backs) == ((), 1)
    assert list(proved.seconds) == ["broken", "repair", "repaired", "back"]


@pytest.mark.parametrize(
    ("kind", "before", "script", "text", "said"),
    [
        ("incident", "rm {file}", "break.sh", "true", "incident-there: FAIL"),
        ("incident", "", "break.sh", "true", "incident-there: PASS"),
        ("incident", "", "repair.sh", "true", "incident-there: FAIL"),
        ("incident", "", "repair.sh", "echo good >{file}; echo bad >{other}", "client-name: FAIL"),
        ("incident", "", "break.sh", "rm {file}; rm {other}", "client-name: FAIL"),
        ("incident", "", "break.sh", "echo no paper >&2; exit 4", "break.sh: exit=4 no paper"),
        ("request", "", "repair.sh", "true", "request-there: PASS"),
        ("request", "rm {file}", "repair.sh", "true", "request-there: FAIL"),
    ],
)
def test_anything_else_is_a_fault_and_the_bench_goes_back(
    ground: Ground, kind: str, before: str, script: str, text: str, said: str
) -> None:
    subprocess.run(["/bin/sh", "-c", before.format(file=ground.file)], check=True)
    ground.script(script, text.format(file=ground.file, other=ground.other))
    proved, backs = ground.prove(kind)
    assert [said in fault.en for fault in proved.faults] == [True], proved.faults
    assert backs == 1
    assert ground.file.read_text() == ground.other.read_text() == "good\n"


def test_what_an_incident_may_change_is_no_fault(ground: Ground) -> None:
    ground.script("break.sh", f"rm {ground.file} {ground.other}")
    assert ground.prove(affects="client-name")[0].faults == ()
