"""``domain-member`` judges a Windows computer and its controller."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.checks.directory import ComputerIs
from checkers.checks.members import IsDomainMember
from tests.unit.checkers.windows.judging import golden, judged

CHECK = IsDomainMember(on="client", domain="kerbras.lan", server="server")


def outcome(member: Any, directory: str = "server-solved-fr", check: IsDomainMember = CHECK) -> tuple[str, str]:
    found = judged(check, {"domain-membership": member, "directory": golden("directory", directory)})
    return found.outcome, found.reason


@pytest.mark.parametrize("case", ["client-joined", "server-controller"])
def test_members(case: str) -> None:
    assert outcome(golden("domain-membership", case))[0] == "PASS"


@pytest.mark.parametrize(
    ("case", "verdict", "word"),
    [
        ("client-workgroup", "FAIL", "n'est pas jointe"),
        ("client-refused", "FAIL", "1789 ERROR_TRUSTED_RELATIONSHIP_FAILURE"),
        ("client-alone", "INCONCLUSIVE", "1311"),
        ("client-renamed", "FAIL", "1787"),
    ],
)
def test_what_is_no_membership(case: str, verdict: str, word: str) -> None:
    found = outcome(golden("domain-membership", case))
    assert (found[0], word in found[1]) == (verdict, True), found


def test_the_new_name_counts_before_the_restart() -> None:
    assert outcome({**golden("domain-membership", "client-renamed"), "status": 0})[0] == "PASS"


def test_joined_to_something_else() -> None:
    other = outcome(
        golden("domain-membership", "client-joined"), check=CHECK.model_copy(update={"domain": "autre.lan"})
    )
    assert (other[0], "POSTE-COMPTA$@KERBRAS.LAN" in other[1]) == ("FAIL", True)


def test_an_account_that_the_directory_does_not_know() -> None:
    member = {**golden("domain-membership", "client-joined"), "name": "AUTRE", "pending": "AUTRE"}
    assert outcome(member)[0] == "FAIL"


@pytest.mark.parametrize(
    ("change", "domain_member", "in_its_unit"),
    [
        # Right in other ways: the name in the directory is written as its domain has it, or the account is elsewhere.
        ({"samaccountname": ["poste-compta$"]}, "PASS", "PASS"),
        ({"distinguishedname": ["CN=ComptaBis,OU=Postes,OU=Kerbras,DC=kerbras,DC=lan"]}, "PASS", "PASS"),
        ({"distinguishedname": ["CN=POSTE-COMPTA,CN=Computers,DC=kerbras,DC=lan"]}, "PASS", "PART"),
        # Wrong: disabled (the channel may still work for a while), another name, deleted.
        ({"useraccountcontrol": ["4098"]}, "FAIL", "FAIL"),
        ({"samaccountname": ["POSTE-COMPTA2$"]}, "FAIL", "FAIL"),
        ({"isdeleted": ["TRUE"]}, "FAIL", "FAIL"),
    ],
)
def test_the_account_in_the_directory(change: dict[str, list[str]], domain_member: str, in_its_unit: str) -> None:
    directory = golden("directory", "server-solved-fr")
    for one in directory["records"]:
        if one["name"] == ["POSTE-COMPTA"]:
            one.update(change)
    answers = {"domain-membership": golden("domain-membership", "client-joined"), "directory": directory}
    assert judged(CHECK, answers).outcome == domain_member
    placed = ComputerIs(on="server", name="POSTE-COMPTA", ou="OU=Postes,OU=Kerbras")
    assert judged(placed, answers).outcome == in_its_unit


@pytest.mark.parametrize("status", [1331, 1789, 1787, 5])
def test_whatever_a_controller_refuses(status: int) -> None:
    member = {**golden("domain-membership", "client-joined"), "status": status}
    assert outcome(member)[0] == "FAIL"


def test_a_question_that_failed_proves_nothing() -> None:
    assert outcome(None)[0] == "INCONCLUSIVE"
    silent = {**golden("domain-membership", "client-joined"), "status": None, "trouble": "AddType"}
    assert outcome(silent)[0] == "INCONCLUSIVE"
