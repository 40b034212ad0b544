"""``domain-member`` judges a Windows computer and its controller."""

from __future__ import annotations

from typing import Any

import pytest

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


def test_a_question_that_failed_proves_nothing() -> None:
    assert outcome(None)[0] == "INCONCLUSIVE"
    silent = {**golden("domain-membership", "client-joined"), "status": None, "trouble": "AddType"}
    assert outcome(silent)[0] == "INCONCLUSIVE"
