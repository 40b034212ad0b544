"""The roaming computer against a WireGuard end (wireguard-go) in another namespace."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from checkers.facts import Raw
from checkers.probe import Unreadable
from checkers.probes.vpn import Roaming, RoamingValue

pytestmark = [
    pytest.mark.netns,
    pytest.mark.skipif(
        shutil.which("wireguard-go") is None or shutil.which("wg") is None or not Path("/dev/net/tun").exists(),
        reason="wireguard-go, wg or /dev/net/tun is missing",
    ),
]


def pair() -> tuple[str, str]:
    private = subprocess.run(["wg", "genkey"], capture_output=True, text=True, check=True).stdout.strip()
    public = subprocess.run(["wg", "pubkey"], input=private, capture_output=True, text=True, check=True).stdout.strip()
    return private, public


class Server:
    """The server's end of the tunnel."""

    def __init__(self, host: Any, folder: Path) -> None:
        self.host = host
        self.private, self.public = pair()
        self.name = f"wgt{os.getpid() % 10**6}"
        (folder / "server.key").write_text(self.private)
        host.start("wireguard-go", "-f", self.name)
        host.wait(f"wg show {self.name}")
        host.sh(f"wg set {self.name} listen-port 51820 private-key {folder}/server.key")
        host.sh(f"ip addr add 10.50.0.1/24 dev {self.name} && ip link set {self.name} up")

    def know(self, public: str, allowed: str) -> None:
        done = self.host.sh(f"wg set {self.name} peer {public} allowed-ips {allowed}")
        assert done.returncode == 0, done.stderr


@pytest.fixture
def server(wire: Any, tmp_path: Path) -> Server:
    return Server(wire.host("52:54:00:50:01:10", "203.0.113.10/24"), tmp_path)


@pytest.fixture
def roamer(wire: Any) -> Any:
    return wire.host("52:54:00:50:01:fe", "203.0.113.250/24")


def ask(host: Any, private: str, peer: str) -> Raw:
    probe = Roaming(
        endpoint="203.0.113.10:51820", address="10.50.0.3/32", target="10.50.0.1", key="vpn_nomade",
        peer="vpn_serveur_public",
    )  # type: ignore[arg-type]  # fmt: skip
    done = host.sh(probe.command(), env={"SECRET_VPN_NOMADE": private, "SECRET_VPN_SERVEUR_PUBLIC": peer})
    return Raw(stdout=done.stdout, stderr=done.stderr, exit_code=done.returncode)


PROBE = Roaming(endpoint="203.0.113.10:51820", address="10.50.0.3/32", target="10.50.0.1", key="k", peer="p")  # type: ignore[arg-type]


def test_traffic_through_the_tunnel_and_nothing_left(server: Server, roamer: Any, tmp_path: Path) -> None:
    private, public = pair()
    server.know(public, "10.50.0.3/32")
    raw = ask(roamer, private, server.public)
    assert PROBE.parse(raw) == RoamingValue(handshake=True, sent=3, received=3), raw
    assert private not in raw.stdout + raw.stderr
    assert "epv" not in roamer.sh("ip -o link").stdout
    # The folder is the host's: other tunnels may be at work there, those whose process is gone were left behind.
    ends = [name[3:-5] for name in roamer.sh("ls /var/run/wireguard").stdout.split() if name.startswith("epv")]
    assert [end for end in ends if not Path(f"/proc/{end}").exists()] == []
    assert not list(tmp_path.glob("epv*.key"))


def test_an_unknown_key_makes_no_handshake(server: Server, roamer: Any) -> None:
    found = PROBE.parse(ask(roamer, pair()[0], server.public))
    assert (found.handshake, found.received) == (False, 0)


def test_the_wrong_allowed_address_carries_nothing(server: Server, roamer: Any) -> None:
    private, public = pair()
    server.know(public, "10.50.0.9/32")
    found = PROBE.parse(ask(roamer, private, server.public))
    assert (found.handshake, found.received) == (True, 0)


def test_a_bad_key_is_the_witness_s_own_trouble(roamer: Any) -> None:
    with pytest.raises(Unreadable):
        PROBE.parse(ask(roamer, "not a key", "neither"))
