"""``domain-logon``: whether the domain takes a password, for good or to be changed at once."""

from __future__ import annotations

import pytest

from checkers.checks.logons import LogonIs
from checkers.probes.smb_access import SmbAccessValue
from tests.unit.checkers.local.judging import Judged, judged


def logon(stage: str, status: str = "", *, must_change: bool = False, linked: bool = True) -> Judged:
    check = LogonIs(
        network="lan", server="server", server_address="192.168.50.10", user="gwen", password_secret="initial",
        must_change=must_change,
    )  # fmt: skip
    value = SmbAccessValue.model_validate({"stage": stage, "status": status, "read": stage == "inside"})
    return judged(check, {"smb-access": value}, {"server": {"lan": linked}})


@pytest.mark.parametrize(
    ("stage", "status", "must_change", "outcome", "word"),
    [
        ("inside", "", False, "PASS", "« gwen » ouvre une session"),
        ("share", "NT_STATUS_ACCESS_DENIED", False, "PASS", "ouvre une session"),
        ("inside", "", True, "FAIL", "attendu : mot de passe à changer"),
        ("logon", "NT_STATUS_PASSWORD_MUST_CHANGE", True, "PASS", "doit changer"),
        ("logon", "NT_STATUS_PASSWORD_MUST_CHANGE", False, "FAIL", "attendu : ouverture de session sans rien changer"),
        ("logon", "NT_STATUS_LOGON_FAILURE", True, "FAIL", "refusée (NT_STATUS_LOGON_FAILURE)"),
        ("logon", "NT_STATUS_ACCOUNT_LOCKED_OUT", False, "FAIL", "refusée"),
        ("silent", "NT_STATUS_IO_TIMEOUT", True, "FAIL", "ne répond pas"),
        ("refused", "NT_STATUS_CONNECTION_REFUSED", False, "FAIL", "ne répond pas"),
    ],
)
def test_logons(stage: str, status: str, must_change: bool, outcome: str, word: str) -> None:
    found = logon(stage, status, must_change=must_change)
    assert found.outcome == outcome
    assert word in found.reason


def test_a_silence_counts_only_when_the_hypervisor_left_the_cable_in() -> None:
    assert logon("silent", "NT_STATUS_IO_TIMEOUT", linked=False).outcome == "INCONCLUSIVE"
