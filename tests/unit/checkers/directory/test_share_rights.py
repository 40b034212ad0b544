"""``share-acl``: effective rights, by Windows or POSIX lists, directly or through groups."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.checks.share_rights import ShareRightsAre
from checkers.probes.directory import DirectoryValue
from checkers.probes.shares import FolderRightsValue
from tests.unit.checkers.directory.sample import BASE, OU, SID, domain, group, nolwenn
from tests.unit.checkers.local.judging import Judged, judged

COMPTA, LOCAL, ATELIER, EMPTY, USERS, ADMINS = (f"{SID}-{rid}" for rid in (1110, 1111, 1112, 1113, 513, 512))
NUMBERS = {COMPTA: 3000010, LOCAL: 3000011, ATELIER: 3000012, EMPTY: 3000013, USERS: 100, ADMINS: 3000004}
FULL, CHANGE, READ = 0x1F01FF, 0x1301BF, 0x1200A9
SYSTEM, ADMINISTRATORS, EVERYONE, AUTHENTICATED = "S-1-5-18", "S-1-5-32-544", "S-1-1-0", "S-1-5-11"


def posix(owning: str = "rwx", other: str = "---", **named: str) -> list[dict[str, Any]]:
    """named: g_<rid> or u_<rid> with rights."""
    entries: list[dict[str, Any]] = [
        {"kind": "user", "id": None, "rights": "rwx"},
        {"kind": "group", "id": None, "rights": owning},
        {"kind": "other", "id": None, "rights": other},
    ]
    for name, rights in named.items():
        kind, _, rid = name.partition("_")
        entries.append({"kind": {"g": "group", "u": "user"}[kind], "id": NUMBERS[f"{SID}-{rid}"], "rights": rights})
    return entries


def nt(*entries: tuple[str, int], deny: tuple[str, int] | None = None, flags: int = 3) -> list[dict[str, Any]]:
    whole = [(SYSTEM, FULL), (ADMINISTRATORS, FULL), (ADMINS, FULL), *entries]
    found = [{"allow": True, "flags": flags, "mask": mask, "sid": sid} for sid, mask in whole]
    return [*([{"allow": False, "flags": 3, "mask": deny[1], "sid": deny[0]}] if deny else []), *found]


def folder(owning_group: int, entries: list[dict[str, Any]], windows: Any = None, **changes: Any) -> FolderRightsValue:
    identities = [{"sid": sid, "number": number} for sid, number in NUMBERS.items()]
    base = {"present": True, "owner": 0, "group": owning_group, "posix": entries, "nt": windows}
    return FolderRightsValue.model_validate({**base, "identities": identities, **changes})


def verdict(found: FolderRightsValue, directory: DirectoryValue | None = None, **allow: str) -> Judged:
    wanted = {key.replace("_", "-"): level for key, level in (allow or {"GG_Compta": "modify"}).items()}
    check = ShareRightsAre.model_validate({"on": "server", "path": "/srv/c", "allow": wanted})
    return judged(check, {"folder-rights": found, "directory": domain() if directory is None else directory})


@pytest.mark.parametrize(
    "found",
    [
        # chgrp and chmod 2770: no Windows list at all.
        folder(NUMBERS[COMPTA], posix()),
        # setfacl.
        folder(0, posix("---", g_1110="rwx")),
        # By the domain local group that holds the global one (AGDLP).
        folder(NUMBERS[LOCAL], posix()),
        folder(0, posix("---", g_1111="rwx"), nt((LOCAL, CHANGE))),
        # Windows rights, which Samba mirrors in the POSIX list: modify, or full control.
        folder(0, posix("---", g_1110="rwx"), nt((COMPTA, CHANGE))),
        folder(0, posix("---", g_1110="rwx"), nt((COMPTA, FULL))),
        # The Windows list went stale when chgrp was used: the POSIX list decides.
        folder(NUMBERS[COMPTA], posix(), nt()),
        folder(NUMBERS[COMPTA], posix(), nt((EVERYONE, FULL))),
        # Administrators and the system may have anything.
        folder(NUMBERS[ADMINS], posix("rwx", g_1110="rwx")),
        # Only the Windows list counts when Samba is told so.
        folder(0, posix("rwx", "rwx"), nt((COMPTA, CHANGE)), ignores_posix=True),
        # An entry for what will be made inside is no right on the folder.
        folder(NUMBERS[COMPTA], posix(), [*nt((COMPTA, CHANGE)), *nt((EVERYONE, FULL), flags=11)]),
    ],
)  # fmt: skip
def test_right_ways(found: FolderRightsValue) -> None:
    assert verdict(found).outcome == "PASS"


@pytest.mark.parametrize(
    ("found", "outcome", "word"),
    [
        (folder(NUMBERS[COMPTA], posix(other="r-x")), "PART", "tous les utilisateurs"),
        (folder(NUMBERS[COMPTA], posix("r-x")), "FAIL", "« GG-Compta » : lecture, attendu : modification"),
        (folder(NUMBERS[USERS], posix()), "PART", "tous les utilisateurs"),
        (folder(NUMBERS[COMPTA], posix(g_1112="r-x")), "PART", "GG-Atelier"),
        (folder(0, posix()), "FAIL", "aucun droit"),
        # chmod 0700: closed to all is not asked.
        (folder(0, posix("---")), "FAIL", "aucun droit"),
        # The mask takes the rights away (the probe gives effective rights).
        (folder(0, posix("---", g_1110="r--")), "FAIL", "aucun droit"),
        (folder(0, posix("---", g_1110="rwx", g_513="r-x"), nt((COMPTA, CHANGE), (USERS, READ))), "PART", "tous"),
        (folder(0, posix("---", g_1110="rwx", g_1112="r-x"), nt((COMPTA, CHANGE), (ATELIER, READ))), "PART", "Atelier"),
        # Windows says yes, the kernel says no.
        (folder(0, posix("---"), nt((COMPTA, CHANGE))), "FAIL", "aucun droit"),
        # Denied before allowed.
        (folder(0, posix("---"), nt((COMPTA, CHANGE), deny=(COMPTA, FULL))), "FAIL", "aucun droit"),
        # Write without delete.
        (folder(NUMBERS[COMPTA], posix(), nt((COMPTA, 0x1200A9 | 0x6))), "FAIL", "lecture, écriture, attendu"),
        (folder(0, posix("---", g_1110="rwx", g_1113="rwx")), "PART", "GG-Vide"),
        (FolderRightsValue(present=False), "FAIL", "introuvable"),
    ],
)  # fmt: skip
def test_rights_that_look_right(found: FolderRightsValue, outcome: str, word: str) -> None:
    result = verdict(found)
    assert word in result.reason
    assert result.outcome == outcome


def test_reading_only() -> None:
    both = {"GG_Compta": "modify", "GG_Atelier": "read"}
    assert verdict(folder(0, posix("---", g_1110="rwx", g_1112="r-x")), **both).outcome == "PASS"
    writing = verdict(folder(0, posix("---", g_1110="rwx", g_1112="rwx")), **both)
    assert (writing.outcome, "attendu : lecture seule" in writing.reason) == ("PART", True)
    assert verdict(folder(NUMBERS[COMPTA], posix()), GG_Compta="full").outcome == "PASS"
    change = folder(NUMBERS[COMPTA], posix(), nt((COMPTA, CHANGE)))
    assert verdict(change, GG_Compta="full").outcome == "FAIL"


def test_rights_of_the_global_group_do_not_reach_the_domain_local_one() -> None:
    assert verdict(folder(NUMBERS[COMPTA], posix()), DL_Compta="modify").outcome == "FAIL"


def test_a_user_of_the_group_may_be_named_and_another_may_not() -> None:
    NUMBERS[f"{SID}-1103"], NUMBERS[f"{SID}-1105"] = 3000103, 3000105
    assert verdict(folder(NUMBERS[COMPTA], posix(u_1103="rwx"))).outcome == "PASS"
    assert "solenn.morvan" in verdict(folder(NUMBERS[COMPTA], posix(u_1105="r-x"))).reason


def test_numbers_of_the_directory_go_first() -> None:
    groups = [group(1110, "GG-Compta", nolwenn(), gid_number=20001), group(513, "Domain Users")]
    assert verdict(folder(20001, posix()), domain(groups=groups)).outcome == "PASS"


def test_group_missing_or_unseen() -> None:
    assert "n'existe pas" in verdict(folder(0, posix()), GG_Rien="modify").reason
    check = ShareRightsAre.model_validate({"on": "server", "path": "/srv/c", "allow": {"GG-Compta": "read"}})
    right = folder(NUMBERS[COMPTA], posix("r-x"))
    assert judged(check, {"folder-rights": right, "directory": domain()}).outcome == "PASS"
    assert judged(check, {"folder-rights": None, "directory": domain()}).outcome == "INCONCLUSIVE"
    assert judged(check, {"folder-rights": right, "directory": None}).outcome == "INCONCLUSIVE"
    odd = "== posix\n# owner: 0\n# group: 0\nuser::rwx\ngroup::rwx\nother::---\n== nt\ngetfattr: command not found\n"
    assert judged(check, {"folder-rights": odd, "directory": domain()}).outcome == "INCONCLUSIVE"


def test_groups_in_a_loop() -> None:
    one, two = (f"CN={name},OU=Groupes,{OU}" for name in ("GG-Compta", "DL-Compta"))
    groups = [group(1110, "GG-Compta", two, nolwenn()), group(1111, "DL-Compta", one), group(513, "Domain Users")]
    assert BASE in one
    assert verdict(folder(NUMBERS[LOCAL], posix()), domain(groups=groups)).outcome == "PASS"
