"""Updates, remote desktop and single values of the registry, by the disk of a Windows machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from checkers.checks.fact import FactIs
from checkers.checks.policies import PolicyIsApplied
from checkers.checks.updates import UpdatesInstallThemselves
from checkers.probe import Question
from checkers.probes.policies import AppliedPolicies
from checkers.probes.remote_desktop import RemoteDesktop
from checkers.verdict import Outcome
from tests.unit.checkers.disk.asking import GOLDENS, fact, on_windows, value, verdict
from tests.unit.checkers.disk.hive import BINARY, EXPAND, Tree, hive, number, several, text

REAL = on_windows({"SYSTEM": GOLDENS / "hivex-system.hive", "SOFTWARE": GOLDENS / "samba-software.hive"})
"""Hives written by hivexregedit and by Samba's regshell: a client whose updates come from a WSUS every day."""
WSUS = UpdatesInstallThemselves(on="server", origin="WSUS", suite="Windows")
MICROSOFT = UpdatesInstallThemselves(on="server", origin="Microsoft", suite="Windows")
GUID = "{AF1BE7A1-6E35-4EF6-A2BB-144819462EDE}"
PLACE = "HKLM\\Software\\Policies\\Kerbras\\"


def software(folder: Path, tree: Tree) -> Any:
    """The disk of the same machine with another hive of software."""
    (folder / "SOFTWARE").write_bytes(hive(tree))
    return on_windows({"SYSTEM": GOLDENS / "hivex-system.hive", "SOFTWARE": folder / "SOFTWARE"})


def windows_update(automatic: Mapping[str, int | str], *, access: int = 0, pause: str = "") -> Tree:
    policy = {
        "DisableWindowsUpdateAccess": number(access),
        "AU": {key: text(one) if isinstance(one, str) else number(one) for key, one in automatic.items()},
    }
    settings = {"PauseUpdatesExpiryTime": text(pause)} if pause else {}
    return {
        "Policies": {"Microsoft": {"Windows": {"WindowsUpdate": policy}}},
        "Microsoft": {"WindowsUpdate": {"UX": {"Settings": settings}}},
    }


def test_updates_by_hives_of_others() -> None:
    told = verdict(WSUS, REAL, "windows")
    assert (told.outcome, "(lu sur le disque)" in told.reason.fr) == (Outcome.PASS, True)
    assert verdict(MICROSOFT, REAL, "windows").outcome is Outcome.FAIL
    # What was written last may be missing from the disk of a machine that was cut off.
    assert verdict(WSUS, REAL, "windows", "disk-cut").outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("tree", "outcome"),
    [
        ({}, Outcome.PASS),  # a client without a policy
        (windows_update({"AUOptions": 4, "NoAutoUpdate": 0}), Outcome.PASS),
        (windows_update({"AUOptions": 3}), Outcome.FAIL),  # waits for somebody
        (windows_update({"AUOptions": 4, "ScheduledInstallDay": 2}), Outcome.FAIL),
        (windows_update({"NoAutoUpdate": 1}), Outcome.FAIL),
        (windows_update({"AUOptions": 4}, access=1), Outcome.FAIL),
        (windows_update({"AUOptions": "4"}), Outcome.INCONCLUSIVE),  # a text where a number belongs
        # Paused: until when is written, but not how late it is. Switched off is switched off, paused or not.
        (windows_update({}, pause="2026-12-31T09:00:00Z"), Outcome.INCONCLUSIVE),
        (windows_update({"NoAutoUpdate": 1}, pause="2026-12-31T09:00:00Z"), Outcome.FAIL),
    ],
)
def test_updates(tmp_path: Path, tree: Tree, outcome: Outcome) -> None:
    told = verdict(MICROSOFT, software(tmp_path, tree), "windows")
    assert told.outcome is outcome, told


def test_a_server_waits_for_somebody_and_what_cannot_be_told_is_not(tmp_path: Path) -> None:
    def system(product: str) -> Any:
        services = {"wuauserv": {"Start": number(3)}, "UsoSvc": {"Start": number(2)}}
        control = {"ProductOptions": {"ProductType": text(product)}}
        tree = {"Select": {"Default": number(1)}, "ControlSet001": {"Services": services, "Control": control}}
        (tmp_path / "SYSTEM").write_bytes(hive(tree))
        (tmp_path / "SOFTWARE").write_bytes(hive({}))
        return on_windows({"SYSTEM": tmp_path / "SYSTEM", "SOFTWARE": tmp_path / "SOFTWARE"})

    for product, outcome in {"WinNT": Outcome.PASS, "ServerNT": Outcome.FAIL, "x": Outcome.INCONCLUSIVE}.items():
        assert verdict(MICROSOFT, system(product), "windows").outcome is outcome


def stands(probe: str, args: Mapping[str, str], **expected: bool | str) -> FactIs:
    """The check that a trainer writes: each of these facts is so."""
    conditions = [{"path": path, "equals": one} for path, one in expected.items()]
    return FactIs.model_validate({"on": "server", "probe": probe, "args": args, "expect": {"all": conditions}})


def desktop(**expected: bool) -> FactIs:
    return stands("remote-desktop", {}, **expected)


def test_remote_desktop(tmp_path: Path) -> None:
    found = value(RemoteDesktop(), REAL, "windows")
    assert (found.enabled, found.nla, found.policy, found.port, found.service) == (True, True, False, 3389, True)
    assert found.not_seen() == {"listening"}
    assert verdict(desktop(enabled=True, nla=True), REAL, "windows").outcome is Outcome.PASS
    assert verdict(desktop(enabled=True, listening=True), REAL, "windows").outcome is Outcome.INCONCLUSIVE
    terminal = {"fDenyTSConnections": number(1), "UserAuthentication": number(0)}
    by_policy = software(tmp_path, {"Policies": {"Microsoft": {"Windows NT": {"Terminal Services": terminal}}}})
    assert verdict(desktop(enabled=False, nla=False, policy=True), by_policy, "windows").outcome is Outcome.PASS
    assert verdict(desktop(enabled=True), by_policy, "windows").outcome is Outcome.FAIL
    bare = on_windows({"SOFTWARE": tmp_path / "SOFTWARE"})
    assert fact(Question("server", RemoteDesktop()), bare, "windows").status == "unseen"


def kerbras(folder: Path) -> Any:
    values = {
        "Bandeau": text("Atelier é"),
        "Delai": number(900),
        "Moins": number(0xFFFFFFFF),
        "Listes": several("a", "b"),
        "Chemin": (EXPAND, text("%SystemRoot%\\x")[1]),
        "Octets": (BINARY, b"12"),
        "Long": text("x" * 5000),
        "": text("sans nom"),
    }
    taken = {"0": {"GPOName": text(GUID), "Version": number(65537)}, "1": {"GPOName": text("Local Group Policy")}}
    history = {"CurrentVersion": {"Group Policy": {"History": {"{35378EAC-683F-11D2-A89A-00C04FBBCFA2}": taken}}}}
    return software(folder, {"Policies": {"Kerbras": values}, "Microsoft": {"Windows": history}})


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (PLACE + "Bandeau", "Atelier é"),
        ("HKEY_LOCAL_MACHINE\\SOFTWARE\\POLICIES\\KERBRAS\\BANDEAU", "Atelier é"),
        (PLACE + "Delai", "900"),
        (PLACE + "Moins", "-1"),  # as a running machine tells it
        (PLACE + "Listes", "a\nb"),
        (PLACE + "Chemin", "%SystemRoot%\\x"),
        (PLACE, "sans nom"),
        (PLACE + "Rien", None),
        ("HKLM\\Software\\Rien\\x", None),
        ("HKLM\\System\\CurrentControlSet\\Services\\Spooler\\Start", "4"),
        ("HKLM\\SYSTEM\\currentcontrolset\\Services\\Spooler\\Start", "4"),
    ],
)
def test_a_value_of_the_registry(tmp_path: Path, path: str, found: str | None) -> None:
    told = value(AppliedPolicies(path=path), kerbras(tmp_path), "windows")
    assert (told.text, told.ran, told.versions) == (found, True, {GUID: "65537"})
    assert told.not_seen() == {"settings"}


@pytest.mark.parametrize(
    "path", [PLACE + "Octets", PLACE + "Long", "HKCU\\Software\\x\\y", "HKLM\\SAM\\x\\y", "C:\\Windows\\win.ini"]
)
def test_what_is_not_told(tmp_path: Path, path: str) -> None:
    assert fact(Question("client", AppliedPolicies(path=path)), kerbras(tmp_path), "windows").status == "unseen"


def test_who_set_a_value_is_not_on_the_disk(tmp_path: Path) -> None:
    disk = kerbras(tmp_path)
    for contains in ("Atelier é", "autre"):
        check = PolicyIsApplied(on="client", path=PLACE + "Bandeau", contains=contains)
        assert verdict(check, disk, "windows").outcome is Outcome.INCONCLUSIVE
    asked = {"path": PLACE + "Bandeau"}
    assert verdict(stands("applied-policies", asked, text="Atelier é"), disk, "windows").outcome is Outcome.PASS
    assert verdict(stands("applied-policies", asked, text="autre"), disk, "windows").outcome is Outcome.FAIL
