"""``package-version`` and ``package-source``: what APT and dpkg say, and what it comes to."""

from __future__ import annotations

import pytest

from checkers.checks.package_sources import PackageVersionIs, SourceIsTrusted
from checkers.facts import Raw
from checkers.probes.package_sources import PackagePolicy, PackageSources
from tests.unit.checkers.local.judging import judged

DEPOT = "http://srv.exemple.lan/depot"
DEVIS = PackageVersionIs(on="client", package="devis", version="2.4.1", source=DEPOT, stays=True)


def said(
    version: str = "2.4.1", state: str = "install ok installed", candidate: str = "2.4.1", uri: str = DEPOT
) -> dict[str, str]:
    """As dpkg-query and apt-cache answer; the depot offers 3.0.0 and the version installed."""
    origin = f"        500 {uri} stable/main amd64 Packages\n" if uri else ""
    policy = (
        f"devis:\n  Installed: {version}\n  Candidate: {candidate}\n  Version table:\n"
        f"     3.0.0 500\n        500 {DEPOT} stable/main amd64 Packages\n"
        f" *** {version} 990\n{origin}        100 /var/lib/dpkg/status\n== end\n"
    )
    return {"package": f"known\n{state} {version}\n", "package-policy": policy}


@pytest.mark.parametrize(
    "found",
    [said(), said(state="hold ok installed", candidate="3.0.0"), said(uri=DEPOT + "/")],
)
def test_as_asked(found: dict[str, str]) -> None:
    verdict = judged(DEVIS, found)
    assert verdict.outcome == "PASS", verdict.reason


@pytest.mark.parametrize(
    ("found", "outcome", "word"),
    [
        (said(version="3.0.0", candidate="3.0.0"), "FAIL", "trouvé « 3.0.0 », attendu « 2.4.1 »"),
        (said(version="2.4.1-1", candidate="2.4.1-1"), "FAIL", "trouvé « 2.4.1-1 »"),
        (said(candidate="3.0.0"), "PART", "la remplacerait par la version 3.0.0"),
        (said(uri=""), "FAIL", "ne vient pas du dépôt"),
        (said(uri="http://ailleurs.lan/depot"), "FAIL", "ne vient pas du dépôt"),
        (said(state="deinstall ok config-files"), "FAIL", "n'est pas installé (config-files)"),
        (said(state="install ok half-configured"), "FAIL", "n'est pas installé"),
        ({**said(), "package-policy": ""}, "INCONCLUSIVE", "n'ont pas pu être lues"),
        ({**said(), "package-policy": "devis:\n  Installed: 2.4.1\n"}, "INCONCLUSIVE", "n'ont pas pu être lues"),
    ],
)
def test_not_as_asked(found: dict[str, str], outcome: str, word: str) -> None:
    verdict = judged(DEVIS, found)
    assert verdict.outcome == outcome
    assert word in verdict.reason


def test_a_package_that_apt_does_not_know() -> None:
    value = PackagePolicy(package="devis").parse(Raw(stdout="== end\n"))
    assert (value.candidate, value.offered) == ("", ())


SOURCE = SourceIsTrusted(on="client", uri=DEPOT, suite="stable")
LIST = "srv.exemple.lan_depot_dists_stable_InRelease"
ONE_LINE = (
    "/etc/apt/sources.list.d/depot.list:deb [arch=amd64 signed-by=/etc/apt/keyrings/d.asc] {u} stable main # ours"
)
STANZA = """\
/etc/apt/sources.list.d/depot.sources:# the firm's
/etc/apt/sources.list.d/depot.sources:Types: deb
/etc/apt/sources.list.d/depot.sources:URIs: http://ailleurs.lan/x {u}/
/etc/apt/sources.list.d/depot.sources:Suites: stable
/etc/apt/sources.list.d/depot.sources:Components: main
{more}"""
KEY = "/etc/apt/sources.list.d/depot.sources:Signed-By: /etc/apt/keyrings/d.asc\n"
INLINE = """\
/etc/apt/sources.list.d/depot.sources:Signed-By:
/etc/apt/sources.list.d/depot.sources: -----BEGIN PGP PUBLIC KEY BLOCK-----
/etc/apt/sources.list.d/depot.sources: .
/etc/apt/sources.list.d/depot.sources: mDMEZ
"""


def sources(files: str, unchecked: str = "", lists: str = LIST) -> str:
    return f"== files\n{files.format(u=DEPOT)}\n== unchecked\n{unchecked}\n== lists\n{lists}\n== end\n"


@pytest.mark.parametrize(
    "files",
    [
        ONE_LINE,
        STANZA.replace("{more}", KEY),
        STANZA.replace("{more}", INLINE),
        ONE_LINE.replace("deb [", "deb\t[").replace("{u}", "{u}/"),
    ],
)
def test_a_depot_with_its_key(files: str) -> None:
    found = judged(SOURCE, {"package-sources": sources(files)})
    assert found.outcome == "PASS", found.reason


@pytest.mark.parametrize(
    ("text", "outcome", "word"),
    [
        (sources(ONE_LINE.replace("signed-by", "trusted=yes signed-by")), "FAIL", "signature du dépôt n'est pas"),
        (sources(STANZA.replace("{more}", KEY + KEY.replace("Signed-By: /etc/apt/keyrings/d.asc", "Trusted: yes"))),
         "FAIL", "signature du dépôt n'est pas"),
        (sources(ONE_LINE, 'Acquire::AllowInsecureRepositories "true";'), "FAIL", "signature du dépôt n'est pas"),
        (sources(ONE_LINE.replace("signed-by=/etc/apt/keyrings/d.asc", "")), "PART", "signed-by"),
        (sources(STANZA.replace("{more}", "")), "PART", "signed-by"),
        (sources(ONE_LINE, lists="lock\npartial"), "FAIL", "n'a pas été lue"),
        (sources(ONE_LINE.replace("deb [", "# deb [")), "FAIL", "aucune source"),
        (sources(ONE_LINE.replace("deb [", "deb-src [")), "FAIL", "aucune source"),
        (sources(ONE_LINE.replace("stable", "testing")), "FAIL", "depot testing)"),
        (sources(STANZA.replace("{more}", KEY + KEY.replace("Signed-By: /etc/apt/keyrings/d.asc", "Enabled: no"))),
         "FAIL", "aucune source"),
        ("", "INCONCLUSIVE", "n'ont pas pu être lues"),
    ],
)  # fmt: skip
def test_a_depot_that_is_not_as_asked(text: str, outcome: str, word: str) -> None:
    found = judged(SOURCE, {"package-sources": text})
    assert found.outcome == outcome, found.reason
    assert word in found.reason


def test_signature_asked_for_by_default() -> None:
    text = sources(ONE_LINE, 'Acquire::AllowInsecureRepositories "0";\nAPT::Get::AllowUnauthenticated "false";')
    assert judged(SOURCE, {"package-sources": text}).outcome == "PASS"


def test_many_sources_are_bounded() -> None:
    line = ONE_LINE.format(u=DEPOT)
    value = PackageSources().parse(Raw(stdout=sources("\n".join([line] * 500))))
    assert len(value.sources) == 100
