"""A Windows directory in which one thing was changed: right in another way, or right only in appearance."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.check import Check
from checkers.checks.directory import AccountIs, OuExists, PasswordPolicyIs, UserIs
from checkers.checks.groups import GroupIs
from tests.unit.checkers.windows.judging import golden, judged

BASE = "DC=kerbras,DC=lan"
OU = f"OU=Kerbras,{BASE}"
NOLWENN = f"CN=Nolwenn Riou,OU=Comptabilite,{OU}"
PAST, FUTURE = ["133000000000000000"], ["139000000000000000"]

UNIT = OuExists.model_validate({"on": "server", "dn": "OU=Comptabilite,OU=Kerbras"})
USER = UserIs.model_validate(
    {
        "on": "server", "name": "nolwenn.riou", "ou": "OU=Comptabilite,OU=Kerbras", "given_name": "Nolwenn",
        "surname": "Riou", "upn": "nolwenn.riou@kerbras.lan", "must_change": False,
    }
)  # fmt: skip
ACCOUNT = AccountIs.model_validate({"on": "server", "name": "nolwenn.riou", "enabled": True, "locked": False})
GROUP = GroupIs.model_validate(
    {"on": "server", "name": "GG-Compta", "scope": "global", "members": ["nolwenn.riou", "erwan.caradec"]}
)
NESTED = GroupIs.model_validate(
    {"on": "server", "name": "DL-Compta", "members": ["nolwenn.riou"], "at_least": True, "nested": True}
)
DOMAIN = PasswordPolicyIs.model_validate({"on": "server", "min_length": 12, "lockout_minutes": 0})
FINE = PasswordPolicyIs.model_validate({"on": "server", "user": "nolwenn.riou", "min_length": 15})

Change = dict[str, dict[str, list[str]]]
"""What is changed, by the beginning of the object's name."""


def changed(changes: Change) -> Any:
    answer = golden("directory", "server-solved-fr")
    for start, values in changes.items():
        [record] = [one for one in answer["records"] if one["distinguishedname"][0].startswith(start)]
        record.update(values)
    return answer


@pytest.mark.parametrize(
    ("check", "changes"),
    [
        (UNIT, {"OU=Comptabilite": {"distinguishedname": [f"ou=COMPTABILITE,ou=kerbras,{BASE}"]}}),
        (UNIT, {"OU=Comptabilite": {"gpoptions": ["1"]}}),
        (USER, {"CN=Nolwenn": {"givenname": ["NOLWENN"], "userprincipalname": ["Nolwenn.Riou@KERBRAS.LAN"]}}),
        (USER, {"CN=Nolwenn": {"useraccountcontrol": ["66048"]}}),  # the password never expires: not asked
        (USER, {"CN=Nolwenn": {"accountexpires": FUTURE}}),
        (ACCOUNT, {"CN=Nolwenn": {"accountexpires": ["0"]}}),
        # Locked out once, long ago: the server's own word counts.
        (ACCOUNT, {"CN=Nolwenn": {"lockouttime": PAST, "msds-user-account-control-computed": ["0"]}}),
        (GROUP, {"CN=GG-Compta": {"member": [f"CN=Erwan Caradec,OU=Comptabilite,{OU}", NOLWENN]}}),
        (NESTED, {"CN=DL-Compta": {"member": [NOLWENN]}}),
        # A member of Domain Users by its primary group only.
        (NESTED, {"CN=DL-Compta": {"member": [f"CN=Utilisateurs du domaine,CN=Users,{BASE}"]}}),
        (DOMAIN, {"DC=kerbras": {"lockoutduration": ["0"]}}),
        (FINE, {"CN=PSO-Compta": {"msds-psoappliesto": [NOLWENN]}}),
    ],
)  # fmt: skip
def test_right_in_another_way(check: Check, changes: Change) -> None:
    found = judged(check, {"directory": changed(changes)})
    assert found.outcome == "PASS", found


@pytest.mark.parametrize(
    ("check", "changes", "outcome", "word"),
    [
        (UNIT, {"OU=Comptabilite": {"distinguishedname": [f"OU=Comptabilite,{BASE}"]}}, "FAIL", "ailleurs"),
        (UNIT, {"OU=Comptabilite": {"objectclass": ["top", "container"]}}, "FAIL", "introuvable"),
        (UNIT, {"OU=Comptabilite": {"distinguishedname": [f"OU=Comptabilité,{OU}"]}}, "FAIL", "introuvable"),
        (USER, {"CN=Nolwenn": {"givenname": ["Riou"], "sn": ["Nolwenn"]}}, "PART", "prénom"),
        (USER, {"CN=Nolwenn": {"accountexpires": PAST}}, "PART", "expiré"),
        (USER, {"CN=Nolwenn": {"pwdlastset": ["0"]}}, "PART", "à changer"),
        (USER, {"CN=Nolwenn": {"samaccountname": ["nriou"]}}, "FAIL", "introuvable"),
        (ACCOUNT, {"CN=Nolwenn": {"useraccountcontrol": ["514"]}}, "FAIL", "désactivé"),
        (ACCOUNT, {"CN=Nolwenn": {"accountexpires": PAST}}, "FAIL", "expiré"),
        (ACCOUNT, {"CN=Nolwenn": {"msds-user-account-control-computed": ["16"]}}, "FAIL", "verrouillé"),
        (GROUP, {"CN=GG-Compta": {"grouptype": ["2"]}}, "PART", "groupe de distribution"),
        (GROUP, {"CN=GG-Compta": {"grouptype": ["-2147483640"]}}, "PART", "universelle"),
        (GROUP, {"CN=GG-Compta": {"member": [NOLWENN]}}, "FAIL", "manque erwan.caradec"),
        (NESTED, {"CN=GG-Compta": {"member": [f"CN=Erwan Caradec,OU=Comptabilite,{OU}"]}}, "FAIL", "nolwenn.riou"),
        (DOMAIN, {"DC=kerbras": {"lockoutduration": ["-18000000000"]}}, "FAIL", "30"),
        # The policy is there, and not hers.
        (FINE, {"CN=Nolwenn": {"msds-resultantpso": []}}, "FAIL", "trouvé « 12 »"),
    ],
)  # fmt: skip
def test_right_in_appearance(check: Check, changes: Change, outcome: str, word: str) -> None:
    found = judged(check, {"directory": changed(changes)})
    assert (found.outcome, word in found.reason) == (outcome, True), found
