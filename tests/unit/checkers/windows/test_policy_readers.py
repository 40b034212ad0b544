"""``gpo-linked`` about what a policy sets for users: since MS16-072 the computer must be able to read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from checkers.checks.policies import PolicyIsLinked
from checkers.parsers.security_descriptor import Ace
from tests.unit.checkers.local.judging import Judged
from tests.unit.checkers.windows.judging import golden, judged
from tests.unit.checkers.windows.lists import EVERYBODY, allow, deny, written

DOMAIN = "S-1-5-21-3623811015-3361044348-30300820"
COMPTA, ERWAN, POSTE, OTHER = (f"{DOMAIN}-{number}" for number in (1110, 1104, 1105, 1106))
COMPUTERS, ADMINS, ONE, TWO = (f"{DOMAIN}-{number}" for number in (515, 512, 2001, 2002))
AUTHENTICATED, CONTROLLERS, OLD = "S-1-5-11", "S-1-5-9", "S-1-5-32-554"
BASE = "DC=kerbras,DC=lan"
PLACE = f"CN=POSTE-COMPTA,OU=Postes,OU=Kerbras,{BASE}"
READS, APPLIES, EDITS = 0x20094, 0x100, 0xF00FF
"""What the console writes."""
SOME = "e48d0154-bcf8-11d1-8702-00c04fb96050"
"""A set of properties."""
FILTERED = (allow(COMPTA, APPLIES, 0), allow(COMPTA, READS), allow(ADMINS, EDITS), allow(CONTROLLERS, READS))
"""What it leaves of a policy whose filtering is a group, once "Authenticated Users" was taken out."""
CHECK = PolicyIsLinked(on="server", gpo="GPO-Bandeau", ou="OU=Postes,OU=Kerbras", applies_to=("nolwenn.riou",))


def directory(*entries: Ace, version: int = 2 << 16, flags: int = 0) -> Any:
    """The answer of a server where a policy has this access list."""
    answer = golden("directory", "server-solved-fr")
    record = next(one for one in answer["records"] if one.get("displayname") == ["GPO-Bandeau"])
    record["ntsecuritydescriptor"] = [written(*entries)]
    record["versionnumber"], record["flags"] = [str(version)], [str(flags)]
    return answer


def linked(answer: Any, groups: Mapping[str, str] | None = None, **asked: Any) -> Judged:
    """groups: further ones by their SID, each with one member."""
    for sid, member in (groups or {}).items():
        name = {"distinguishedname": [f"CN={sid},{BASE}"], "samaccountname": [sid], "objectsid": [sid]}
        answer["records"].append({**name, "objectclass": ["top", "group"], "member": [member]})
    return judged(CHECK.model_copy(update=asked), {"directory": answer})


@pytest.mark.parametrize(
    ("more", "groups"),
    [
        ([allow(AUTHENTICATED, READS)], {}),
        ([allow(COMPUTERS, READS)], {}),
        ([allow(EVERYBODY, READS)], {}),
        ([allow(POSTE, READS)], {}),
        # By a group in a group, or by one that holds whoever is authenticated.
        ([allow(TWO, READS)], {ONE: PLACE, TWO: f"CN={ONE},{BASE}"}),
        ([allow(OLD, READS)], {OLD: f"CN=S-1-5-11,CN=ForeignSecurityPrincipals,{BASE}"}),
        # What it may read in part, or was denied in part, it may be able to read.
        ([Ace(True, 0, 0x10, AUTHENTICATED, SOME)], {}),
        ([Ace(False, 0, 0x10, COMPUTERS, SOME), allow(AUTHENTICATED, READS)], {}),
        # Denied to others; denied after it was allowed.
        ([deny(ERWAN, READS), allow(AUTHENTICATED, READS)], {}),
        ([allow(AUTHENTICATED, READS), deny(COMPUTERS, READS)], {}),
    ],
)
def test_some_computer_may_read_it(more: list[Ace], groups: dict[str, str]) -> None:
    found = linked(directory(*more, *FILTERED), groups)
    assert found.outcome == "PASS", found


@pytest.mark.parametrize(
    ("more", "groups"),
    [
        ([], {}),
        ([allow(AUTHENTICATED, APPLIES, 0)], {}),
        ([allow(AUTHENTICATED, READS, 0x0A)], {}),  # for what is below it
        ([deny(COMPUTERS, READS), allow(AUTHENTICATED, READS)], {}),
        ([deny(POSTE, EDITS), allow(COMPUTERS, READS)], {}),
        ([allow(ONE, READS)], {ONE: f"CN=Nolwenn Riou,OU=Comptabilite,OU=Kerbras,{BASE}"}),
    ],
)
def test_no_computer_may_read_it(more: list[Ace], groups: dict[str, str]) -> None:
    for asked in ({}, {"scope": "user"}, {"applies_to": None}):
        found = linked(directory(*more, *FILTERED), groups, **asked)
        assert (found.outcome, "MS16-072" in found.reason) == ("PART", True), found


def test_where_it_does_not_matter() -> None:
    """A policy that sets nothing for users, or no longer; one that is asked for its other half."""
    assert linked(directory(*FILTERED, version=7)).outcome == "PASS"
    assert linked(directory(*FILTERED, flags=1)).outcome == "PASS"
    assert linked(directory(*FILTERED), scope="machine").outcome == "PASS"


def test_whichever_computer_it_is() -> None:
    """Who logs on where is not known: one that may read it is enough; where none has joined, none was refused."""
    answer = directory(*FILTERED, allow(OTHER, READS))
    joined = next(one for one in answer["records"] if one.get("samaccountname") == ["POSTE-COMPTA$"])
    other = {**joined, "distinguishedname": [f"CN=P2,{BASE}"], "samaccountname": ["P2$"], "objectsid": [OTHER]}
    assert linked(answer).outcome == "PART"
    answer["records"].append(other)
    assert linked(answer).outcome == "PASS"
    answer["records"].remove(joined)
    answer["records"].remove(other)
    assert linked(answer).outcome == "PASS"


def test_an_account_that_was_made_beforehand_has_not_joined() -> None:
    """It needs no password, says the console; a computer that took it may keep that, and has a name in DNS."""
    answer = directory(*FILTERED)
    joined = next(one for one in answer["records"] if one.get("samaccountname") == ["POSTE-COMPTA$"])
    joined["useraccountcontrol"] = ["4128"]
    assert linked(answer).outcome == "PART"
    del joined["dnshostname"]
    assert linked(answer).outcome == "PASS"
    joined["useraccountcontrol"] = ["4096"]
    assert linked(answer).outcome == "PART"
