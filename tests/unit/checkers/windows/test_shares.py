"""``smb-share`` and ``share-acl`` judge a Windows file server."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.checks.share_rights import ShareRightsAre
from checkers.checks.shares import ShareIs
from checkers.parsers.security_descriptor import Ace
from tests.unit.checkers.local.judging import Judged
from tests.unit.checkers.windows.judging import golden, judged
from tests.unit.checkers.windows.lists import (
    ADMINISTRATORS,
    CREATOR,
    EVERYBODY,
    FULL,
    MODIFY,
    READ,
    SYSTEM,
    USERS,
    WRITE,
    allow,
    deny,
    written,
)


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


SID = "S-1-5-21-3623811015-3361044348-30300820"
COMPTA = f"{SID}-1110"
HERE, FILES_ONLY, INSIDE_ONLY = 0x0, 0x1, 0x0B
APPEND, DELETE, DELETE_CHILD, CHANGE_RIGHTS, TAKE = 0x4, 0x10000, 0x40, 0x40000, 0x80000


def listed(*aces: Ace, wanted: str = "modify", share: Ace | None = None, **params: Any) -> Judged:
    """The verdict on a folder with these entries besides those of the system and of administrators."""
    folder = golden("folder-rights", "server-solved")
    folder["rights"] = written(allow(SYSTEM, FULL), allow(ADMINISTRATORS, FULL), *aces)
    folder["shares"] = [{"name": "Compta", "rights": written(share or allow(EVERYBODY, FULL, HERE))}]
    allowed = {"GG-Compta": wanted}
    check = ShareRightsAre.model_validate({"on": "server", "path": r"C:\Partages\Compta", "allow": allowed, **params})
    return judged(check, {"folder-rights": folder, "directory": golden("directory", "server-solved-fr")})


@pytest.mark.parametrize(
    ("aces", "wanted"),
    [
        ([allow(COMPTA, MODIFY)], "modify"),
        ([allow(COMPTA, FULL)], "modify"),
        # In two entries: the folder itself, which nobody deletes, and what is in it.
        ([allow(COMPTA, READ | WRITE, HERE), allow(COMPTA, MODIFY, INSIDE_ONLY)], "modify"),
        ([deny(COMPTA, DELETE, HERE), allow(COMPTA, MODIFY)], "modify"),
        ([allow(COMPTA, READ | WRITE | DELETE_CHILD)], "modify"),
        ([allow(COMPTA, MODIFY), allow(CREATOR, FULL, INSIDE_ONLY)], "modify"),
        ([allow(COMPTA, FULL)], "full"),
        ([allow(COMPTA, READ)], "read"),
        ([allow(COMPTA, READ, HERE), allow(COMPTA, READ, INSIDE_ONLY), allow(CREATOR, FULL, INSIDE_ONLY)], "read"),
    ],
)  # fmt: skip
def test_rights_that_reach_what_is_made_inside(aces: list[Ace], wanted: str) -> None:
    assert listed(*aces, wanted=wanted).outcome == "PASS"


@pytest.mark.parametrize(
    ("aces", "wanted", "word"),
    [
        ([allow(COMPTA, MODIFY, HERE)], "modify", "moins dans ce qui y est créé"),
        ([allow(COMPTA, MODIFY, HERE), allow(CREATOR, FULL, INSIDE_ONLY)], "modify", "moins dans ce qui y est créé"),
        ([allow(COMPTA, MODIFY, FILES_ONLY)], "modify", "moins dans ce qui y est créé"),
        ([allow(COMPTA, MODIFY, INSIDE_ONLY)], "modify", "suppression, attendu : modification"),
        ([allow(COMPTA, FULL, HERE), allow(COMPTA, MODIFY, INSIDE_ONLY)], "full", "attendu : contrôle total"),
        ([allow(COMPTA, READ, HERE)], "read", "moins dans ce qui y est créé"),
        ([allow(COMPTA, READ | DELETE | DELETE_CHILD)], "read", "lecture, suppression, attendu : lecture seule"),
        ([allow(COMPTA, READ | APPEND)], "read", "quelques changements"),
        ([allow(COMPTA, READ | CHANGE_RIGHTS | TAKE)], "read", "quelques changements"),
        ([allow(COMPTA, READ), allow(COMPTA, MODIFY, INSIDE_ONLY)], "read", "attendu : lecture seule"),
    ],
)
def test_rights_that_look_right_and_end_at_the_folder_or_go_beyond_reading(
    aces: list[Ace], wanted: str, word: str
) -> None:
    found = listed(*aces, wanted=wanted)
    assert (found.outcome, word in found.reason) == ("FAIL", True), found


def test_a_share_for_reading_takes_every_change_away() -> None:
    assert listed(allow(COMPTA, MODIFY), wanted="read", share=allow(EVERYBODY, READ, HERE)).outcome == "PASS"


@pytest.mark.parametrize(
    "ace",
    [
        allow("S-1-5-15", READ),
        allow("S-1-18-1", MODIFY),
        allow(USERS, MODIFY, INSIDE_ONLY),
        allow(USERS, CHANGE_RIGHTS),
        allow(USERS, APPEND, 0x02),
    ],
)
def test_others_who_get_in(ace: Ace) -> None:
    found = listed(allow(COMPTA, MODIFY), ace)
    assert (found.outcome, "y entrent aussi" in found.reason) == ("PART", True), found
    assert listed(allow(COMPTA, MODIFY), ace, deny_others=False).outcome == "PASS"


def test_who_only_passes_through_does_not_get_in() -> None:
    assert listed(allow(COMPTA, MODIFY), allow(USERS, 0x100020, HERE)).outcome == "PASS"


def on_a_member(directory: str, server: str | None, *aces: Ace, **changes: Any) -> Judged:
    folder = golden("folder-rights", "server-solved")
    folder["rights"] = written(allow(SYSTEM, FULL), *aces)
    check = ShareRightsAre.model_validate(
        {"on": "client", "path": r"C:\Partages\Compta", "allow": {"GG-Compta": "modify"}, "server": server}
    )
    answers = {"folder-rights": folder, "directory": golden("directory", directory) | changes}
    return judged(check, answers)


def test_a_file_server_that_is_only_a_member() -> None:
    right = allow(COMPTA, MODIFY)
    assert on_a_member("server-solved-fr", "server", right).outcome == "PASS"
    assert on_a_member("server-solved-fr", "server", allow(COMPTA, READ)).outcome == "FAIL"
    found = on_a_member("client-none", None, right)
    assert (found.outcome, "nommer le contrôleur" in found.reason) == ("INCONCLUSIVE", True)
    # Who is in a group of the file server itself was not asked.
    found = on_a_member("server-solved-fr", "server", allow("S-1-5-21-1-2-3-1009", MODIFY))
    assert (found.outcome, "ne connaît pas" in found.reason) == ("INCONCLUSIVE", True)


@pytest.mark.parametrize("number", [546, 547, 555, 559, 580])
def test_a_group_that_is_built_into_a_member_is_not_the_directory_s(number: int) -> None:
    group = f"S-1-5-32-{number}"
    found = on_a_member("server-solved-fr", "server", allow(COMPTA, MODIFY), allow(group, MODIFY))
    assert (found.outcome, "ne connaît pas" in found.reason) == ("INCONCLUSIVE", True)
    assert listed(allow(COMPTA, MODIFY), allow(group, MODIFY), server="server").outcome == "PASS"


@pytest.mark.parametrize("known", [ADMINISTRATORS, "S-1-5-32-549", "S-1-5-32-551", SYSTEM, CREATOR])
def test_administrators_of_a_member_are_known(known: str) -> None:
    assert on_a_member("server-solved-fr", "server", allow(COMPTA, MODIFY), allow(known, FULL)).outcome == "PASS"
    found = on_a_member("server-solved-fr", "server", allow(COMPTA, MODIFY), allow(USERS, MODIFY))
    assert (found.outcome, "y entrent aussi" in found.reason) == ("PART", True)


def test_no_directory_where_one_should_be() -> None:
    right = allow(COMPTA, MODIFY)
    for found in (on_a_member("client-none", "server", right), on_a_member("client-none", None, right, member=False)):
        assert (found.outcome, found.reason) == ("FAIL", "aucun annuaire sur cette machine")
