"""The kinds of machines that can be observed, each with its dialect; a lab says which ``family`` each machine is."""

from __future__ import annotations

from typing import Any

from checkers.dialect import SHELL, Dialect
from checkers.openwrt.dialect import OPENWRT
from checkers.openwrt.http.dialect import OPENWRT_HTTP
from checkers.probe import Probe
from checkers.prompt.dialect import CISCO
from checkers.windows.dialect import WINDOWS

DIALECTS: dict[str, Dialect] = {dialect.name: dialect for dialect in (SHELL, WINDOWS, OPENWRT, CISCO)}

HTTPS_DIALECTS: dict[str, Dialect] = {"openwrt": OPENWRT_HTTP}
"""Those of devices that are asked through their page, with the same twins."""


def families(probe: Probe[Any]) -> frozenset[str]:
    """The kinds of machines to which this probe's question can be put."""
    return frozenset(name for name, dialect in DIALECTS.items() if dialect.twin(probe) is not None)
