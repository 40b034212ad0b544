"""Scripts of incidents are run by a shell with the secrets of the session, and what fails is told in words."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checkers.channel import ExecResult
from checkers.checks import CHECKS
from labs.loader import LoadedLab, load_lab
from orchestrator.bench import Bench, BenchMachine
from orchestrator.hypervisor.fake import FakeAgent, FakeHypervisor
from orchestrator.hypervisor.port import HostInfo, MachineAgent
from orchestrator.incidents import IncidentError, break_bench, repair_bench
from orchestrator.playbooks import PlaybookError, PlayResult
from orchestrator.sessions import Session
from tests.unit.engine.world import write_lab

_INCIDENTS = """\
incidents:
  - id: file-gone
    kind: incident
    title: The file is gone
    competency: BC01.C3
    machine: client
    break: { shell: break.sh }
    repair: { on: server, shell: repair.sh }
    proof: [{ id: file-there, title: There, check: host-name, with: { on: client, name: desk } }]
    ticket: { caller: Anna, channel: phone, subject: A file, text: It worked yesterday. }
    script: { opening: Hello, answers: [{ ask: Since when?, say: This morning. }] }
    diagnosis: [Looks]
    impact: 3
    urgency: 2
    minutes: 10
  - id: file-wanted
    kind: request
    title: A file is wanted
    competency: BC01.C2
    machine: client
    repair: { playbook: repair.yml }
    proof: [{ id: file-made, title: There, check: host-name, with: { on: client, name: desk } }]
    ticket: { caller: Anna, channel: phone, subject: Another file, text: Please. }
    script: { opening: Hello, answers: [{ ask: Since when?, say: This morning. }] }
    diagnosis: [Looks]
    impact: 3
    urgency: 2
    minutes: 10
"""


class Here(FakeHypervisor):
    """A host whose every machine is this one, in a folder of its own: scripts really run."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.simulated = True
        self.asked: list[str] = []

    def agent(self, domain: str) -> MachineAgent:
        def run(argv: Sequence[str], stdin: bytes) -> ExecResult:
            done = subprocess.run(argv, input=stdin, capture_output=True, cwd=self.folder, check=False)
            return ExecResult(done.returncode, done.stdout, done.stderr)

        self.asked.append(domain)
        return FakeAgent(run, domain, lambda: True)

    def info(self) -> HostInfo:
        return replace(super().info(), simulated=self.simulated)


@pytest.fixture
def lab(tmp_path: Path) -> LoadedLab:
    folder = write_lab(tmp_path / "lab")
    with (folder / "lab.yml").open("a") as file:
        file.write(_INCIDENTS)
    (folder / "break.sh").write_text("set -eu\ncat >file <<EOF\n$ADMIN\nEOF\ncat\n")
    (folder / "repair.sh").write_text("rm file || exit 3\n")
    (folder / "repair.yml").write_text("- hosts: client\n  gather_facts: false\n  tasks: []\n")
    return load_lab(folder, checks=CHECKS, images=("client", "server"))


@pytest.fixture
def here(tmp_path: Path) -> Here:
    (tmp_path / "machine").mkdir()
    return Here(tmp_path / "machine")


SESSION = Session("s", Path(), "", {"admin": "it's $HOME"}, "", datetime(2026, 1, 1, tzinfo=UTC), Path())
BENCH = Bench(
    session="s", name="c01", candidate="", lab="small-lab", golden_key="", state="ready", networks={}, created_at=0,
    machines={on: BenchMachine(name=on, domain=f"ep-{on}", uuid="", start="warm") for on in ("client", "server")},
)  # fmt: skip


def test_a_script_is_run_on_its_machine_with_the_secrets_and_reads_nothing(lab: LoadedLab, here: Here) -> None:
    gone = lab.lab.incidents[0]
    break_bench(BENCH, lab, gone, session=SESSION, hypervisor=here)
    assert (here.folder / "file").read_text() == "it's $HOME\n"
    repair_bench(BENCH, lab, gone, session=SESSION, hypervisor=here)
    assert list(here.folder.iterdir()) == []
    assert here.asked == ["ep-client", "ep-server"]


def test_a_script_that_says_no_is_told_with_its_words(lab: LoadedLab, here: Here) -> None:
    with pytest.raises(IncidentError, match=r"s-c01: server: repair\.sh: exit=3 rm: .*file"):
        repair_bench(BENCH, lab, lab.lab.incidents[0], session=SESSION, hypervisor=here)


def test_a_request_breaks_nothing(lab: LoadedLab, here: Here) -> None:
    break_bench(BENCH, lab, lab.lab.incidents[1], session=SESSION, hypervisor=here)
    assert here.asked == []


def test_a_playbook_is_for_real_machines(lab: LoadedLab, here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody_home(*_args: object, **_kwargs: object) -> PlayResult:
        return PlayResult(False, "failed", 0, ("client: a step: no",), "")

    monkeypatch.setattr("orchestrator.workshop.run_playbook", nobody_home)
    wanted = lab.lab.incidents[1]
    repair_bench(BENCH, lab, wanted, session=SESSION, hypervisor=here)  # a simulated machine runs none
    here.simulated = False
    with pytest.raises(PlaybookError, match=r"client: a step: no"):
        repair_bench(BENCH, lab, wanted, session=SESSION, hypervisor=here)
