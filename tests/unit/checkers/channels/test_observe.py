"""The same check objects judge a Windows machine over WinRM: what it answers are the goldens."""

from __future__ import annotations

import pytest

from checkers.channels.winrm_ import Account, Trust, WinRmAgent
from checkers.check import Check, View
from checkers.checks.hosts import HostNameIs
from checkers.judge import conclude
from checkers.observe import Channel, Place, observe
from checkers.verdict import Outcome
from checkers.windows.dialect import WINDOWS
from tests.unit.checkers.channels.test_winrm import dial
from tests.wsman.server import PASSWORD, USER, Identity, wsman
from tests.wsman.windows import Windows, answers


@pytest.mark.parametrize(("golden", "outcome"), [("server-solved", Outcome.PASS), ("client-renamed", Outcome.FAIL)])
def test_a_check_judges_a_windows_machine(certificate: Identity, golden: str, outcome: Outcome) -> None:
    check: Check = HostNameIs(on="server", name="srv-kerbras")
    machine = Windows(answers(f"host-name/{golden}"))
    with wsman(certificate, machine) as served:
        agent = WinRmAgent(
            dial(served.port),
            login=Account(USER, PASSWORD),
            trust=Trust(certificate.fingerprint),
            host="server",
            where="winrm server",
        )
        place = Place("server", [Channel("winrm", agent, WINDOWS)], secrets={"admin": PASSWORD})
        facts = observe(check.questions(), [place])
        agent.close()
    assert [fact.channel for fact in facts] == ["winrm"]
    assert conclude(check, View({fact.key: fact for fact in facts}, {})).outcome == outcome
    assert machine.batches == [1]
