"""The VPN server of Windows, as a trainer asks about it (``fact``)."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.dialect import SHELL
from checkers.families import families
from checkers.probes.remote_access import RemoteAccess
from tests.unit.checkers.local.judging import Judged
from tests.unit.checkers.windows.judging import fact, golden, judged


def vpn(*more: dict[str, Any], case: str = "server-vpn", **changes: Any) -> Judged:
    """An IKEv2 server that runs and comes back, and what is asked besides."""
    conditions = [
        {"path": "vpn", "equals": True},
        {"path": "running", "equals": True},
        {"path": "at_boot", "equals": True},
        {"path": "ports.ikev2", "at_least": 1},
        *more,
    ]
    check = fact("remote-access", {"all": conditions})
    return judged(check, {"remote-access": golden("remote-access", case) | changes})


POOL = {"path": "ranges[*]", "any": {"path": "first", "equals": "192.168.50.220"}}
NOLWENN = {"path": "allowed[*]", "any": {"equals": "nolwenn.riou"}}
STRONG = {"path": "methods[*]", "none": {"in": ["pap", "chap", "none"]}}
PORTS, SETUP = (golden("remote-access", "server-vpn")[name] for name in ("ports", "setup"))


@pytest.mark.parametrize(
    "found",
    [
        vpn(),
        vpn(POOL, NOLWENN, STRONG),
        vpn({"path": "refused[*]", "any": {"equals": "yann.lebihan"}}),
        vpn({"path": "callers[*]", "any": {"path": "tunnel", "equals": "Ikev2"}}),
        vpn(
            {"path": "checked_by", "equals": "nps"},
            setup={"assignment": "Dhcp", "ranges": [], "checked_by": "LocalNps"},
        ),
        vpn(type=8),  # callers over IPv6 only
    ],
)
def test_right(found: Judged) -> None:
    assert found.outcome == "PASS", found


@pytest.mark.parametrize(
    "found",
    [
        vpn(case="server-router"),  # routing runs, and takes no callers
        vpn(case="server-stopped"),
        vpn(start=3),
        vpn(start=4),
        vpn(ports=PORTS | {"ikev2": 0}),
        vpn(POOL, setup=SETUP | {"ranges": []}),
        vpn({"path": "addresses", "equals": "dhcp"}),
        vpn(NOLWENN, dialin={"list": [{"name": "nolwenn.riou", "allowed": False}]}),
        vpn(NOLWENN, dialin={"list": []}),  # left to the network policies
        vpn(STRONG, flags=0x81820A),
    ],
)
def test_wrong(found: Judged) -> None:
    assert found.outcome == "FAIL", found


@pytest.mark.parametrize(
    "found",
    [
        vpn(case="server-module-fails"),
        vpn(NOLWENN, dialin=None),  # a computer on its own keeps its accounts' settings where nobody may look
        vpn(POOL, setup=None),
        vpn({"path": "addresses", "equals": "pool"}, setup=SETUP | {"assignment": "Autre"}),
    ],
)
def test_what_could_not_be_seen_is_inconclusive(found: Judged) -> None:
    assert found.outcome == "INCONCLUSIVE", found


def test_a_client_has_the_service_and_no_server() -> None:
    assert vpn(case="client-without").outcome == "FAIL"
    assert SHELL.twin(RemoteAccess()) is None
    assert families(RemoteAccess()) == {"windows"}
