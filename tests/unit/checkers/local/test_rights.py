"""``posix-rights``: with an access list, the group digit of ``stat`` is only a mask."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from checkers.checks.files import PosixRightsAre
from checkers.facts import Raw
from checkers.probe import Unreadable
from checkers.probes.files import PathRights
from tests.unit.checkers.local.judging import Judged, judged


def output(mode: str = "2770", owner: str = "root", group: str = "compta", acl: str = "") -> str:
    base = acl or "user::rwx\ngroup::rwx\nother::---"
    return f"== stat\ndirectory\n{owner}\n{group}\n{mode}\n== acl\n{base}\n"


def verdict(text: str, **changes: object) -> Judged:
    check = {"on": "server", "path": "/srv/c", "owner": "root", "group": "compta", "mode": "2770", **changes}
    return judged(PosixRightsAre.model_validate(check), {"path-rights": text})


@pytest.mark.parametrize(
    "text",
    [
        output(),
        output(group="KERBRAS\\Compta"),
        # The owning group named once more, and root: nobody gets more.
        output(acl="user::rwx\nuser:root:rwx\ngroup::rwx\ngroup:compta:rwx\nmask::rwx\nother::---"),
        # An entry that grants nothing.
        output(acl="user::rwx\ngroup::rwx\ngroup:stagiaires:---\nmask::rwx\nother::---"),
        # Rights of what will be made inside are another matter.
        output(acl="user::rwx\ngroup::rwx\nother::---\ndefault:user::rwx\ndefault:group::rwx\ndefault:other::r-x"),
    ],
)
def test_right_ways(text: str) -> None:
    assert verdict(text).outcome == "PASS"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (output("770"), "trouvé « 0770 », attendu « 2770 »"),
        (output("2775", acl="user::rwx\ngroup::rwx\nother::r-x"), "2775"),
        # The mask says rwx, the owning group has r-x.
        (output(acl="user::rwx\nuser:marie:rwx\ngroup::r-x\nmask::rwx\nother::---"), "trouvé « 2750 »"),
        # The owning group has rwx, the mask says r-x.
        (output("2750", acl="user::rwx\nuser:root:r-x\ngroup::rwx\t#effective:r-x\nmask::r-x\nother::---"), "2750"),
        (output(acl="user::rwx\nuser:marie:r-x\ngroup::rwx\nmask::rwx\nother::---"), "user:marie:r-x"),
        (output(acl="user::rwx\ngroup::rwx\ngroup:atelier:r-x\nmask::rwx\nother::---"), "group:atelier:r-x"),
        ("== absent\n", "introuvable"),
    ],
)
def test_rights_that_look_right(text: str, word: str) -> None:
    result = verdict(text)
    assert result.outcome == "FAIL"
    assert word in result.reason


def test_wrong_owner_or_group_earns_a_part() -> None:
    assert verdict(output(owner="technicien")).outcome == "PART"
    assert verdict(output(group="Compta")).outcome == "PART"


def test_entries() -> None:
    acl = ["group:compta:rwx", "g:direction:rx"]
    both = "user::rwx\ngroup::---\ngroup:compta:rwx\ngroup:direction:r-x\nmask::rwx\nother::---"
    assert verdict(output(group="root", acl=both), group=None, mode=None, acl=acl).outcome == "PASS"
    # Given as the owning group: the same.
    owning = "user::rwx\ngroup::rwx\ngroup:KERBRAS\\134direction:r-x\nmask::rwx\nother::---"
    assert verdict(output(acl=owning), mode=None, acl=acl).outcome == "PASS"
    masked = both.replace("mask::rwx", "mask::r-x")
    result = verdict(output(group="root", acl=masked), group=None, mode=None, acl=acl)
    assert result.outcome == "PART"
    assert "entrée group:compta:rwx : trouvé « r-x »" in result.reason


def test_a_bad_entry_is_the_authors_fault() -> None:
    with pytest.raises(ValidationError):
        PosixRightsAre.model_validate({"on": "server", "path": "/", "acl": ["compta=rwx"]})


@pytest.mark.parametrize("text", ["", "== stat\nstat: cannot stat\n== acl\n", "== stat\nd\nroot\nroot\nabc\n== acl\n"])
def test_nothing_seen(text: str) -> None:
    with pytest.raises(Unreadable):
        PathRights(path="/srv/c").parse(Raw(stdout=text))
