"""``smb-share`` and ``share-acl`` judge a Windows file server."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.checks.share_rights import ShareRightsAre
from checkers.checks.shares import ShareIs
from tests.unit.checkers.local.judging import Judged
from tests.unit.checkers.windows.judging import golden, judged


def share(case: str, **params: Any) -> Judged:
    check = ShareIs.model_validate({"on": "server", "share": "compta", "path": r"C:\Partages\Compta", **params})
    return judged(check, {"shares": golden("shares", case)})


@pytest.mark.parametrize("path", ["C:\\Partages\\Compta", "c:\\partages\\compta\\", "C:/Partages/Compta"])
def test_shares(path: str) -> None:
    assert share("server-solved", path=path, read_only=False, browseable=True, guest=False).outcome == "PASS"


def test_a_hidden_share_that_only_administrators_write() -> None:
    found = share("server-solved", share="Outils$", path=r"D:\Outils", browseable=False, read_only=True)
    assert found.outcome == "PASS"


@pytest.mark.parametrize(
    ("params", "verdict", "word"),
    [
        ({"read_only": True}, "PART", "lecture seule : non"),
        ({"guest": False}, "PART", "accès anonyme : oui"),
        ({"path": r"C:\Partages"}, "FAIL", "dossier partagé"),
        ({"share": "Outils", "path": r"D:\Outils"}, "FAIL", "désactivé"),
        ({"share": "Perdu", "path": r"C:\Partages\Perdu"}, "FAIL", "n'existe pas"),
        ({"share": "Direction"}, "FAIL", "introuvable"),
    ],
)
def test_shares_that_look_right(params: dict[str, Any], verdict: str, word: str) -> None:
    found = share("server-looks-right", **params)
    assert (found.outcome, word in found.reason) == (verdict, True), found


def test_no_share_and_a_question_that_failed() -> None:
    assert share("client-none").outcome == "FAIL"
    check = ShareIs(on="server", share="compta", path=r"C:\Partages\Compta")
    assert judged(check, {"shares": None}).outcome == "INCONCLUSIVE"


def rights(case: str, allow: dict[str, str] | None = None, **params: Any) -> Judged:
    wanted = allow or {"GG-Compta": "modify"}
    check = ShareRightsAre.model_validate({"on": "server", "path": r"C:\Partages\Compta", "allow": wanted, **params})
    answers = {"folder-rights": golden("folder-rights", case), "directory": golden("directory", "server-solved-fr")}
    return judged(check, answers)


def test_rights_through_a_domain_local_group_and_an_open_share() -> None:
    assert rights("server-solved").outcome == "PASS"
    assert rights("server-solved", {"nolwenn.riou": "modify"}, deny_others=False).outcome == "PASS"


@pytest.mark.parametrize(
    ("case", "allow", "verdict", "word"),
    [
        # The share takes away what the folder gives.
        ("server-share-read", {"GG-Compta": "modify"}, "FAIL", "lecture, attendu : modification"),
        ("server-solved", {"GG-Compta": "full"}, "FAIL", "attendu : contrôle total"),
        ("server-inherited", {"GG-Compta": "modify"}, "PART", "tous les utilisateurs"),
        ("server-denied", {"erwan.caradec": "modify"}, "FAIL", "aucun droit"),
        ("client-absent", {"GG-Compta": "modify"}, "FAIL", "introuvable"),
        ("server-garbled", {"GG-Compta": "modify"}, "INCONCLUSIVE", "pas vu"),
    ],
)
def test_rights_that_look_right(case: str, allow: dict[str, str], verdict: str, word: str) -> None:
    found = rights(case, allow)
    assert (found.outcome, word in found.reason) == (verdict, True), found


def test_a_denied_member_takes_nothing_from_the_others() -> None:
    assert rights("server-denied", {"nolwenn.riou": "modify"}, deny_others=False).outcome == "PASS"


def test_reading_through_a_share_that_gives_no_more() -> None:
    assert rights("server-share-read", {"GG-Compta": "read"}).outcome == "PASS"
