"""A lab with incidents, and simulated machines that have a host name: scripts change it, observations see it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from checkers.channel import ExecResult
from checkers.facts import Raw
from orchestrator.hypervisor.fake import FakeAgentProgram
from orchestrator.hypervisor.port import Stamp
from orchestrator.simulation import archive
from tests.unit.engine.world import write_lab

_SECOND_CHECK = """\
      - { id: server-name, title: The other name, check: host-name, points: 1, with: { on: server, name: srv } }
"""
_INCIDENT = """\
  - id: {id}
    kind: {kind}
    title: {title}
    competency: BC01.C3
    machine: {machine}
{broken}    repair: {{ shell: {id}-repair.sh }}
    proof: [{{ id: {id}-proof, title: Its name, check: host-name, with: {{ on: {machine}, name: {name} }} }}]
    affects: [{affects}]
    ticket: {{ caller: Anna, channel: phone, subject: My machine, text: It is not found any more. }}
    script: {{ opening: Hello, answers: [{{ ask: Since when?, say: This morning. }}] }}
    diagnosis: [Looks at the name]
    impact: 3
    urgency: 2
    minutes: 10
"""
NAMES = {"client": "desk", "server": "srv"}
"""The machines' names at first; what the lab's checks expect."""


def write_lab_with_incidents(folder: Path) -> Path:
    """The small lab with a second check, incidents ``client-lost`` and ``server-lost``, and a request ``rename``."""
    write_lab(folder)
    file = folder / "lab.yml"
    text = file.read_text().replace("\npoints: 1\n", "\npoints: 2\n").replace("    points: 1\n", "    points: 2\n")
    text += _SECOND_CHECK + "incidents:\n"
    for machine, name in NAMES.items():
        text += _one(folder, f"{machine}-lost", "incident", machine, name, f"{machine}-name")
    file.write_text(text + _one(folder, "rename", "request", "server", "office", "server-name"))
    return folder


def _one(folder: Path, id_: str, kind: str, machine: str, name: str, affects: str) -> str:
    (folder / f"{id_}-repair.sh").write_text(f"hostname {name}\n")
    broken = ""
    if kind == "incident":
        (folder / f"{id_}-break.sh").write_text("hostname lost\n")
        broken = f"    break: {{ shell: {id_}-break.sh }}\n"
    title = f"The name is gone ({id_})"
    return _INCIDENT.format(id=id_, kind=kind, title=title, machine=machine, broken=broken, name=name, affects=affects)


class Machines:
    """What the machines of a store answer. Their names are on their disks, so that they outlive a service.

    refuse: machines whose scripts fail; deaf: those whose scripts do nothing. ran: the scripts, by machine.
    """

    def __init__(self, store: Path) -> None:
        self._store = store
        self.refuse: set[str] = set()
        self.deaf: set[str] = set()
        self.ran: list[str] = []

    def __call__(self, stamp: Stamp) -> FakeAgentProgram | None:
        def answer(argv: Sequence[str], stdin: bytes) -> ExecResult | None:
            text = stdin.decode()
            asked = re.findall(r"^# ([0-9]+) (.*)$", text, re.MULTILINE)
            if asked:
                name = self.name(stamp.session, stamp.bench, stamp.machine)
                raw = Raw(stdout=f"{name}\n{name}\n")  # as configured, and now
                return ExecResult(0, archive({int(i): raw for i, key in asked if key.endswith("host-name")}), b"")
            renamed = re.search(r"^hostname (\S+)$", text, re.MULTILINE)
            if renamed:
                self.ran.append(stamp.machine)
                if stamp.machine in self.refuse:
                    return ExecResult(1, b"", b"no such thing")
                if stamp.machine not in self.deaf:
                    self.rename(stamp.session, stamp.bench, stamp.machine, renamed[1])
            return None

        return answer if stamp.machine else None

    def name(self, session: str, bench: str, machine: str) -> str:
        """What a machine is called, in the copy if there is one."""
        content = json.loads(self._disk(session, bench, machine).read_text())
        return str(content.get("name", NAMES[machine]))

    def rename(self, session: str, bench: str, machine: str, name: str) -> None:
        """As somebody in it would. An empty name cannot be read."""
        disk = self._disk(session, bench, machine)
        disk.write_text(json.dumps({**json.loads(disk.read_text()), "name": name}))

    def _disk(self, session: str, bench: str, machine: str) -> Path:
        folder = self._store / session / bench
        disks = [folder / place / f"{machine}.qcow2" for place in ("copy", "look", ".")]
        return next(disk for disk in disks if disk.exists())
