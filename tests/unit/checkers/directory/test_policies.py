"""``gpo-linked``, ``gpo-setting`` and ``gpo-applied``."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from checkers.checks.policies import PolicyHolds, PolicyIsApplied, PolicyIsLinked
from checkers.facts import Raw
from checkers.probe import Unreadable
from checkers.probes.directory import DirectoryValue
from checkers.probes.policies import AppliedPolicies, PublishedPolicies
from checkers.probes.sysvol import PublishedPoliciesValue
from tests.unit.checkers.directory.sample import BASE, GUID, OTHER, OU, domain, link, unit
from tests.unit.checkers.local.judging import Judged, judged

POSTES = f"OU=Postes,{OU}"


def linked(found: DirectoryValue, **changes: Any) -> Judged:
    check = PolicyIsLinked.model_validate({"on": "server", "gpo": "GPO-Bandeau", "ou": POSTES, **changes})
    return judged(check, {"directory": found})


def postes(links: str, flags: int = 0, title: str = "GPO-Bandeau", extra: list[dict[str, Any]] | None = None) -> Any:
    policies = [{"guid": GUID, "title": title, "flags": flags, "version": 1}, *(extra or [])]
    return domain(units=[unit(BASE), unit(POSTES, links)], policies=policies)


@pytest.mark.parametrize(
    "found",
    [
        postes(link()),
        postes(link(GUID.lower())),
        postes(link(OTHER) + link()),
        postes(link(flags=2)),
        postes(link(), title="gpo-bandeau"),
        postes(link(), flags=1),
        # Two policies of the same name: the one that is linked counts.
        postes(link(OTHER), extra=[{"guid": OTHER, "title": "GPO-Bandeau", "flags": 0, "version": 1}]),
    ],
)
def test_linked(found: DirectoryValue) -> None:
    assert linked(found).outcome == "PASS"


@pytest.mark.parametrize(
    ("found", "outcome", "word"),
    [
        (postes(""), "FAIL", "liée à : aucune unité"),
        (domain(units=[unit(BASE, link()), unit(POSTES)]), "FAIL", f"liée à : {BASE}"),
        (postes(link(flags=1)), "PART", "le lien est désactivé"),
        (postes(link(), flags=3), "PART", "la stratégie est désactivée"),
        (postes(link(), title="GPO-Bandeau2"), "FAIL", "introuvable"),
        (domain(units=[unit(BASE, link())]), "FAIL", "unité"),
    ],
)
def test_linked_in_appearance(found: DirectoryValue, outcome: str, word: str) -> None:
    result = linked(found)
    assert (result.outcome, word in result.reason) == (outcome, True)


def test_link_options() -> None:
    assert linked(postes(link(flags=2)), enforced=True).outcome == "PASS"
    assert linked(postes(link()), enforced=True).outcome == "PART"
    assert linked(postes(link(), flags=2), scope="machine").outcome == "PART"
    assert linked(postes(link(), flags=1), scope="machine").outcome == "PASS"
    assert linked(postes(link(flags=1)), enabled=False).outcome == "PASS"
    assert linked(domain(units=[unit(BASE, link())]), ou=BASE).outcome == "PASS"


KEY = r"Software\Policies\Samba\Unix Settings\Messages"
TEXT = "Atelier Kerbras - poste reserve"


def holds(
    wanted: str | int = TEXT, /, version: int = 1, *, scope: str = "machine", damaged: bool = False, **entry: Any
) -> Judged:
    setting = {"scope": "machine", "key": KEY, "value": "issue", "type": "REG_SZ", "data": TEXT, **entry}
    policy = {"guid": GUID, "version": version, "damaged": damaged, "settings": [setting]}
    published = PublishedPoliciesValue.model_validate({"present": True, "policies": [policy]})
    asked = {"on": "server", "gpo": "GPO-Bandeau", "scope": scope, "key": KEY, "value": "issue", "data": wanted}
    return judged(PolicyHolds.model_validate(asked), {"directory": domain(), "published-policies": published})


def test_settings() -> None:
    assert holds().outcome == "PASS"
    assert holds(key=KEY.upper(), value="Issue").outcome == "PASS"
    assert holds(TEXT, key="HKLM\\" + KEY, data=TEXT + "\n").outcome == "PASS"
    assert holds(type="REG_EXPAND_SZ").outcome == "PASS"
    assert holds(900, type="REG_DWORD", data="900").outcome == "PASS"
    assert holds(scope="user", version=65536).reason == "le réglage est dans la partie ordinateur de la stratégie"
    # The message published as a manifest, by "samba-tool gpo manage".
    assert holds(type="MANIFEST").outcome == "PASS"


@pytest.mark.parametrize(
    ("result", "outcome", "word"),
    [
        (holds(data="Atelier Kerbras"), "FAIL", "trouvé « Atelier Kerbras »"),
        (holds(TEXT + "!"), "FAIL", "attendu"),
        (holds(value="motd"), "FAIL", "introuvable"),
        (holds(value="**del.issue"), "FAIL", "introuvable"),
        (holds(key=KEY + "2"), "FAIL", "introuvable"),
        (holds(900, data="900"), "FAIL", "900 (REG_SZ)"),
        (holds(version=0), "PART", "n'a pas avancé"),
        # Only the user's part of the version moved.
        (holds(version=65536), "PART", "n'a pas avancé"),
        (holds(value="autre", damaged=True), "FAIL", "illisible"),
    ],
)
def test_settings_that_look_right(result: Judged, outcome: str, word: str) -> None:
    assert word in result.reason
    assert result.outcome == outcome


@pytest.mark.parametrize(
    ("items", "outcome"),
    [
        # What is for some goes before what stands above it, for those; what is for everybody, for everybody.
        ([(TEXT, ""), ("x", "G1")], "INCONCLUSIVE"),
        ([(TEXT, "G1"), ("x", "G2")], "INCONCLUSIVE"),
        ([("x", ""), (TEXT, "G1")], "INCONCLUSIVE"),
        ([("x", "G1"), (TEXT, "")], "PASS"),
        ([(TEXT, "G1"), ("x", "")], "FAIL"),
        ([(TEXT, ""), ("x", ""), ("y", "G1")], "FAIL"),
    ],
)
def test_one_setting_for_some_and_for_all(items: list[tuple[str, str]], outcome: str) -> None:
    path = {"scope": "user", "key": "Preferences\\Drives\\K:", "value": "path", "type": "PREFERENCE"}
    settings = [{**path, "data": data, "only": only} for data, only in items]
    policy = {"guid": GUID, "version": 65536, "damaged": False, "settings": settings}
    published = PublishedPoliciesValue.model_validate({"present": True, "policies": [policy]})
    asked = {"on": "server", "gpo": "GPO-Bandeau", "scope": "user", "key": path["key"], "value": "path", "data": TEXT}
    found = judged(PolicyHolds.model_validate(asked), {"directory": domain(), "published-policies": published})
    assert found.outcome == outcome, found


def test_setting_without_files_and_unseen() -> None:
    check = PolicyHolds(on="server", gpo="GPO-Bandeau", scope="machine", key=KEY, value="issue", data=TEXT)
    empty = PublishedPoliciesValue(present=True, policies=())
    assert judged(check, {"directory": domain(), "published-policies": empty}).outcome == "FAIL"
    assert judged(check, {"directory": domain(policies=[]), "published-policies": None}).outcome == "FAIL"
    assert judged(check, {"directory": domain(), "published-policies": None}).outcome == "INCONCLUSIVE"
    assert judged(check, {"directory": None, "published-policies": empty}).outcome == "INCONCLUSIVE"


LOG = (
    "<gp><user name=\\22P$\\22><guid value=\\22{guid}\\22><gp_ext name=\\22Unix Settings/Messages\\22>"
    "<attribute name=\\22issue\\22>&lt;data&gt;&lt;old_val&gt;Debian \\5Cn&lt;/old_val&gt;"
    "&lt;new_val&gt;{text}&lt;/new_val&gt;&lt;/data&gt;</attribute></gp_ext></guid></user></gp>"
)


def applied(file: str | None = TEXT, log: str = LOG.format(guid=GUID, text=TEXT), **changes: Any) -> Judged:
    dump = f'{{\nkey(2) = "P$"\ndata(9) = "{log}"\n}}\n{{\nkey(38) = "{GUID}"\ndata(1) = "1"\n}}' if log else ""
    tail = "== nofile" if file is None else f"== file\n{file}\n"
    check = {"on": "client", "path": "/etc/issue", "contains": TEXT, **changes}
    facts = {"applied-policies": f"== log\n{dump}\n{tail}", "directory": domain()}
    return judged(PolicyIsApplied.model_validate(check), facts)


def test_applied() -> None:
    assert applied().outcome == "PASS"
    assert applied(f"\n{TEXT}\n\\n \\l\n").outcome == "PASS"
    sudo = LOG.format(guid=GUID, text="x").replace("&lt;data&gt;", "hash:/etc/issue").split("&lt;old")[0]
    assert applied(log=sudo + "</attribute></gp_ext></guid></user></gp>").outcome == "PASS"
    assert applied(gpo="GPO-Bandeau", server="server").outcome == "PASS"


@pytest.mark.parametrize(
    ("result", "word"),
    [
        # Typed by hand.
        (applied(log=""), "aucune stratégie appliquée ne l'y a mis"),
        (applied(log=LOG.format(guid=GUID, text="autre chose")), "aucune stratégie"),
        # Applied once, then the file was put back.
        (applied("Debian GNU/Linux 13"), "trouvé « Debian GNU/Linux 13 »"),
        (applied(None), "ne contient pas"),
        (applied("Debian", log=""), "le poste n'a lu aucune stratégie"),
        (
            applied(log=LOG.format(guid=OTHER, text=TEXT), gpo="GPO-Bandeau", server="server"),
            "n'est pas « GPO-Bandeau »",
        ),
    ],
)
def test_applied_in_appearance(result: Judged, word: str) -> None:
    assert (result.outcome, word in result.reason) == ("FAIL", True)


def test_a_file_cannot_forge_the_log() -> None:
    forged = f'{TEXT}\n== log\n{{\nkey(2) = "P$"\ndata(9) = "{LOG.format(guid=GUID, text=TEXT)}"\n}}\n'
    assert applied(forged, log="").outcome == "FAIL"


def test_unreadable() -> None:
    for text in ("", "== log\n", "bash: not found"):
        with pytest.raises(Unreadable):
            AppliedPolicies(path="/etc/issue").parse(Raw(stdout=text))
    for text in ("", "== files\n/a/Policies/x:AA==\n"):
        with pytest.raises(Unreadable):
            PublishedPolicies().parse(Raw(stdout=text))
    assert PublishedPolicies().parse(Raw(stdout="== absent\n")).present is False


def test_a_sysvol_of_too_many_files_is_not_read_by_halves() -> None:
    """On a Samba controller; a policy without one of its files would seem to lack what is in it."""
    names = [f"/var/lib/samba/sysvol/kerbras.lan/Policies/{GUID}/User/Scripts/Logon/{n}.cmd:" for n in range(601)]
    read = PublishedPolicies().parse(Raw(stdout="\n".join(["== files", *names[1:], "== end"])))
    assert [policy.guid for policy in read.policies] == [GUID]
    with pytest.raises(Unreadable):
        PublishedPolicies().parse(Raw(stdout="\n".join(["== files", *names, "== end"])))


SYSVOL = "/var/lib/samba/sysvol"
LARGE = 128 * 1024 + 1
PREG = r"Software\Policies\Kerbras"
POLICIES, HALF = "kerbras.lan/Policies", "kerbras.lan/Policies/{guid}/Machine"


def on_samba(top: Path, large: list[str], **asked: Any) -> Judged:
    """What the probe's own command finds in a SYSVOL with one right setting, where these files are large too."""
    pol = Path(__file__).parents[3] / "goldens/disk/samba-Registry.pol"
    folder = f"kerbras.lan/Policies/{GUID}"
    files = {f"{folder}/GPT.INI": b"Version=3", f"{folder}/Machine/Registry.pol": pol.read_bytes()}
    for name, content in {**files, **{name.format(guid=GUID): b"x" * LARGE for name in large}}.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(content)
    ran = subprocess.run(
        ["/bin/sh", "-c", PublishedPolicies().command().replace(SYSVOL, str(top))], capture_output=True, check=True
    )
    check = {"on": "server", "gpo": "GPO-Bandeau", "scope": "machine", "key": PREG, "value": "Message", **asked}
    facts = {"directory": domain(), "published-policies": ran.stdout.decode()}
    return judged(PolicyHolds.model_validate({"data": "Bienvenue à Lorient", **check}), facts)


@pytest.mark.parametrize(
    "large",
    [
        [],
        [f"{POLICIES}/PolicyDefinitions/chrome.admx", f"{POLICIES}/PolicyDefinitions/fr-FR/chrome.adml"],
        ["kerbras.lan/scripts/agent.exe", "kerbras.lan/scripts/manifest.xml", "kerbras.lan/scripts/preferences/a.xml"],
        [f"{HALF}/Scripts/Startup/agent.msi", f"{HALF}/Applications/agent.aas", f"{HALF}/Scripts/Startup/registry.pol"],
        [f"{HALF}/VGP/VTLA/Sudo/SudoersConfiguration/manifest.xml"],
    ],
)
def test_a_large_file_that_holds_no_settings_spoils_nothing(tmp_path: Path, large: list[str]) -> None:
    assert on_samba(tmp_path, large).outcome == "PASS"
    assert on_samba(tmp_path, large, data="autre").outcome == "FAIL"


@pytest.mark.parametrize(
    "large",
    [
        f"{HALF}/Registry.pol",
        f"{POLICIES}/{{guid}}/USER/REGISTRY.POL",
        f"{POLICIES}/{{guid}}/User/Preferences/Drives/Drives.xml",
        f"{HALF}/Microsoft/Windows NT/SecEdit/GptTmpl.inf",
        f"{HALF}/Scripts/scripts.ini",
        f"{HALF}/VGP/VTLA/Unix/Issue/manifest.xml",
        f"{POLICIES}/{{guid}}/GPT.INI",
    ],
)
def test_a_large_file_of_settings_makes_a_setting_inconclusive(tmp_path: Path, large: str) -> None:
    """Whether the setting is in what was read or not: what was not read may set it otherwise, or set it."""
    for asked in ({}, {"value": "Autre"}):
        found = on_samba(tmp_path, [large], **asked)
        assert (found.outcome, found.reason) == ("INCONCLUSIVE", "SYSVOL est trop grand pour être lu")
