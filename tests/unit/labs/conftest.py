"""A small sound lab, to break in one place at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field

from labs.loader import LoadedLab, lint, load_lab
from labs.problems import Problem

LAB = """\
id: small-lab
version: 1.0.0
title: A small lab
referential: rncp37681
duration_minutes: 60
subject: sujet.md
points: 5
tests: checks
networks:
  lan:
    title: Office
    subnet: 192.168.1.0/24
    witness: 192.168.1.250/24
  dmz:
    title: Outside
    subnet: 203.0.113.0/24
    witness: 203.0.113.250/24
machines:
  server:
    title: Server
    image: server
    memory_mib: 512
    personalise: server.sh
    nics:
      eth0:
        network: lan
        mac: "52:54:00:00:00:01"
        address: 192.168.1.10/24
  client:
    title: Client
    image: client
    memory_mib: 512
    nics:
      eth0:
        network: lan
        mac: "52:54:00:00:00:02"
        address: 192.168.1.20/24
      eth1:
        network: dmz
        mac: "52:54:00:00:01:02"
secrets:
  admin: { kind: password }
  tunnel: { kind: wireguard }
solution:
  playbook: solution.yml
tasks:
  - id: names
    title: Names
    competency: BC02.C1
    points: 3
    checks:
      - id: client-name
        title: The client has its name
        check: host-name
        points: 1
        with:
          on: client
          name: desk
      - id: own-test
        title: The lab's own test
        check: own-test
        points: 2
        with:
          on: client
          test: test_desk.py::test_it
  - id: wires
    title: Wires
    competency: BC03.C1
    points: 2
    checks:
      - id: ports
        title: Ports are closed
        check: ports
        points: 1.5
        with:
          network: lan
          machine: server
          key_secret: tunnel_public
          address: 192.168.1.10
      - id: radio
        title: The radio
        check: radio
        points: 0.5
        competency: BC03.C2
        with:
          ap: server
"""

SUBJECT = """\
# {{ lab.title }} for {{ candidate }}

Administrator: `{{ secrets.admin }}`
"""

SOLUTION = """\
- hosts: server
  tasks:
    - name: Names
      tags: names
      raw: "true"
    - name: Wires
      tags: [wires]
      raw: echo {{ secrets.tunnel }}
"""


@dataclass(frozen=True)
class Asked:
    """A question, as this layer sees one."""

    at: str
    families: frozenset[str] = frozenset({"linux", "windows", "openwrt"})


class FakeCheck(BaseModel):
    """Base of the checks of these tests."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def questions(self) -> Sequence[Asked]:
        return [Asked("bench")]


class HostName(FakeCheck):
    on: str
    name: str = Field(min_length=2)

    def questions(self) -> Sequence[Asked]:
        return [Asked(self.on, families=frozenset({"linux"}))]


class OwnTest(FakeCheck):
    on: str
    test: str


class Ports(FakeCheck):
    network: str
    machine: str
    key_secret: str
    address: IPv4Address

    def questions(self) -> Sequence[Asked]:
        return [Asked(f"wire:{self.network}"), Asked("bench")]


class Radio(FakeCheck):
    ap: str

    def questions(self) -> Sequence[Asked]:
        return [Asked(f"radio:{self.ap}")]


CHECKS: dict[str, type[FakeCheck]] = {"host-name": HostName, "own-test": OwnTest, "ports": Ports, "radio": Radio}
IMAGES = ("server", "client", "ap")


@dataclass
class Workbench:
    """A lab's folder that a test may break."""

    folder: Path

    def write(self, name: str, text: str | bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def replace(self, old: str, new: str, *, file: str = "lab.yml", count: int = 1) -> None:
        text = (self.folder / file).read_text()
        assert old in text, old
        self.write(file, text.replace(old, new, count))

    def lint(self) -> list[Problem]:
        return lint(self.folder, checks=CHECKS, images=IMAGES)

    def load(self) -> LoadedLab:
        return load_lab(self.folder, checks=CHECKS, images=IMAGES)

    def told(self) -> list[str]:
        """The problems as ``file:line:column code``."""
        return [f"{p.file}:{p.line}:{p.column} {p.code}" for p in self.lint()]


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    """A lab without faults."""
    bench = Workbench(tmp_path / "lab")
    bench.write("lab.yml", LAB)
    bench.write("sujet.md", SUBJECT)
    bench.write("solution.yml", SOLUTION)
    bench.write("server.sh", "#!/bin/sh\n")
    bench.write("checks/test_desk.py", "def test_it(host):\n    assert host\n")
    return bench
