"""``folder-access`` on Windows: the effective access of a person, from access lists and groups."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.checks.folder_trial import FolderAccessIs
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

MACHINE, DOMAIN = "S-1-5-21-1004336348-1177238915-682003330", "S-1-5-21-3623811015-3361044348-30300820"
NOLWENN, ERWAN, COMPTA = f"{MACHINE}-1001", f"{MACHINE}-1002", f"{MACHINE}-1005"
KEEPERS = (allow(SYSTEM, FULL), allow(ADMINISTRATORS, FULL))
LOCAL = {"sid": NOLWENN, "local": True, "groups": []}
PEOPLE = [{"sid": COMPTA, "members": [NOLWENN]}, {"sid": USERS, "members": ["S-1-5-11", "S-1-5-4"]}]


def access(expect: str, *top: Ace, files: tuple[Ace, ...] | None = None, **given: Any) -> Judged:
    """The verdict on a folder with this list and a file in it, which has the same one unless ``files`` is its own."""
    changes: dict[str, Any] = {
        name: given.pop(name) for name in ("user", "author", "groups", "more", "owner") if name in given
    }
    owner = changes.pop("owner", ADMINISTRATORS)
    answer: dict[str, Any] = {
        "folder": True,
        "user": LOCAL,
        "author": None,
        "lists": [
            {"folder": True, "rights": written(*top, owner=owner)},
            {"folder": False, "rights": written(*(top if files is None else files), owner=owner)},
        ],
        "more": False,
        "groups": PEOPLE,
        **changes,
    }
    check = FolderAccessIs.model_validate(
        {"on": "client", "path": r"C:\Dossiers\Compta", "user": "nolwenn", "expect": expect, **given}
    )
    return judged(check, {"folder-trial": answer})


@pytest.mark.parametrize(
    "found",
    [
        access("write", *KEEPERS, allow(NOLWENN, MODIFY)),
        access("write", *KEEPERS, allow(COMPTA, MODIFY)),
        access("write", *KEEPERS, allow(USERS, MODIFY)),  # through Authenticated Users, who are in it
        access("write", *KEEPERS, allow("S-1-5-4", MODIFY)),
        access("write", allow(COMPTA, READ), allow(NOLWENN, WRITE | 0x10000)),  # what both give together
        access("write", deny(ERWAN, FULL), allow(EVERYBODY, MODIFY)),
        access("write", allow(COMPTA, MODIFY), deny(EVERYBODY, FULL)),  # in its order: what was given stays given
        access("write", allow(f"{DOMAIN}-1111", MODIFY), user={
            "sid": f"{DOMAIN}-1104", "local": False, "groups": [f"{DOMAIN}-1110", f"{DOMAIN}-1111"]
        }),
        access("read", *KEEPERS, allow(COMPTA, READ)),
        access("read", *KEEPERS, allow(EVERYBODY, MODIFY & ~0x10156, 0x03)),
        access("read", deny(NOLWENN, WRITE | 0x10040), allow(COMPTA, MODIFY)),
        access("denied", *KEEPERS, allow(ERWAN, FULL)),
        access("denied", *KEEPERS),
        access("denied", deny(COMPTA, FULL), allow(USERS, MODIFY)),
        access("denied", allow(CREATOR, FULL, 0x0B), allow(SYSTEM, FULL)),  # for what is made inside
        access("denied", allow("S-1-5-2", FULL)),  # only from the network
        access("denied", allow("S-1-5-11", MODIFY), user={"sid": f"{MACHINE}-501", "local": True, "groups": []}),
    ],
)  # fmt: skip
def test_right(found: Judged) -> None:
    assert found.outcome == "PASS", found


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (access("write", deny(COMPTA, FULL), allow(NOLWENN, FULL)), "ne peut pas"),
        (access("write", *KEEPERS, allow(COMPTA, READ)), "ne peut pas créer"),
        (access("write", allow(COMPTA, READ | WRITE)), "ne peut pas créer"),  # made, but never removed
        (access("write", allow(COMPTA, MODIFY, 0), files=KEEPERS), "tout lire"),  # the folder alone
        (access("write", allow(COMPTA, MODIFY, 0x0B)), "tout lire"),  # what is inside alone
        (access("write", allow(COMPTA, MODIFY), files=(allow(COMPTA, READ),)), "modifier tout"),
        (access("write", *KEEPERS, allow(COMPTA, MODIFY), groups=[{"sid": COMPTA, "members": [ERWAN]}]), "ne peut pas"),
        (access("read", allow(COMPTA, MODIFY)), "nolwenn peut écrire"),
        (access("read", allow(COMPTA, READ), files=(allow(NOLWENN, MODIFY),)), "nolwenn peut écrire"),
        (access("read", allow(COMPTA, READ | 0x10000)), "nolwenn peut écrire"),  # deleting is a change
        (access("read", allow(COMPTA, READ | 0x40000)), "nolwenn peut écrire"),  # whoever changes rights has them all
        (access("denied", *KEEPERS, allow(EVERYBODY, READ)), "entrer dans le dossier"),
        (access("denied", *KEEPERS, allow("S-1-5-113", READ)), "entrer dans le dossier"),
        (access("denied", *KEEPERS, files=(allow(COMPTA, READ),)), "lire des fichiers"),
        (access("denied", *KEEPERS, allow("S-1-3-4", READ), owner=NOLWENN), "entrer dans le dossier"),
        (access("write", allow(EVERYBODY, FULL), user=None), "compte introuvable"),
    ],
)
def test_wrong(found: Judged, word: str) -> None:
    assert (found.outcome, word in found.reason) == ("FAIL", True), found


def new(expect: str, *top: Ace) -> Judged:
    check = FolderAccessIs.model_validate(
        {"on": "client", "path": r"C:\Dossiers", "user": "nolwenn", "author": "erwan", "new": True, "expect": expect}
    )
    answer = {
        "folder": True,
        "user": LOCAL,
        "author": {"sid": ERWAN, "local": True, "groups": []},
        "lists": [{"folder": True, "rights": written(*top)}],
        "more": False,
        "groups": [{"sid": COMPTA, "members": [NOLWENN, ERWAN]}],
    }
    return judged(check, {"folder-trial": answer})


def test_what_somebody_else_has_just_made() -> None:
    assert new("write", allow(COMPTA, MODIFY)).outcome == "PASS"
    assert new("read", allow(ERWAN, MODIFY), allow(COMPTA, READ)).outcome == "PASS"
    for wrong in (
        (allow(COMPTA, READ | WRITE, 0), allow(CREATOR, FULL, 0x0B)),  # each has what they made for themselves
        (allow(COMPTA, MODIFY, 0x01), allow(ERWAN, MODIFY)),  # files, but no folders
        (allow(COMPTA, MODIFY, 0x02), allow(ERWAN, MODIFY)),  # folders, but no files
        (allow(COMPTA, MODIFY, 0x07),),  # not in the folders that are made
        (allow(COMPTA, MODIFY, 0x00),),
        (allow(NOLWENN, MODIFY),),  # nobody makes anything
    ):
        assert new("write", *wrong).outcome == "FAIL", wrong


def test_what_cannot_be_told_is_inconclusive() -> None:
    assert access("denied", *KEEPERS, more=True).outcome == "INCONCLUSIVE"
    check = FolderAccessIs(on="client", path=r"C:\Dossiers", user="nolwenn", expect="read")
    assert judged(check, {"folder-trial": None}).outcome == "INCONCLUSIVE"


def test_a_domain_controller_and_a_computer_on_its_own() -> None:
    check = FolderAccessIs(on="server", path=r"C:\Partages\Compta", user="nolwenn.riou", expect="write")
    assert judged(check, {"folder-trial": golden("folder-trial", "server-nested")}).outcome == "PASS"
    check = FolderAccessIs(on="client", path=r"C:\Perso", user="erwan", expect="denied")
    assert judged(check, {"folder-trial": golden("folder-trial", "client-users")}).outcome == "FAIL"
    assert judged(check, {"folder-trial": golden("folder-trial", "client-absent")}).outcome == "FAIL"
