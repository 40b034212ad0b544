"""``tcp-reach`` and ``vpn-tunnel`` asked from a Windows machine."""

from __future__ import annotations

import pytest

from checkers.checks.ports import TcpReaches
from checkers.checks.vpn_traffic import VpnTunnel
from tests.unit.checkers.windows.judging import golden, judged

LINKS = {"client": {"lan": True}, "server": {"lan": True}}
CUT = {"client": {"lan": False}, "server": {"lan": True}}


def reach(case: str, *, wanted: bool = True, links: dict[str, dict[str, bool]] = LINKS) -> str:
    check = TcpReaches(on="client", to="192.168.50.10", port=445, open=wanted, machine="server", network="lan")
    return judged(check, {"tcp-reach": golden("tcp-reach", case)}, links).outcome


@pytest.mark.parametrize("case", ["client-open", "server-neighbour"])
def test_an_open_port(case: str) -> None:
    assert reach(case) == "PASS"
    assert reach(case, wanted=False) == "FAIL"


@pytest.mark.parametrize("case", ["client-refused", "client-silent", "client-blocked", "client-unresolved"])
def test_a_port_that_is_not_reached(case: str) -> None:
    assert reach(case) == "FAIL"
    assert reach(case, wanted=False) == "PASS"


def test_nobody_there_is_no_closed_port() -> None:
    assert reach("server-absent", wanted=False) == "FAIL"


@pytest.mark.parametrize("case", ["client-silent", "client-unresolved", "server-absent"])
def test_a_silence_on_a_cut_link_concludes_nothing(case: str) -> None:
    assert reach(case, links=CUT) == "INCONCLUSIVE"


def test_an_end_that_is_not_known_concludes_nothing() -> None:
    check = TcpReaches(on="client", to="192.168.50.10", port=445, machine="server", network="lan")
    answer = golden("tcp-reach", "client-open") | {"error": 10055}  # no buffers left: the client's own trouble
    assert judged(check, {"tcp-reach": answer}).outcome == "INCONCLUSIVE"
    assert judged(check, {"tcp-reach": None}).outcome == "INCONCLUSIVE"


def tunnel(case: str, server: str = "server-kerbras", address: str = "10.50.0.2/32") -> str:
    check = VpnTunnel.model_validate(
        {
            "client": "client", "server": "server", "client_address": address, "server_address": "10.50.0.1/24",
            "network": "lan",
        }
    )  # fmt: skip
    answers = {"tunnel-ping": golden("tunnel-ping", case), "wireguard": golden("wireguard", server)}
    return judged(check, answers, LINKS).outcome


def test_a_tunnel_between_two_windows_machines() -> None:
    assert tunnel("client-through") == "PASS"


def test_a_tunnel_in_appearance() -> None:
    assert tunnel("client-silent") == "FAIL"
    assert tunnel("client-beside") == "FAIL"  # the address answers on the wire
    assert tunnel("server-no-wireguard") == "FAIL"
    assert tunnel("client-through", server="server-stopped") == "FAIL"
    assert tunnel("client-through", address="10.50.0.3/32") == "FAIL"
