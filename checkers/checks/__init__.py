"""The catalog of checks: every class a lab may name in ``check:``."""

from __future__ import annotations

from checkers.check import Check
from checkers.checks._directory import DIRECTORY
from checkers.checks._local import LOCAL
from checkers.checks._network import NETWORK
from checkers.checks.fact import FactIs
from checkers.checks.hosts import HostNameIs
from checkers.checks.testinfra import LabTestPasses

_ALL: tuple[type[Check], ...] = (HostNameIs, FactIs, LabTestPasses, *LOCAL, *DIRECTORY, *NETWORK)

CHECKS: dict[str, type[Check]] = {check.kind: check for check in _ALL}
