"""The checks of a directory judge a Windows domain controller: right in other ways, right only in appearance."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.check import Check
from checkers.checks.directory import AccountIs, ComputerIs, OuExists, PasswordPolicyIs, UserIs
from checkers.checks.groups import GroupIs
from checkers.checks.policies import PolicyIsLinked
from checkers.parsers.security_descriptor import CONTROL_ACCESS
from tests.unit.checkers.local.judging import Judged
from tests.unit.checkers.windows.judging import golden, judged
from tests.unit.checkers.windows.lists import ADMINISTRATORS, EVERYBODY, READ, allow, deny, written

FR, APPEARANCE, NOT_SHOWN = "server-solved-fr", "server-looks-right-en", "server-not-administrator-en"
OU = "OU=Kerbras"


def verdict(case: str, kind: type[Check], **params: Any) -> Judged:
    return judged(kind.model_validate({"on": "server", **params}), {"directory": golden("directory", case)})


SOLVED: list[tuple[type[Check], dict[str, Any]]] = [
    (OuExists, {"dn": f"OU=Postes,{OU}"}),
    (UserIs, {"name": "Nolwenn.Riou", "ou": f"ou=comptabilite,{OU}", "surname": "riou", "must_change": False}),
    (GroupIs, {"name": "GG-Compta", "scope": "global", "members": ["nolwenn.riou", "erwan.caradec"]}),
    (GroupIs, {"name": "DL-Compta", "members": ["nolwenn.riou"], "at_least": True, "nested": True}),
    (AccountIs, {"name": "nolwenn.riou", "enabled": True, "locked": False}),
    (ComputerIs, {"name": "poste-compta", "ou": f"OU=Postes,{OU}"}),
    (PasswordPolicyIs, {"min_length": 12, "history": 10, "complexity": True, "max_age_days": 90, "lockout_minutes": 0}),
    (PasswordPolicyIs, {"user": "nolwenn.riou", "min_length": 15, "lockout_threshold": 3, "lockout_minutes": 30}),
    (PasswordPolicyIs, {"user": "Administrateur", "min_length": 12}),
    (PolicyIsLinked, {"gpo": "gpo-bandeau", "ou": f"OU=Postes,{OU}", "scope": "machine"}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "params"), SOLVED, ids=lambda one: getattr(one, "kind", ""))
def test_solved(kind: type[Check], params: dict[str, Any]) -> None:
    assert verdict(FR, kind, **params).outcome == "PASS"


@pytest.mark.parametrize(
    ("kind", "params", "outcome", "word"),
    [
        (UserIs, {"name": "nolwenn.riou", "must_change": False}, "PART", "à changer"),
        (AccountIs, {"name": "nolwenn.riou", "locked": False}, "FAIL", "verrouillé"),
        (AccountIs, {"name": "erwan.caradec", "enabled": True}, "FAIL", "désactivé"),
        (GroupIs, {"name": "GG-Compta", "members": ["nolwenn.riou", "erwan.caradec"]}, "FAIL", "manque erwan.caradec"),
        (GroupIs, {"name": "GG-Compta", "members": ["nolwenn.riou"]}, "PART", "groupe de distribution"),
        (ComputerIs, {"name": "POSTE-COMPTA", "ou": f"OU=Postes,{OU}"}, "PART", "emplacement"),
        # A fine-grained policy that is for nobody: the domain's is what counts.
        (PasswordPolicyIs, {"user": "nolwenn.riou", "min_length": 15}, "FAIL", "trouvé « 12 »"),
        (PolicyIsLinked, {"gpo": "GPO-Bandeau", "ou": f"OU=Postes,{OU}"}, "PART", "le lien est désactivé"),
        (PolicyIsLinked, {"gpo": "GPO-Bandeau", "ou": f"OU=Postes,{OU}", "scope": "machine"}, "FAIL", "désactivé"),
    ],
)
def test_right_in_appearance(kind: type[Check], params: dict[str, Any], outcome: str, word: str) -> None:
    result = verdict(APPEARANCE, kind, **params)
    assert (result.outcome, word in result.reason) == (outcome, True), result


@pytest.mark.parametrize("name", ["Domain Users", "Utilisateurs du domaine"])
def test_well_known_groups_go_by_either_name(name: str) -> None:
    members = ["nolwenn.riou", "erwan.caradec"]
    for case in (FR, APPEARANCE):
        assert verdict(case, GroupIs, name=name, members=members, at_least=True).outcome == "PASS"


@pytest.mark.parametrize(("case", "member"), [(FR, "Administrator"), (APPEARANCE, "Administrateur")])
def test_well_known_members_go_by_either_name(case: str, member: str) -> None:
    assert verdict(case, GroupIs, name="Domain Admins", members=[member]).outcome == "PASS"
    assert verdict(case, GroupIs, name="Domain Admins", members=["nolwenn.riou"]).outcome == "FAIL"


def test_policies_that_are_not_shown_are_not_missing() -> None:
    """Only administrators may see them: another account finds none, and no error."""
    assert verdict(NOT_SHOWN, PasswordPolicyIs, user="nolwenn.riou", min_length=15).outcome == "INCONCLUSIVE"
    assert verdict(NOT_SHOWN, PasswordPolicyIs, min_length=12).outcome == "PASS"


FILTERED = "server-filtered-fr"
BANNER = {"gpo": "GPO-Bandeau", "ou": f"OU=Postes,{OU}"}


@pytest.mark.parametrize(
    ("case", "names"),
    [
        (FR, ["nolwenn.riou", "POSTE-COMPTA", "GG-Compta", "Domain Users"]),  # all are authenticated users
        (FILTERED, ["GG-Compta"]),
        (FILTERED, ["nolwenn.riou"]),
        (FILTERED, []),
    ],
)
def test_whom_a_policy_is_for(case: str, names: list[str]) -> None:
    assert verdict(case, PolicyIsLinked, **BANNER, applies_to=names).outcome == "PASS"


@pytest.mark.parametrize(
    ("names", "missed"),
    [
        (["erwan.caradec"], "erwan.caradec"),  # a member of the group, to whom it is denied
        (["POSTE-COMPTA", "nolwenn.riou"], "POSTE-COMPTA ("),
        (["Administrateur"], "Administrateur"),  # who may edit a policy does not get it for that
        (["nobody.there"], "nobody.there"),
    ],
)
def test_whom_a_policy_seems_to_be_for(names: list[str], missed: str) -> None:
    found = verdict(FILTERED, PolicyIsLinked, **BANNER, applies_to=names)
    assert (found.outcome, f"ne s'applique pas à {missed}" in found.reason) == ("PART", True), found


def test_a_group_that_is_called_as_everybody_is_numbered_is_not_everybody() -> None:
    answer = golden("directory", FILTERED)
    group = next(one for one in answer["records"] if one.get("samaccountname") == ["GG-Compta"])
    group["samaccountname"] = ["S-1-5-11"]
    check = PolicyIsLinked.model_validate({"on": "server", **BANNER, "applies_to": ["POSTE-COMPTA"]})
    assert judged(check, {"directory": answer}).outcome == "PART"


def test_a_policy_for_nobody_and_one_that_does_not_say() -> None:
    answer = golden("directory", FILTERED)
    record = next(one for one in answer["records"] if one.get("displayname") == ["GPO-Bandeau"])
    check = PolicyIsLinked.model_validate({"on": "server", **BANNER})
    record["ntsecuritydescriptor"] = [written(deny(EVERYBODY, CONTROL_ACCESS, 0), allow(ADMINISTRATORS, READ, 0))]
    found = judged(check, {"directory": answer})
    assert (found.outcome, "personne n'a le droit" in found.reason) == ("PART", True)
    for unreadable in (["AAAA"], []):
        record["ntsecuritydescriptor"] = unreadable
        assert judged(check, {"directory": answer}).outcome == "PASS"
        asked = check.model_copy(update={"applies_to": ("GG-Compta",)})
        assert judged(asked, {"directory": answer}).outcome == "INCONCLUSIVE"


def test_no_directory_and_one_that_cannot_be_read() -> None:
    assert verdict("client-none", UserIs, name="nolwenn.riou").outcome == "FAIL"
    assert verdict("server-too-large", UserIs, name="nolwenn.riou").outcome == "INCONCLUSIVE"
