"""``local-user`` on Windows: groups by their SIDs, names without case."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.checks.accounts import LocalUserIs
from tests.unit.checkers.local.judging import Judged
from tests.unit.checkers.windows.judging import golden, judged

ADMINISTRATORS, USERS, DESKTOP = "S-1-5-32-544", "S-1-5-32-545", "S-1-5-32-555"


def user(case: str = "client-solved", **expected: Any) -> Judged:
    check = LocalUserIs.model_validate({"on": "client", **expected})
    return judged(check, {"local-accounts": golden("local-accounts", case)})


@pytest.mark.parametrize(
    "found",
    [
        user(name="technicien", full_name="technicien du parc", groups=[ADMINISTRATORS], locked=False),
        user(name="Technicien", groups=["administrateurs"], not_groups=[DESKTOP]),
        user(name="solenn.morvan", full_name="Solenn Morvan", groups=["COMPTABILITE"], not_groups=[ADMINISTRATORS]),
        user(name="technicien", groups=[USERS]),  # through "Authenticated Users"
        user(name="stagiaire", locked=True),
        user("server-everyone", name="locked", locked=True),
        user("server-everyone", name="Guest", not_groups=[ADMINISTRATORS]),
    ],
)
def test_right(found: Judged) -> None:
    assert found.outcome == "PASS"


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (user(name="technicien2"), "technicien2"),
        (user(name="solenn.morvan", groups=[ADMINISTRATORS]), "n'est pas membre"),
        # Everybody who logs on is an administrator.
        (user("server-everyone", name="backup", not_groups=[ADMINISTRATORS]), "est membre"),
        # A group that was only given the SID as its name.
        (user("server-everyone", name="backup", groups=[DESKTOP]), "n'est pas membre"),
        (user(name="technicien", locked=True), "n'est pas verrouillé"),
        (user(name="stagiaire", locked=False), "verrouillé"),
    ],
)
def test_wrong(found: Judged, word: str) -> None:
    assert found.outcome in ("FAIL", "PART")
    assert word in found.reason


def test_a_full_name_may_hold_a_comma() -> None:
    answer = golden("local-accounts", "client-solved")
    next(one for one in answer["users"] if one["name"] == "technicien")["full_name"] = "Riou, Nolwenn"
    for wanted, outcome in (("Riou, Nolwenn", "PASS"), ("Riou", "PART")):
        check = LocalUserIs(on="client", name="technicien", full_name=wanted)
        assert judged(check, {"local-accounts": answer}).outcome == outcome


def test_an_account_that_needs_no_password_may_have_one() -> None:
    assert user("server-everyone", name="backup", locked=False).outcome == "INCONCLUSIVE"


@pytest.mark.parametrize("least", [0, -1])
def test_a_password_may_be_empty_where_none_is_too_short(least: int) -> None:
    """``net user x /add`` makes such an account, which says that it needs a password."""
    answer = golden("local-accounts", "client-solved") | {"least_length": least}
    found = {
        (name, locked): judged(LocalUserIs(on="client", name=name, locked=locked), {"local-accounts": answer}).outcome
        for name in ("technicien", "stagiaire")
        for locked in (False, True)
    }
    assert found["technicien", False] == "INCONCLUSIVE"
    assert found["technicien", True] in ("FAIL", "PART")
    assert (found["stagiaire", False], found["stagiaire", True]) == ("FAIL", "PASS")


def test_a_controller_has_none() -> None:
    assert user("server-controller", name="technicien").outcome == "INCONCLUSIVE"
