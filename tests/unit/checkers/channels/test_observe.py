"""The same check objects judge a Windows machine over WinRM: what it answers are the goldens."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checkers.channels.winrm_ import Account, Trust, WinRmAgent
from checkers.check import Check, View
from checkers.checks.hosts import HostNameIs
from checkers.checks.members import IsDomainMember
from checkers.judge import conclude
from checkers.observe import Channel, Place, observe
from checkers.probe import Question
from checkers.verdict import Outcome
from checkers.windows.dialect import WINDOWS
from checkers.windows.twins.catalog import TWINS as WINDOWS_PROBES
from tests.unit.checkers.channels.test_winrm import dial
from tests.wsman.server import PASSWORD, USER, Identity, Served, wsman
from tests.wsman.windows import GOLDENS, Windows, answers


def winrm(served: Served, certificate: Identity) -> WinRmAgent:
    return WinRmAgent(
        dial(served.port),
        login=Account(USER, PASSWORD),
        trust=Trust(certificate.fingerprint),
        host="server",
        where="winrm server",
    )


NAME = HostNameIs(on="server", name="srv-kerbras")
MEMBER = IsDomainMember(on="client", domain="kerbras.lan", server="server")
DIRECTORY = "directory/server-solved-fr"


@pytest.mark.parametrize(
    ("check", "goldens", "outcome"),
    [
        (NAME, ["host-name/server-solved"], Outcome.PASS),
        (NAME, ["host-name/client-renamed"], Outcome.FAIL),
        (MEMBER, ["domain-membership/client-joined", DIRECTORY], Outcome.PASS),
        (MEMBER, ["domain-membership/client-workgroup", DIRECTORY], Outcome.FAIL),
        (MEMBER, ["domain-membership/client-alone", DIRECTORY], Outcome.INCONCLUSIVE),
    ],
)
def test_a_check_judges_windows_machines(
    certificate: Identity, check: Check, goldens: list[str], outcome: Outcome
) -> None:
    """The very classes that judge the Linux benches."""
    places = {question.at for question in check.questions()}
    with wsman(certificate, Windows(answers(*goldens))) as served:
        agents = {at: winrm(served, certificate) for at in places}
        ways = [Place(at, [Channel("winrm", agent, WINDOWS)]) for at, agent in agents.items()]
        facts = observe(check.questions(), ways)
        for agent in agents.values():
            agent.close()
    assert {fact.channel for fact in facts} == {"winrm"}
    assert conclude(check, View({fact.key: fact for fact in facts}, {})).outcome == outcome


def rounds() -> list[list[tuple[str, dict[str, Any]]]]:
    """Every golden, so that one machine can give all answers of a round: each script once with the same arguments."""
    probes = {probe.name: probe for probe in WINDOWS_PROBES}
    found: list[dict[tuple[str, str], tuple[str, dict[str, Any]]]] = []
    for file in sorted(GOLDENS.glob("*/*.json")):
        golden = json.loads(file.read_text("utf-8"))
        probe = probes[file.parent.name].model_validate(golden["args"])
        twin = WINDOWS_PROBES[type(probe)]
        asked = (twin.script, json.dumps(twin.arguments(probe), sort_keys=True))
        free = next((one for one in found if asked not in one), None)
        if free is None:
            found.append(free := {})
        free[asked] = (f"{file.parent.name}/{file.stem}", golden)
    return [list(one.values()) for one in found]


def test_every_golden_comes_through_winrm_as_it_was(certificate: Identity) -> None:
    """In a batch of all its probes, a shell and a script a round."""
    probes = {probe.name: probe for probe in WINDOWS_PROBES}
    for goldens in rounds():
        asked = [probes[name.partition("/")[0]].model_validate(golden["args"]) for name, golden in goldens]
        questions = [Question("server", probe) for probe in asked]
        machine = Windows(answers(*(name for name, _ in goldens)))
        with wsman(certificate, machine) as served:
            agent = winrm(served, certificate)
            facts = observe(questions, [Place("server", [Channel("winrm", agent, WINDOWS)])])
            agent.close()
        assert machine.batches == [len(goldens)]
        for fact, (name, golden) in zip(facts, goldens, strict=True):
            assert (fact.channel, fact.value) == ("winrm", golden["value"]), name
