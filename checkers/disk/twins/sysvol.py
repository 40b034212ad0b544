"""The group policies that a controller publishes, by its disk: the files of SYSVOL, on Samba and on Windows."""

from __future__ import annotations

from typing import Any, ClassVar

from checkers.disk.plan import Found, Tree, Wanted
from checkers.disk.twin import DiskTwin, content
from checkers.probe import Probe
from checkers.probes.policies import PublishedPolicies
from checkers.probes.sysvol import PublishedPoliciesValue, published

SAMBA, WINDOWS = "/var/lib/samba/sysvol", "/Windows/SYSVOL/domain"
_NAMES = ("/gpt.ini", "/registry.pol", "/gpttmpl.inf", ".xml", "/scripts.ini", "/psscripts.ini", "/fdeploy1.ini")
_SCRIPTS = (".bat", ".cmd", ".ps1", ".vbs", ".js", ".wsf", ".exe", ".msi", ".sh")
"""How the files end that are scripts: only that they are there counts."""


class PublishedPoliciesTwin(DiskTwin[PublishedPoliciesValue]):
    """Everything is in files, so a disk tells all of it."""

    probe: ClassVar[type[Probe[Any]]] = PublishedPolicies

    def __init__(self, folder: str) -> None:
        """folder: where the family keeps SYSVOL."""
        self._folder = folder

    def wanted(self, probe: PublishedPolicies) -> Wanted:
        return Wanted(trees=(Tree(path=self._folder, binary=True, names=_NAMES + _SCRIPTS),))

    def read(self, probe: PublishedPolicies, found: Found) -> PublishedPoliciesValue:
        tree = found.trees.get(self._folder)
        if tree is None:
            return PublishedPoliciesValue(present=False, policies=())
        scripts = {path for path in tree if path.lower().endswith(_SCRIPTS)}
        return published(
            (f"/{path}", "" if path in scripts else None if one.kind == "large" else content(path, one))
            for path, one in tree.items()
        )
