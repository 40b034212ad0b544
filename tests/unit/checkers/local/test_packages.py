"""``package``: what is installed, new enough, gone; and how Debian orders versions."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from checkers.checks.packages import PackageIs
from checkers.facts import Raw
from checkers.parsers import debian_version
from checkers.probes.packages import Package, PackageValue
from tests.unit.checkers.local.judging import judged

INSTALLED = PackageIs(on="client", package="dossier-patient", at_least="3.2", held=False)
GONE = PackageIs(on="client", package="dossier-patient", installed=False)


def said(line: str) -> dict[str, str]:
    """As ``dpkg-query`` says it, after the word that the database can be read."""
    return {"package": f"known\n{line}\n" if line else "known\n"}


@pytest.mark.parametrize(
    ("line", "outcome", "word"),
    [
        ("install ok installed 3.2", "PASS", "3.2"),
        ("install ok installed 3.10-1~bpo1", "PASS", "reçoit les mises à jour"),
        ("install ok installed 1:0.1", "PASS", "1:0.1"),
        ("hold ok installed 3.2", "PART", "exclu des mises à jour"),
        ("install ok installed 3.1", "FAIL", "version 3.1, attendu 3.2"),
        ("install ok installed 3.2~rc1", "FAIL", "version 3.2~rc1"),
        ("install ok unpacked 3.2", "FAIL", "installation inachevée (unpacked)"),
        ("install ok half-configured 3.2", "FAIL", "installation inachevée"),
        ("install reinstreq installed 3.2", "FAIL", "installation inachevée"),
        ("deinstall ok config-files 3.2", "FAIL", "désinstallé"),
        ("unknown ok not-installed ", "FAIL", "pas installé"),
        ("", "FAIL", "pas installé"),
        ("install ok installed ::", "INCONCLUSIVE", "version illisible"),
    ],
)
def test_installed(line: str, outcome: str, word: str) -> None:
    found = judged(INSTALLED, said(line))
    assert (found.outcome, word in found.reason) == (outcome, True), found.reason


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("", "PASS"),
        ("deinstall ok config-files 3.1", "PASS"),
        ("install ok installed 3.1", "FAIL"),
        ("deinstall ok installed 3.1", "FAIL"),
        ("deinstall ok half-installed 3.1", "FAIL"),
    ],
)
def test_removed(line: str, outcome: str) -> None:
    assert judged(GONE, said(line)).outcome == outcome


def test_of_several_architectures_the_installed_one_counts() -> None:
    text = "known\ndeinstall ok config-files 1.0\ninstall ok installed 2.0\n"
    assert Package(package="libc6").parse(Raw(stdout=text)) == PackageValue(
        installed=True, state="installed", version="2.0"
    )


def test_a_database_that_cannot_be_read_is_no_absence() -> None:
    assert judged(GONE, {"package": ""}).outcome == "INCONCLUSIVE"


def test_a_version_of_what_is_gone_makes_no_sense() -> None:
    with pytest.raises(ValidationError, match="installed: true"):
        PackageIs(on="client", package="nano", installed=False, at_least="1")


# deb-version(7), and the cases of dpkg's own tests (lib/dpkg/t/t-version.c).
OLDER_FIRST = [
    ("1.0~rc1", "1.0"), ("1.0", "1.0-1"), ("1.9", "1.10"), ("0:2", "1:1"), ("1.0~~", "1.0~"), ("1.0~~a", "1.0~"),
    ("1.0a", "1.0+"), ("1.0-1", "1.0-1.1"), ("1.0-1", "1.0-10"), ("2.0-1~deb12u1", "2.0-1"), ("1.0", "1.0a"),
    ("1-1-1", "1-1-2"), ("1.2.3", "1.2.3.1"),
]  # fmt: skip


@pytest.mark.parametrize(("older", "newer"), OLDER_FIRST)
def test_versions_sort_as_dpkg_sorts_them(older: str, newer: str) -> None:
    assert debian_version.key(older) < debian_version.key(newer)


@pytest.mark.parametrize(("one", "same"), [("1.0", "0:1.0"), ("1.0", "1.00"), ("1.0", "1.0-0"), ("1.01", "1.1")])
def test_equal_versions(one: str, same: str) -> None:
    assert debian_version.key(one) == debian_version.key(same)


@pytest.mark.parametrize("text", ["", "1 2", "é", "a:1", "1" * 201, "1;2"])
def test_what_is_no_version(text: str) -> None:
    with pytest.raises(ValueError, match="version"):
        debian_version.key(text)
