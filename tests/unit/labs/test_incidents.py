"""Incidents of a lab: a sound one is read whole, every fault is told at its place."""

# ruff: noqa: E501 - one fault a line

from __future__ import annotations

from pathlib import Path

import pytest

from labs.loader import LoadedLab
from tests.unit.labs.conftest import LAB, Workbench

INCIDENTS = """\
incidents:
  - id: name-lost
    kind: incident
    title: Somebody renamed the client
    competency: BC01.C3
    machine: client
    break: { shell: incidents/name/break.sh }
    repair: { on: client, shell: incidents/name/repair.sh }
    proof:
      - id: name-back
        title: The client has its name again
        check: host-name
        with: { on: client, name: desk }
    affects: [client-name]
    ticket:
      caller: Anna
      channel: phone
      subject: Nobody finds my computer
      text: It worked yesterday.
    script:
      opening: Hello, it is Anna.
      answers:
        - { ask: Since when?, say: This morning. }
      unknown: [What a name is]
    diagnosis: [Asks for the name]
    impact: 3
    urgency: 2
    minutes: 10
  - id: mail-wanted
    kind: request
    title: The client wants a radio
    competency: BC01.C2
    machine: client
    repair: { playbook: incidents/radio.yml }
    proof:
      - id: radio-there
        title: There is a radio
        check: radio
        with: { ap: server }
    ticket: { caller: Yann, channel: mail, subject: Radio, text: Could I have music? }
    script:
      opening: Hello.
      answers: [{ ask: Why?, say: Why not. }]
    diagnosis: [Asks what is wanted]
    impact: 3
    urgency: 3
    minutes: 5
"""
FIRST = LAB.count("\n")
"""Lines before those of the incidents."""


@pytest.fixture
def with_incidents(bench: Workbench) -> Workbench:
    bench.write("lab.yml", LAB + INCIDENTS)
    bench.write("incidents/name/break.sh", "hostname lost\n")
    bench.write("incidents/name/repair.sh", "hostname desk\n")
    bench.write("incidents/radio.yml", "- hosts: server\n  tasks:\n    - raw: echo {{ secrets.admin }}\n")
    return bench


def test_sound_incidents_are_read_whole(with_incidents: Workbench) -> None:
    assert with_incidents.lint() == []
    lost, wanted = with_incidents.load().lab.incidents
    assert lost.break_ is not None
    assert (lost.break_.shell, lost.break_.on, lost.repair.on) == (Path("incidents/name/break.sh"), None, "client")
    assert (wanted.break_, wanted.repair.playbook) == (None, Path("incidents/radio.yml"))
    assert wanted.proof[0].params == {"ap": "server"}


def test_the_hash_of_the_lab_is_that_of_the_files_of_its_incidents_too(with_incidents: Workbench) -> None:
    def hashed() -> str:
        loaded: LoadedLab = with_incidents.load()
        return loaded.hash

    before = hashed()
    with_incidents.write("incidents/name/repair.sh", "hostnamectl hostname desk\n")
    assert hashed() != before


FAULTS: dict[str, tuple[str, str, list[str]]] = {
    "incident that breaks nothing": ("    break: { shell: incidents/name/break.sh }\n", "", ["2:5 wrong-value"]),
    "request that breaks something": ("    repair: { playbook", "    break: { shell: incidents/name/break.sh }\n    repair: { playbook", ["29:5 wrong-value"]),
    "two ways at once": ("{ playbook: incidents/radio.yml }", "{ playbook: incidents/radio.yml, shell: incidents/name/break.sh }", ["34:13 wrong-value"]),
    "no way at all": ("{ shell: incidents/name/break.sh }", "{}", ["7:12 wrong-value"]),
    "playbook on one machine": ("{ playbook: inc", "{ on: client, playbook: inc", ["34:13 wrong-value"]),
    "points": ("        title: There is", "        points: 1\n        title: There is", ["37:9 unknown-key"]),
    "nothing to prove it by": ("    proof:\n      - id: radio-there\n        title: There is a radio\n        check: radio\n        with: { ap: server }\n", "    proof: []\n", ["35:12 wrong-value"]),
    "level out of bounds": ("impact: 3\n    urgency: 2", "impact: 4\n    urgency: 2", ["26:13 wrong-value"]),
    "unknown channel": ("channel: mail", "channel: letter", ["40:38 wrong-value"]),
    "script without answers": ("[{ ask: Why?, say: Why not. }]", "[]", ["43:16 wrong-value"]),
    "missing script": ("shell: incidents/name/break.sh", "shell: incidents/name/brake.sh", ["7:21 missing-file"]),
    "missing playbook": ("incidents/radio.yml", "incidents/video.yml", ["34:25 missing-file"]),
    "script out of the folder": ("shell: incidents/name/break.sh", "shell: ../break.sh", ["7:21 outside-folder"]),
    "unknown machine": ("    machine: client\n    break", "    machine: clinet\n    break", ["6:14 unknown-machine"]),
    "script on an unknown machine": ("on: client, shell", "on: clinet, shell", ["8:19 unknown-machine"]),
    "unknown proof": ("check: radio", "check: radoi", ["38:16 unknown-check"]),
    "proof with a wrong parameter": ("with: { ap: server }", "with: { app: server }", ["39:17 unknown-key"]),
    "proof on an unknown machine": ("with: { on: client, name: desk }", "with: { on: clinet, name: desk }", ["13:21 unknown-machine"]),
    "affects what is no check": ("affects: [client-name]", "affects: [client-nam]", ["14:15 unknown-affected"]),
    "affects a proof": ("affects: [client-name]", "affects: [name-back]", ["14:15 unknown-affected"]),
    "unknown competency": ("BC01.C2", "BC01.C9", ["32:17 unknown-competency"]),
    "criterion of another competency": ("BC01.C2\n", "BC01.C2\n    criterion: BC01.C3.K4\n", ["33:16 unknown-criterion"]),
    "criterion that only a person can see": ("BC01.C2\n", "BC01.C2\n    criterion: BC01.C2.K1\n", ["33:16 criterion-for-people"]),
    "two incidents of one id": ("id: mail-wanted", "id: name-lost", ["29:9 duplicate-id"]),
    "id of a task": ("id: mail-wanted", "id: wires", ["29:9 duplicate-id"]),
    "id of a check": ("id: mail-wanted", "id: ports", ["29:9 duplicate-id"]),
    "proof with the id of a check": ("id: radio-there", "id: ports", ["36:13 duplicate-id"]),
    "ticket that tells the cause": ("text: It worked", "text: I think somebody renamed the client. It worked", ["19:13 ticket-tells-cause"]),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_told_with_its_place(with_incidents: Workbench, fault: str) -> None:
    old, new, expected = FAULTS[fault]
    assert old in INCIDENTS
    with_incidents.write("lab.yml", LAB + INCIDENTS.replace(old, new, 1))

    def place(problem: str) -> str:
        line, rest = problem.split(":", 1)
        return f"lab.yml:{int(line) + FIRST}:{rest}"

    assert with_incidents.told() == [place(problem) for problem in expected]


FILES: dict[str, tuple[str, str | bytes, str]] = {
    "playbook that is no YAML": ("incidents/radio.yml", "- hosts: : x\n", "incidents/radio.yml:1:10 yaml"),
    "playbook for an unknown machine": ("incidents/radio.yml", "- hosts: radio\n", "incidents/radio.yml:1:10 unknown-machine"),
    "playbook with an undeclared secret": ("incidents/radio.yml", "- hosts: server\n  x: '{{ secrets.no }}'\n", "incidents/radio.yml:2:18 unknown-secret"),
    "script that is not UTF-8": ("incidents/name/break.sh", b"echo \xe9\n", "incidents/name/break.sh:1:6 not-utf8"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FILES)
def test_faults_of_the_files_are_told_too(with_incidents: Workbench, fault: str) -> None:
    name, content, expected = FILES[fault]
    with_incidents.write(name, content)
    assert with_incidents.told() == [expected]


def test_a_secret_that_only_an_incident_uses_is_used(with_incidents: Workbench) -> None:
    with_incidents.write("lab.yml", (LAB + INCIDENTS).replace("secrets:\n", "secrets:\n  spare: { kind: password }\n"))
    assert [told.split(" ")[1] for told in with_incidents.told()] == ["unused-secret"]
    with_incidents.write("incidents/name/repair.sh", 'echo "$SPARE"\n')
    assert with_incidents.told() == []
