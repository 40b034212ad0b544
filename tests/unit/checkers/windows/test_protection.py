"""What only Windows is asked: remote desktop, Wi-Fi profiles, antivirus, BitLocker, backups; and Storage Spaces."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.checks.fact import FactIs
from checkers.checks.raid import RaidIsSound, RaidReturns
from tests.unit.checkers.windows.judging import fact, golden, judged


def outcome(check: FactIs, case: str, **changes: Any) -> str:
    return judged(check, {check.probe: golden(check.probe, case) | changes}).outcome


DESKTOP = fact(
    "remote-desktop",
    {
        "all": [
            {"path": "enabled", "equals": True},
            {"path": "nla", "equals": True},
            {"path": "service", "equals": True},
        ]
    },
)


@pytest.mark.parametrize(
    ("case", "changes", "expected"),
    [
        ("server-on", {}, "PASS"),
        ("client-off", {"policy_denied": 0}, "PASS"),  # a policy switches it on
        ("server-on", {"nla": 0, "policy_nla": 1}, "PASS"),
        ("client-off", {}, "FAIL"),
        ("server-policy-forbids", {}, "FAIL"),  # the setting says yes, and does not count
        ("server-on", {"policy_nla": 0}, "FAIL"),
        ("server-on", {"start": 4}, "FAIL"),
    ],
)
def test_remote_desktop(case: str, changes: dict[str, Any], expected: str) -> None:
    assert outcome(DESKTOP, case, **changes) == expected


WIFI = fact(
    "wifi-profiles",
    {
        "path": "profiles[*]",
        "any": {
            "all": [
                {"path": "ssid", "equals": "kerbras-atelier"},
                {"path": "security", "equals": "WPA3SAE"},
                {"path": "automatic", "equals": True},
                {"path": "key", "equals": True},
            ]
        },
    },
)


def test_wifi_profiles() -> None:
    assert outcome(WIFI, "client-atelier") == "PASS"
    assert outcome(WIFI, "server-none") == "FAIL"
    other = golden("wifi-profiles", "client-atelier")["profiles"][1]
    # The name that is shown is the right one; the bytes of the network are not.
    assert outcome(WIFI, "client-atelier", profiles=[other | {"authentication": "WPA3SAE", "mode": "auto"}]) == "FAIL"


WATCHES = fact(
    "antivirus",
    {
        "all": [
            {"path": "real_time", "equals": True},
            {"path": "definitions_days", "at_most": 7},
            {"path": "paths_left_out[*]", "count": {"equals": 0}},
        ]
    },
)


@pytest.mark.parametrize(
    ("case", "changes", "expected"),
    [
        ("client-on", {}, "PASS"),
        ("client-on", {"definitions_days": 4294967295}, "FAIL"),
        ("client-on", {"antivirus": False}, "FAIL"),  # it is on, and stands back for another
        ("client-holes", {"real_time": True}, "FAIL"),
        ("server-stopped", {}, "FAIL"),
        ("server-removed", {}, "FAIL"),
    ],
)
def test_antivirus(case: str, changes: dict[str, Any], expected: str) -> None:
    assert outcome(WATCHES, case, **changes) == expected


LOCKED = fact(
    "encrypted-volumes",
    {
        "path": "volumes[*]",
        "any": {"all": [{"path": "system", "equals": True}, {"path": "protection", "equals": "on"}]},
    },
)


def test_bitlocker() -> None:
    assert outcome(LOCKED, "client-on") == "PASS"
    assert outcome(LOCKED, "client-suspended") == "FAIL"
    assert outcome(LOCKED, "server-no-feature") == "FAIL"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "PASS"),
        ({"percent": 40, "conversion": 2, "protection": 0}, "FAIL"),  # it has begun
        ({"protectors": [1]}, "FAIL"),  # nobody could open it without its TPM
        ({"type": 1}, "FAIL"),  # another volume than the system's
        ({"readable": False}, "INCONCLUSIVE"),
    ],
)
def test_bitlocker_with_a_way_back(change: dict[str, Any], expected: str) -> None:
    wanted = [
        {"path": "system", "equals": True},
        {"path": "protection", "equals": "on"},
        {"path": "percent", "equals": 100},
        {"path": "protectors[*]", "any": {"equals": "recovery-password"}},
    ]
    check = fact("encrypted-volumes", {"path": "volumes[*]", "any": {"all": wanted}})
    system = golden("encrypted-volumes", "client-on")["volumes"][0] | change
    assert outcome(check, "client-on", volumes=[system]) == expected


BACKUP = fact("backup-policy", {"all": [{"path": "scheduled", "equals": True}, {"path": "age_h", "at_most": 24}]})


def test_backups() -> None:
    assert outcome(BACKUP, "server-daily") == "PASS"
    assert outcome(BACKUP, "server-daily", now="2026-12-01T02:00:00Z") == "FAIL"
    assert outcome(BACKUP, "server-never") == "FAIL"
    assert outcome(BACKUP, "client-file-history") == "FAIL"


def test_a_mirror_of_disk_management_is_not_judged() -> None:
    assert raid("server-dynamic", level="raid1") == "INCONCLUSIVE"
    assert raid("client-none", level="raid1") == "FAIL"


def raid(case: str, changes: dict[str, Any] | None = None, **expected: Any) -> str:
    answer = golden("raid", case)
    for disk in answer["disks"]:
        disk.update(changes or {})
    check = RaidIsSound.model_validate({"on": "server", "path": "D:", **expected})
    return judged(check, {"raid": answer}).outcome


def test_storage_spaces() -> None:
    assert raid("server-mirror", level="raid1", disks=2, filesystem="ntfs") == "PASS"
    assert raid("server-mirror", members=["disk2", "disk3"]) == "PASS"
    assert raid("server-parity", level="raid5", disks=3) == "PASS"
    assert raid("server-degraded", level="raid1", disks=2) in ("FAIL", "PART")
    assert raid("server-mirror", {"health": 1}, disks=2) in ("FAIL", "PART")  # a disk that is not listed any more
    assert raid("server-mirror", {"resiliency": "Simple"}, level="raid1") in ("FAIL", "PART")
    assert raid("client-none") == "FAIL"


def test_a_space_attached_by_hand_does_not_come_back() -> None:
    check = RaidReturns.model_validate({"on": "server", "path": "D:"})
    answer = golden("raid", "server-mirror")
    assert judged(check, {"raid": answer}).outcome == "PASS"
    answer["disks"][0]["manual"] = True
    assert judged(check, {"raid": answer}).outcome in ("PART", "FAIL")
