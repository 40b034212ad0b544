"""A switch that has nothing but a prompt, from the lab to the verdict: declared, reached, asked, judged."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checkers.channel import ChannelError, ExecResult
from checkers.channels.prompt_lines import ANSWERS, Said
from checkers.check import Check, Unseen, View
from checkers.checks import CHECKS
from checkers.facts import Fact, Raw
from checkers.goldens.known import leaks
from checkers.judge import plan
from checkers.observe import observe
from checkers.probe import Question, Unreadable
from checkers.probes.awake import Awake
from checkers.probes.device_output import DeviceOutput
from checkers.probes.hosts import HostName
from checkers.prompt.dialect import CISCO
from checkers.prompt.twins import TWINS
from labs.loader import LoadedLab
from orchestrator.catalog import open_lab
from orchestrator.devices.net import DialledNet
from orchestrator.devices.radios import radios_of
from orchestrator.devices.reach import reached
from orchestrator.exam.model import DeviceAt
from orchestrator.sessions import Session
from tests.prompt_device import ENABLE, PASSWORD, Answer, Manners, Served, device
from tests.unit.engine.world import write_lab

SWITCH = """\
  sw:
    kind: physical
    title: Switch
    family: cisco
    network: lan
    user: admin
    secret: admin
    enable: enable
secrets:
  enable: { kind: password }
"""
CHECK = r"""
      - id: vlan
        title: VLAN 20 is there
        check: fact
        points: 1
        with:
          on: sw
          probe: device-output
          args: { show: show vlan brief }
          expect: { path: "lines[*]", any: { matches: '20 +COMPTA +active .*' } }
"""
VERSION = "Cisco IOS Software, C2960\nswitch-1 uptime is 1 week, 2 days, 4 hours, 5 minutes\nProcessor board ID X\n"
VLANS = """\
VLAN Name       Status    Ports
---- ---------- --------- -----
1    default    active    Fa0/1
20   COMPTA     active    Fa0/2
"""
UNKNOWN = "          ^\n% Invalid input detected at '^' marker.\n"
TRANSLATED = """\
Translating "vlan"...domain server (255.255.255.255)
 (255.255.255.255)
Translating "vlan"...domain server (255.255.255.255)
% Unknown command or computer name, or unable to find computer address
"""
YOUNG = VERSION.replace("1 week, 2 days, 4 hours, 5 minutes", "1 minute")
RIGHT: dict[str, Answer] = {"show version": VERSION, "show vlan brief": VLANS}
FIRST = Manners(enable=True, rows=2, banner="\nAuthorized only #\n")


@pytest.fixture
def lab(tmp_path: Path) -> LoadedLab:
    file = write_lab(tmp_path / "lab") / "lab.yml"
    text = file.read_text("utf-8").replace("secrets:\n", SWITCH) + CHECK.lstrip("\n")
    text = text.replace("points: 1\nnetworks", "points: 2\nnetworks").replace("    points: 1\n", "    points: 2\n", 1)
    file.write_text(text, "utf-8")
    return open_lab(str(file.parent))


@dataclass
class There:
    """The switch, and who asks it."""

    lab: LoadedLab
    served: Served
    folder: Path
    secrets: dict[str, str] = field(default_factory=lambda: {"admin": PASSWORD, "enable": ENABLE})

    @property
    def net(self) -> DialledNet:
        return DialledNet({"ssh": self.served.port})

    @property
    def session(self) -> Session:
        return Session("s", self.folder, "", self.secrets, "", datetime.now(UTC), self.folder)

    def facts(self, host_key: str | None = None) -> list[Fact]:
        known = DeviceAt(address="127.0.0.1", host_key=host_key or self.served.host_key)
        asked = self.check.questions()
        with reached(self.lab.lab, {"sw": known}, self.session, self.net) as found:
            return observe(asked, found.places, 60)

    @property
    def check(self) -> Check:
        (mine,) = [one.check for one in plan(self.lab.lab.checks(), CHECKS) if one.check.kind == "fact"]
        return mine

    def verdict(self, host_key: str | None = None) -> str:
        facts = {fact.key: fact for fact in self.facts(host_key)}
        try:
            return "PASS" if self.check.judge(View(facts, {})).score == 1 else "FAIL"
        except Unseen as unseen:
            return f"INCONCLUSIVE {unseen.why.en}"


@pytest.mark.parametrize(
    ("says", "verdict"),
    [
        ({}, "PASS"),
        ({"show vlan brief": VLANS.replace("COMPTA", "compta")}, "FAIL"),
        ({"show vlan brief": VLANS.replace("20  ", "200 ")}, "FAIL"),
        ({"show vlan brief": VLANS.replace("active    Fa0/2", "act/lshut")}, "FAIL"),
        ({"show vlan brief": ""}, "FAIL"),
        ({"show vlan brief": UNKNOWN}, "INCONCLUSIVE the device does not know"),
        ({"show vlan brief": TRANSLATED}, "INCONCLUSIVE the device does not know"),
        ({"show vlan brief": "", "show version": YOUNG}, "INCONCLUSIVE"),
        ({"show vlan brief": "", "show version": "something else\n"}, "INCONCLUSIVE"),
    ],
    ids=["right", "name", "number", "shut", "none", "unknown", "translated", "starting", "no uptime"],
)  # fmt: skip
def test_what_it_shows_is_judged(lab: LoadedLab, tmp_path: Path, says: dict[str, Answer], verdict: str) -> None:
    with device({**RIGHT, **says}, FIRST) as served:
        assert There(lab, served, tmp_path).verdict().startswith(verdict)


def test_it_is_told_nothing_but_what_shows(lab: LoadedLab, tmp_path: Path) -> None:
    with device(RIGHT, FIRST) as served:
        facts = There(lab, served, tmp_path).facts()
    assert {(fact.status, fact.channel) for fact in facts} == {("seen", "ssh")}
    said = {line for line in served.said if line.strip() and not line.startswith("!")}
    assert said == {"enable", "terminal length 0", "terminal width 500", "show version", "show vlan brief"}
    whole = json.dumps([fact.model_dump(mode="json") for fact in facts])
    assert leaks(whole, {"a": PASSWORD, "b": ENABLE}) == []


def test_who_is_not_let_in_or_finds_another_sees_nothing(lab: LoadedLab, tmp_path: Path) -> None:
    with device(RIGHT, FIRST) as served:
        there = There(lab, served, tmp_path)
        assert "refuses the account" in replace(there, secrets={"admin": "wrong", "enable": ENABLE}).verdict()
        assert "administrator" in replace(there, secrets={"admin": PASSWORD, "enable": "wrong"}).verdict()
        other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKvAGc4Xcw7XPm2QGqSJTIZBSTBdOJQFqzuEGSR1yq5K"
        assert "another key" in there.verdict(other)
        assert there.verdict() == "PASS"
        known = DeviceAt(address="127.0.0.1", host_key=served.host_key)
        with pytest.raises(ChannelError):
            radios_of(lab.lab, "sw", known, there.session, there.net)


@pytest.mark.parametrize(
    "show", ["configure terminal", "show", "show run | redirect flash:x", "show run\nreload", "show run > x", "write"]
)
def test_nothing_but_showing_can_be_asked(show: str) -> None:
    with pytest.raises(ValueError, match="show"):
        DeviceOutput(show=show)


def test_a_password_that_everybody_can_read_is_not_kept() -> None:
    text = "username admin password 7 0822455D0A16\n enable secret 9 $9$abc\nvlan 7\n name 7 0822455D\n"
    said = ExecResult(0, ANSWERS.dump_json([Said(text=text, ms=1)]), b"")
    assert CISCO.answers(said, 1)[0].stdout == text.replace("7 0822455D0A16", "7 …")


@pytest.mark.parametrize("kind", ["ascii", "hex"])
def test_nor_is_a_key_of_a_wireless_network(kind: str) -> None:
    said = ExecResult(0, ANSWERS.dump_json([Said(text=f" wpa-psk {kind} 7 0822455D0A16\n", ms=1)]), b"")
    assert CISCO.answers(said, 1)[0].stdout == f" wpa-psk {kind} 7 …\n"


@pytest.mark.parametrize(
    "answer",
    [UNKNOWN, TRANSLATED, "% Authorization failed.\n", "Command authorization failed.\n", "\n% Bad IP address\n"],
)
def test_what_the_device_does_not_know_or_allow_is_no_answer(answer: str) -> None:
    with pytest.raises(Unreadable):
        TWINS[DeviceOutput].parse(DeviceOutput(show="show vlan"), Raw(stdout=answer))
    shown = TWINS[DeviceOutput].parse(DeviceOutput(show="show run"), Raw(stdout=f"version 15\n{answer}"))
    assert len(shown.lines) > 1


def test_what_is_longer_than_a_line_cannot_be_asked() -> None:
    assert len(DeviceOutput(show="show" + " abcdefghi" * 12).show) == 124
    with pytest.raises(ValueError, match="300"):
        DeviceOutput(show="show" + f" {'x' * 60}" * 5)


def test_an_uptime_is_read_in_seconds() -> None:
    twin = TWINS[Awake]
    assert twin.parse(Awake(), Raw(stdout=VERSION)).uptime_s == 9 * 86400 + 4 * 3600 + 5 * 60
    with pytest.raises(Unreadable):
        twin.parse(Awake(), Raw(stdout="uptime is 3 fortnights\n"))


def test_what_is_too_long_is_not_read_in_part() -> None:
    shows = DeviceOutput(show="show tech-support")
    with pytest.raises(Unreadable):
        TWINS[DeviceOutput].parse(shows, Raw(stdout="x\n" * 40_000))


def test_a_question_of_linux_cannot_be_put_to_it() -> None:
    assert CISCO.twin(HostName()) is None
    assert "cisco" not in Question("sw", HostName()).families
