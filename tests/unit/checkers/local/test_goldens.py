"""Every golden: an output recorded on a real machine, and what the probe reads in it.

``tests/goldens/<probe>/<case>.json``: args of the probe, the command that was run, its output, the expected value (null
when the output says nothing).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checkers.facts import Raw
from checkers.probe import Probe
from checkers.probes.accounts import LocalAccounts
from checkers.probes.addresses import Addresses
from checkers.probes.clock import Clock
from checkers.probes.directory import Directory
from checkers.probes.files import FileContent, FileDigest, PathRights
from checkers.probes.folder_trial import FolderTrial
from checkers.probes.members import Membership
from checkers.probes.mounts import MountPoint
from checkers.probes.package_sources import PackagePolicy, PackageSources
from checkers.probes.packages import Package
from checkers.probes.policies import AppliedPolicies, PublishedPolicies
from checkers.probes.printers import Printers
from checkers.probes.raid import Raid
from checkers.probes.restore import Restore
from checkers.probes.schedules import Schedules
from checkers.probes.services import UnitState
from checkers.probes.shares import FolderRights, Shares
from checkers.probes.smb_access import SmbAccess
from checkers.probes.space import Space
from checkers.probes.updates import Updates
from tests.unit.checkers.reading import read_as_it_was

PROBES: dict[str, type[Probe[Any]]] = {
    probe.name: probe
    for probe in (
        LocalAccounts,
        Addresses,
        Directory,
        FileContent,
        PathRights,
        Membership,
        AppliedPolicies,
        PublishedPolicies,
        Printers,
        Schedules,
        UnitState,
        FolderRights,
        Shares,
        SmbAccess,
        Clock,
        Space,
        MountPoint,
        Package,
        PackagePolicy,
        PackageSources,
        FileDigest,
        FolderTrial,
        Raid,
        Restore,
        Updates,
    )
}
GOLDENS = Path(__file__).parents[3] / "goldens"
CASES = sorted(path for name in PROBES for path in (GOLDENS / name).glob("*.json"))


def test_every_probe_has_a_golden() -> None:
    assert {path.parent.name for path in CASES} == set(PROBES)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_golden(path: Path) -> None:
    golden = json.loads(path.read_text("utf-8"))
    probe = PROBES[path.parent.name].model_validate(golden["args"])
    raw = Raw(stdout="\n".join(golden["stdout"]), exit_code=golden["exit_code"])
    read_as_it_was(probe, raw, golden["value"])
