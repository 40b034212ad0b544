"""``gpo-setting`` and ``gpo-applied`` judge a Windows domain."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.checks.policies import PolicyHolds, PolicyIsApplied
from tests.unit.checkers.local.judging import Judged
from tests.unit.checkers.windows.judging import golden, judged

SYSTEM = r"Software\Microsoft\Windows\CurrentVersion\Policies\System"
PANEL: dict[str, Any] = {"gpo": "GPO-Bandeau", "scope": "user", "key": SYSTEM, "value": "NoDispCPL", "data": 1}


def setting(case: str, **params: Any) -> Judged:
    check = PolicyHolds.model_validate({"on": "server", **PANEL, **params})
    answers = {
        "directory": golden("directory", "server-solved-fr"),
        "published-policies": golden("published-policies", case),
    }
    return judged(check, answers)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"key": rf"HKCU\{SYSTEM.upper()}", "value": "nodispcpl"},
        {"value": "Wallpaper", "data": r"\\srv-kerbras\netlogon\fond.jpg"},
        {"gpo": "Default Domain Policy", "scope": "machine", "value": "LegalNoticeCaption", "data": "Atelier Kerbras"},
        {"gpo": "Default Domain Policy", "scope": "machine", "value": "InactivityTimeoutSecs", "data": 900},
        {
            "gpo": "Default Domain Policy",
            "scope": "machine",
            "key": "System Access",
            "value": "MinimumPasswordLength",
            "data": 12,
        },
    ],
)
def test_settings(params: dict[str, Any]) -> None:
    assert setting("server-solved", **params).outcome == "PASS"


@pytest.mark.parametrize(
    ("case", "params", "verdict", "word"),
    [
        ("server-solved", {"scope": "machine"}, "FAIL", "partie utilisateur"),
        ("server-solved", {"data": "1"}, "FAIL", "REG_DWORD"),
        ("server-solved", {"data": 2}, "FAIL", "attendu « 2 »"),
        ("server-looks-right", {}, "PART", "GPT.INI"),
        ("server-looks-right", {"scope": "machine", "value": "Other"}, "FAIL", "est illisible"),
        ("client-none", {}, "FAIL", "pas de fichiers"),
        ("server-too-large", {}, "INCONCLUSIVE", "pas vu"),
    ],
)
def test_settings_that_look_right(case: str, params: dict[str, Any], verdict: str, word: str) -> None:
    found = setting(case, **params)
    assert (found.outcome, word in found.reason) == (verdict, True), found


DRIVES = "Preferences\\Drives\\"
DRIVE, LOGON = {"key": f"{DRIVES}K:", "value": "path"}, {"key": "Scripts\\Logon", "value": "lecteurs.cmd"}
MACHINE = {"scope": "machine", "key": "HKLM\\Software\\Policies\\Kerbras", "value": "Bandeau"}


@pytest.mark.parametrize(
    "params",
    [
        {**DRIVE, "data": r"\\srv-kerbras\compta"},
        {**DRIVE, "value": "persistent", "data": 1},
        {**LOGON, "data": "/silencieux"},
        # A preference about the registry sets the value as a policy about it does.
        {**MACHINE, "data": "Atelier Kerbras"},
    ],
)
def test_preferences_and_scripts(params: dict[str, Any]) -> None:
    assert setting("server-preferences", **params).outcome == "PASS"


@pytest.mark.parametrize(
    ("params", "verdict", "word"),
    [
        # Switched off; one that takes the drive away; a script without its file; for the wrong moment; the wrong half.
        ({**DRIVE, "key": f"{DRIVES}L:", "data": r"\\srv-kerbras\atelier"}, "FAIL", "introuvable"),
        ({**DRIVE, "key": f"{DRIVES}M:", "data": r"\\srv-kerbras\modeles"}, "FAIL", "DELETE"),
        ({**LOGON, "value": "imprimantes.cmd", "data": ""}, "FAIL", "SCRIPT-MISSING"),
        ({**LOGON, "key": "Scripts\\Logoff", "data": "/silencieux"}, "FAIL", "introuvable"),
        ({**MACHINE, "scope": "user", "data": "Atelier Kerbras"}, "FAIL", "partie ordinateur"),
        ({**DRIVE, "data": r"\\srv-kerbras\compta$"}, "FAIL", "attendu"),
        # For some only: whether that is right, nobody can tell here.
        ({**DRIVE, "key": f"{DRIVES}N:", "data": r"\\srv-kerbras\direction"}, "INCONCLUSIVE", "GG-Direction"),
        ({**DRIVE, "key": f"{DRIVES}N:", "data": r"\\srv-kerbras\autre"}, "FAIL", "attendu"),
    ],
)
def test_preferences_and_scripts_that_look_right(params: dict[str, Any], verdict: str, word: str) -> None:
    found = setting("server-preferences", **params)
    assert (found.outcome, word in found.reason) == (verdict, True), found


FOLDERS, SHARE = "Folder Redirection\\", r"\\srv-kerbras"
DOCUMENTS = {"key": f"{FOLDERS}Documents", "value": "path", "data": rf"{SHARE}\redirection\%USERNAME%\Documents"}
DESKTOP = {"key": f"{FOLDERS}Desktop", "value": "path"}


@pytest.mark.parametrize(
    ("params", "verdict", "word"),
    [
        (DOCUMENTS, "PASS", ""),
        ({**DOCUMENTS, "value": "exclusive", "data": 1}, "PASS", ""),
        ({**DOCUMENTS, "key": f"{FOLDERS}Pictures", "value": "follows", "data": "Documents"}, "PASS", ""),
        # A server's name, a share's, a folder's and a variable's have no case.
        ({**DOCUMENTS, "data": rf"{SHARE.upper()}\Redirection\%username%\documents"}, "PASS", ""),
        ({**DOCUMENTS, "data": rf"{SHARE}\redirection\Documents"}, "FAIL", "attendu"),
        ({**DOCUMENTS, "scope": "machine"}, "FAIL", "partie utilisateur"),
        ({**DOCUMENTS, "key": f"{FOLDERS}Music"}, "FAIL", "introuvable"),
        # Told to stay where it is: that is no share.
        ({**DOCUMENTS, "key": f"{FOLDERS}Downloads"}, "FAIL", "attendu"),
        # Each of two groups has its own: who of them a user is in cannot be told here.
        ({**DESKTOP, "data": rf"{SHARE}\compta\%USERNAME%\Desktop"}, "INCONCLUSIVE", "-1110"),
        ({**DESKTOP, "data": rf"{SHARE}\direction\%USERNAME%\Desktop"}, "INCONCLUSIVE", "-1112"),
        ({**DESKTOP, "data": rf"{SHARE}\atelier\%USERNAME%\Desktop"}, "FAIL", "attendu"),
    ],
)
def test_folders_that_are_redirected(params: dict[str, Any], verdict: str, word: str) -> None:
    found = setting("server-redirection", **params)
    assert (found.outcome, word in found.reason) == (verdict, True), found


def applied(answer: Any, gpo: str = "GPO-Bandeau") -> Judged:
    path = rf"HKCU\{SYSTEM}\NoDispCPL"
    check = PolicyIsApplied(on="client", path=path, contains="1", gpo=gpo, server="server")
    return judged(check, {"applied-policies": answer, "directory": golden("directory", "server-solved-fr")})


def test_applied() -> None:
    assert applied(golden("applied-policies", "client-solved")).outcome == "PASS"
    other = applied(golden("applied-policies", "client-solved"), "Default Domain Policy")
    assert (other.outcome, "n'est pas" in other.reason) == ("FAIL", True)
    assert applied(None).outcome == "INCONCLUSIVE"


@pytest.mark.parametrize(
    ("case", "word"),
    [
        ("client-by-hand", "aucune stratégie appliquée"),
        ("client-other-hive", "aucune stratégie appliquée"),
        ("client-undone", "ne contient pas"),
        ("client-never", "le poste n'a lu aucune stratégie"),
        ("client-never-typed", "aucune stratégie appliquée"),
    ],
)
def test_applied_in_appearance(case: str, word: str) -> None:
    found = applied(golden("applied-policies", case))
    assert (found.outcome, word in found.reason) == ("FAIL", True), found


@pytest.mark.parametrize("case", ["client-not-logged", "client-preference"])
def test_what_nobody_noted_is_not_failed(case: str) -> None:
    """Where not all is noted nothing tells a policy's value from one that was typed; a wrong value is wrong."""
    answer = golden("applied-policies", case)
    found = applied(answer)
    assert (found.outcome, "RSoP" in found.reason) == ("INCONCLUSIVE", True)
    assert applied({**answer, "text": "0"}).outcome == "FAIL"


def test_what_is_noted_of_the_computer_says_nothing_of_its_users() -> None:
    answer = golden("applied-policies", "client-solved")
    assert applied({**answer, "logged": {"computer": False, "user": True}}).outcome == "PASS"
    preference = {**golden("applied-policies", "client-preference")["policies"][-1], "user": False}
    by_hand = golden("applied-policies", "client-by-hand")
    assert applied({**by_hand, "policies": [*by_hand["policies"], preference]}).outcome == "FAIL"
    # One that is noted did it, whatever else is not noted.
    assert applied({**answer, "policies": [*answer["policies"], {**preference, "user": True}]}).outcome == "PASS"
