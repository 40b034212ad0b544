"""The catalog of checks: every class a lab may name in ``check:``."""

from __future__ import annotations

from checkers.check import Check
from checkers.checks.hosts import HostNameIs

CHECKS: dict[str, type[Check]] = {check.kind: check for check in (HostNameIs,)}
