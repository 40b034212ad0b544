"""``ad-*``: what a directory holds."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.check import Check
from checkers.checks.directory import AccountIs, ComputerIs, OuExists, PasswordPolicyIs, UserIs
from checkers.checks.groups import GroupIs
from checkers.facts import Raw
from checkers.probe import Unreadable
from checkers.probes.directory import LOCKED, Directory, DirectoryValue
from tests.unit.checkers.directory.sample import (
    BASE,
    NOW,
    OU,
    PASSWORDS,
    computer,
    domain,
    group,
    nolwenn,
    unit,
    user,
)  # fmt: skip
from tests.unit.checkers.local.judging import Judged, judged


def verdict(check: Check, found: DirectoryValue | None = None) -> Judged:
    return judged(check, {"directory": domain() if found is None else found})


def ou(dn: str) -> OuExists:
    return OuExists(on="server", dn=dn)


def test_units() -> None:
    assert verdict(ou(f"OU=Postes,{OU}")).outcome == "PASS"
    assert verdict(ou("ou=postes, ou=kerbras")).outcome == "PASS"
    assert verdict(ou(f"ou=POSTES,OU=kerbras, {BASE.lower()}")).outcome == "PASS"
    elsewhere = verdict(ou(f"OU=Postes,{OU}"), domain(units=[unit(BASE), unit(f"OU=Postes,{BASE}")]))
    assert (elsewhere.outcome, "existe ailleurs" in elsewhere.reason) == ("FAIL", True)
    as_container = domain(units=[unit(BASE), unit(f"CN=Postes,{OU}")])
    assert verdict(ou(f"OU=Postes,{OU}"), as_container).outcome == "FAIL"
    accent = domain(units=[unit(f"OU=Comptabilité,{OU}")])
    assert verdict(ou(f"OU=Comptabilite,{OU}"), accent).outcome == "FAIL"


NOLWENN: dict[str, Any] = {
    "on": "server",
    "name": "nolwenn.riou",
    "ou": f"OU=Comptabilite,{OU}",
    "given_name": "Nolwenn",
    "surname": "Riou",
    "upn": "nolwenn.riou@kerbras.lan",
    "must_change": False,
}


def riou(place: str = f"OU=Comptabilite,{OU}", **changes: Any) -> DirectoryValue:
    names = {"given_name": "Nolwenn", "surname": "Riou"}
    return domain(users=[user(1103, "nolwenn.riou", place, **{**names, **changes})])


@pytest.mark.parametrize(
    "found",
    [
        riou(),
        riou(given_name="nolwenn", upn="Nolwenn.Riou@KERBRAS.LAN"),
        riou(dn=f"CN=Riou\\, Nolwenn,ou=comptabilite,{OU.lower()}"),
        riou(name="Nolwenn.RIOU", control=66048),
        riou(expires=NOW + 86400),
    ],
)
def test_right_users(found: DirectoryValue) -> None:
    assert verdict(UserIs.model_validate(NOLWENN), found).outcome == "PASS"


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (riou(f"CN=Users,{BASE}"), "emplacement : trouvé « CN=Users,DC=kerbras,DC=lan »"),
        (riou(f"OU=Sous,OU=Comptabilite,{OU}"), "emplacement"),
        (riou(control=514), "compte désactivé"),
        (riou(expires=NOW - 1), "compte expiré"),
        (riou(password_set=0), "prochaine connexion : oui, attendu non"),
        (riou(upn=""), "trouvé rien"),
        (riou(given_name="Riou", surname="Nolwenn"), "prénom : trouvé « Riou », attendu « Nolwenn »"),
    ],
)
def test_users_that_look_right(found: DirectoryValue, word: str) -> None:
    result = verdict(UserIs.model_validate(NOLWENN), found)
    assert (result.outcome, word in result.reason) == ("PART", True)


def test_users_that_do_not_exist() -> None:
    assert verdict(UserIs(on="server", name="riou.nolwenn")).outcome == "FAIL"
    # A computer or a group of that name is no user.
    assert verdict(UserIs(on="server", name="GG-Compta")).outcome == "FAIL"
    assert verdict(UserIs(on="server", name="nolwenn.riou", never_expires=True), riou(control=66048)).outcome == "PASS"


def test_accounts() -> None:
    def account(control: int, **asked: bool) -> str:
        check = AccountIs.model_validate({"on": "server", "name": "nolwenn.riou", **asked})
        return verdict(check, riou(control=control)).outcome

    assert account(514, enabled=False) == "PASS"
    assert account(512, enabled=False) == "FAIL"
    assert account(512 | 0x10, enabled=True, locked=False) == "FAIL"
    assert account(512, enabled=True, locked=False) == "PASS"
    # Disabled instead of unlocked: looks harmless, is not.
    assert account(514, enabled=True, locked=False) == "FAIL"
    # Deleted instead of disabled.
    assert verdict(AccountIs(on="server", name="yann.lebihan", enabled=False)).outcome == "FAIL"


GG: dict[str, Any] = {
    "on": "server",
    "name": "gg-compta",
    "ou": f"OU=Groupes,{OU}",
    "scope": "global",
    "members": ["nolwenn.riou", "Erwan.Caradec"],
}
ERWAN = f"CN=erwan.caradec,OU=Comptabilite,{OU}"
SOLENN = f"CN=solenn.morvan,OU=Atelier,{OU}"


def compta(*members: str, **changes: Any) -> DirectoryValue:
    inner = group(1120, "GG-Inner", ERWAN)
    return domain(groups=[group(1110, "GG-Compta", *members, **changes), inner])


INNER = f"CN=GG-Inner,OU=Groupes,{OU}"


@pytest.mark.parametrize(
    ("found", "changes"),
    [
        (compta(nolwenn(), ERWAN), {}),
        (compta(ERWAN.lower(), nolwenn().replace(",", ", ")), {}),
        (compta(nolwenn(), ERWAN, SOLENN), {"at_least": True}),
        (compta(nolwenn(), INNER), {"nested": True}),
    ],
)
def test_right_groups(found: DirectoryValue, changes: dict[str, bool]) -> None:
    assert verdict(GroupIs.model_validate({**GG, **changes}), found).outcome == "PASS"


def test_members_by_primary_group_count() -> None:
    people = [user(1103, "nolwenn.riou", primary_group=1110), user(1104, "erwan.caradec")]
    found = domain(users=people, groups=[group(1110, "GG-Compta", ERWAN)])
    assert verdict(GroupIs.model_validate(GG), found).outcome == "PASS"


@pytest.mark.parametrize(
    ("found", "outcome", "word"),
    [
        (compta(nolwenn()), "FAIL", "manque Erwan.Caradec"),
        (compta(nolwenn(), ERWAN, SOLENN), "FAIL", "en trop solenn.morvan"),
        (compta(nolwenn(), INNER), "FAIL", "en trop GG-Inner"),
        (compta(nolwenn(), ERWAN, type=0x80000004), "PART", "étendue domaine local, attendue globale"),
        (compta(nolwenn(), ERWAN, type=0x2), "PART", "distribution"),
        (compta(nolwenn(), ERWAN, dn=f"CN=GG-Compta,CN=Users,{BASE}"), "PART", "emplacement"),
        (domain(groups=[]), "FAIL", "introuvable"),
    ],
)
def test_groups_that_look_right(found: DirectoryValue, outcome: str, word: str) -> None:
    result = verdict(GroupIs.model_validate(GG), found)
    assert (result.outcome, word in result.reason) == (outcome, True)


def test_groups_that_hold_each_other() -> None:
    one, two = f"CN=GG-Compta,OU=Groupes,{OU}", f"CN=GG-Inner,OU=Groupes,{OU}"
    loop = domain(groups=[group(1110, "GG-Compta", nolwenn(), two), group(1120, "GG-Inner", ERWAN, one)])
    assert verdict(GroupIs.model_validate({**GG, "nested": True}), loop).outcome == "PASS"


def test_computers() -> None:
    check = ComputerIs(on="server", name="poste-compta", ou=f"OU=Postes,{OU}")
    assert verdict(check).outcome == "PASS"
    assert verdict(check.model_copy(update={"name": "POSTE-COMPTA$"})).outcome == "PASS"
    assert verdict(check, domain(computers=[computer("POSTE-COMPTA", control=4098)])).outcome == "FAIL"
    moved = computer("POSTE-COMPTA", dn=f"CN=POSTE-COMPTA,CN=Computers,{BASE}")
    assert verdict(check, domain(computers=[moved])).outcome == "PART"
    assert verdict(check, domain(computers=[computer("POSTE-NEUF")])).outcome == "FAIL"


POLICY = PasswordPolicyIs(
    on="server", min_length=12, history=10, complexity=True, max_age_days=90, lockout_threshold=5, lockout_minutes=0
)
UNTOUCHED = {**PASSWORDS, "min_length": 7, "history": 3, "max_age_s": 42 * 86400, "lockout_threshold": 3}


def test_password_policy() -> None:
    assert verdict(POLICY).outcome == "PASS"
    almost = verdict(POLICY, domain(passwords={**PASSWORDS, "history": 24}))
    assert (almost.outcome, almost.reason) == ("PART", "historique : trouvé « 24 », attendu « 10 »")
    # An untouched policy meets two expectations by chance.
    assert verdict(POLICY, domain(passwords=UNTOUCHED)).outcome == "FAIL"
    assert verdict(POLICY, domain(passwords={**PASSWORDS, "max_age_s": 90 * 86400 - 1})).outcome == "PART"


CHECKS = [ou(f"OU=Postes,{OU}"), UserIs.model_validate(NOLWENN), GroupIs.model_validate(GG), POLICY]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.kind)
def test_no_directory_is_a_failure_and_an_unseen_one_is_not(check: Check) -> None:
    assert verdict(check, DirectoryValue(present=False)).outcome == "FAIL"
    assert judged(check, {"directory": None}).outcome == "INCONCLUSIVE"
    assert judged(check, {"directory": "# now 1\n# record 1\ndn: OU=a,DC=b\n"}).outcome == "INCONCLUSIVE"


LDIF = """\
# now 1800000000
# record 1
dn: DC=kerbras,DC=lan
objectClass: domainDNS
objectSid: S-1-5-21-1-2-3
maxPwdAge: -9223372036854775808
lockoutDuration: -18000000000
minPwdLength: 12
pwdProperties: 1

# record 2
dn: CN=x,DC=kerbras,DC=lan
objectClass: user
sAMAccountName: x
userAccountControl: 512
lockoutTime: 134444735990000000
pwdLastSet: 0
accountExpires: 9223372036854775807

# record 3
dn: CN=g,DC=kerbras,DC=lan
objectClass: group
groupType: -2147483646
sAMAccountName: g
member: <GUID=1>;<RMD_FLAGS=0>;<SID=S-1-5-21-1-2-3-1103>;CN=x,DC=kerbras,DC=lan
member: <GUID=2>;<RMD_FLAGS=1>;<SID=S-1-5-21-1-2-3-1104>;CN=y,DC=kerbras,DC=lan
member: CN=z,DC=kerbras,DC=lan

# record 4
dn: CN=y\\0ADEL:2,CN=Deleted Objects,DC=kerbras,DC=lan
objectClass: user
sAMAccountName: y
isDeleted: TRUE

# returned 4 records
"""


def test_reading_a_directory() -> None:
    found = Directory().parse(Raw(stdout=LDIF))
    assert found.passwords is not None
    assert (found.passwords.max_age_s, found.passwords.lockout_s, found.passwords.complexity) == (0, 1800, True)
    assert (found.users[0].control, found.users[0].password_set, found.users[0].expires) == (528, 0, 0)
    assert found.groups[0].type == 0x80000002
    assert [user.name for user in found.users] == ["x"]
    # A removed link and a deleted account stay in the database for months.
    assert found.groups[0].members == ("CN=x,DC=kerbras,DC=lan", "CN=z,DC=kerbras,DC=lan")
    assert Directory().parse(Raw(stdout="# no directory\n")).present is False


@pytest.mark.parametrize(
    ("duration", "since", "locked"),
    [
        ("-18000000000", "134444735990000000", True),  # half an hour, one second ago
        ("-18000000000", "134444700000000000", False),
        ("0", "134444700000000000", True),  # until an administrator
        ("-9223372036854775808", "134444700000000000", True),
        ("0", "0", False),
    ],
)
def test_a_lock_lasts_as_long_as_the_policy_says(duration: str, since: str, locked: bool) -> None:
    text = LDIF.replace("lockoutDuration: -18000000000", f"lockoutDuration: {duration}")
    text = text.replace("lockoutTime: 134444735990000000", f"lockoutTime: {since}")
    assert bool(Directory().parse(Raw(stdout=text)).users[0].control & LOCKED) == locked


@pytest.mark.parametrize(
    "raw",
    [
        Raw(stdout=""),
        Raw(stdout=LDIF, exit_code=1),
        Raw(stdout=LDIF.replace("# returned", "#")),
        Raw(stdout="# now 1\n\n# returned 0 records\n"),
    ],
)
def test_unreadable_directories(raw: Raw) -> None:
    with pytest.raises(Unreadable):
        Directory().parse(raw)
