"""The VPN checks, on outputs of wg and of the files of four tools."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.check import Check, Unseen
from checkers.checks.vpn import VpnClient, VpnServer
from checkers.checks.vpn_traffic import VpnTraffic, VpnTunnel
from checkers.facts import Raw
from checkers.probes.vpn import Wireguard
from checkers.secrets import token
from checkers.verdict import Tally

from .judging import LINKED, judged

SERVEUR, POSTE, NOMADE = (token(f"vpn_{name}_public") for name in ("serveur", "poste", "nomade"))
OTHER = "b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90aGVyb3Q="

SERVER = VpnServer.model_validate(
    {"on": "server", "address": "10.50.0.1/24", "port": 51820, "peers": [
        {"key_secret": "vpn_poste_public", "allowed": "10.50.0.2/32"},
        {"key_secret": "vpn_nomade", "allowed": "10.50.0.3/32"},
    ]}
)  # fmt: skip
CLIENT = VpnClient.model_validate(
    {"on": "client", "address": "10.50.0.2/24", "endpoint": "203.0.113.10:51820", "allowed": "10.50.0.0/24",
     "peer_secret": "vpn_serveur_public"}
)  # fmt: skip


def interface(name: str = "wg0", key: str = SERVEUR, port: int = 51820) -> str:
    return f"{name}\t-\t{key}\t{port}\toff\n"


def peer(
    key: str, allowed: str, *, name: str = "wg0", endpoint: str = "(none)", handshake: int = 0, alive: str = "off"
) -> str:
    return f"{name}\t{key}\t(none)\t{endpoint}\t{allowed}\t{handshake}\t148\t92\t{alive}\n"


PEERS = peer(POSTE, "10.50.0.2/32", endpoint="203.0.113.50:41000", handshake=990) + peer(NOMADE, "10.50.0.3/32")
QUICK = f"""\
[Interface]
PrivateKey = -
Address = 10.50.0.1/24
ListenPort = 51820

[Peer]
# le poste
PublicKey = {POSTE}
AllowedIPs = 10.50.0.2/32
[Peer]
PublicKey = {NOMADE}
AllowedIPs = 10.50.0.3/32
"""
NETDEV = f"""\
[NetDev]
Name=wg0
Kind=wireguard
[WireGuard]
ListenPort=51820
PrivateKey=-
[WireGuardPeer]
PublicKey={POSTE}
AllowedIPs=10.50.0.2/32
[WireGuardPeer]
PublicKey={NOMADE}
AllowedIPs=10.50.0.3/32
"""


def output(
    dump: str, *, address: str = "wg0 10.50.0.1/24", files: dict[str, str] | None = None,
    enabled: str = "wg-quick@wg0.service", others: str = "", link: str = "wg0: <POINTOPOINT,NOARP,UP,LOWER_UP>",
) -> str:  # fmt: skip
    files = {"/etc/wireguard/wg0.conf": QUICK} if files is None else files
    text = f"@@ dump\n{dump}@@ now\n1000\n@@ address\n1: lo    inet 127.0.0.1/8 scope host lo\n"
    text += f"4: {address.replace(' ', '    inet ')} scope global\n@@ link\n1: lo: <LOOPBACK,UP>\n4: {link} mtu 1420\n"
    text += "".join(f"@@ file {path}\n{content}\n" for path, content in files.items())
    return text + f"@@ enabled\n{enabled}\n@@ others\n{others}\n@@ end\n"


RIGHT = output(interface() + PEERS)
CLIENT_FILE = f"""\
[Interface]
Address = 10.50.0.2/32
PrivateKey = -
[Peer]
PublicKey = {SERVEUR}
Endpoint = vpn.kerbras.fr:51820
AllowedIPs = 0.0.0.0/0
PersistentKeepalive = 25
"""


def client(
    allowed: str = "10.50.0.0/24",
    *,
    key: str = SERVEUR,
    endpoint: str = "203.0.113.10:51820",
    alive: str = "25",
    **more: Any,
) -> str:
    given = {"address": "wg0 10.50.0.2/32", "files": {"/etc/wireguard/wg0.conf": CLIENT_FILE}, **more}
    return output(interface(key=POSTE, port=40000) + peer(key, allowed, endpoint=endpoint, alive=alive), **given)


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (SERVER, RIGHT),
        (SERVER, output(interface("vpn") + PEERS.replace("wg0", "vpn"), address="vpn 10.50.0.1/32",
                        link="vpn: <POINTOPOINT,UP>", enabled="wg-quick@vpn.service",
                        files={"/etc/wireguard/vpn.conf": QUICK})),
        (SERVER, output(interface() + PEERS, enabled="systemd-networkd.service", files={
            "/etc/systemd/network/30-wg.netdev": NETDEV,
            "/etc/systemd/network/30-wg.network": "[Match]\nName=wg*\n[Network]\nAddress=10.50.0.1/24\n"})),
        (SERVER, output(interface() + PEERS, enabled="networking.service", files={
            "/etc/network/interfaces": "auto lo wg0\niface wg0 inet static\n  address 10.50.0.1/24\n"
                                       "  pre-up ip link add $IFACE type wireguard\n"
                                       "  pre-up wg setconf $IFACE /etc/wireguard/wg0.conf\n"})),
        (SERVER, output(interface() + PEERS, enabled="NetworkManager.service", files={
            "/etc/NetworkManager/system-connections/vpn.nmconnection":
                "[connection]\ntype=wireguard\ninterface-name=wg0\n[ipv4]\naddress1=10.50.0.1/24\n"})),
        (SERVER, output(interface() + PEERS, files={
            "/etc/wireguard/wg0.conf": "[Interface]\nAddress=10.50.0.1/24\nSaveConfig = true\n"})),
        (SERVER, output(interface() + PEERS, files={}, enabled="", others="/etc/systemd/system/vpn.service")),
        (SERVER, output(interface() + peer(OTHER, "10.50.0.9/32") + PEERS)),
        (CLIENT, client()),
        (CLIENT, client("0.0.0.0/0")),
        (CLIENT, client("0.0.0.0/1,128.0.0.0/1,::/0")),
        (CLIENT, client("10.50.0.0/25,10.50.0.128/25,192.168.50.0/24")),
    ],
)  # fmt: skip
def test_different_but_right(check: Check, text: str) -> None:
    found = judged(check, text)
    assert found.outcome == "PASS", found.reason


@pytest.mark.parametrize(
    ("check", "text", "outcome", "reason"),
    [
        (SERVER, output(""), "FAIL", "aucun tunnel WireGuard actif (configurations enregistrées : wg0)"),
        (SERVER, output(interface() + PEERS, link="wg0: <POINTOPOINT,NOARP>"), "FAIL", "désactivée"),
        (SERVER, output(interface(port=51821) + PEERS), "PART", "port d'écoute 51821, attendu 51820"),
        (SERVER, output(interface() + peer(POSTE, "10.50.0.2/32")), "PART", "pair vpn_nomade absent"),
        (SERVER, output(interface() + peer(OTHER, "10.50.0.2/32") + peer(NOMADE, "10.50.0.3/32")), "PART",
         "pair vpn_poste absent"),
        (SERVER, output(interface() + peer(POSTE, "10.50.0.0/24") + peer(NOMADE, "10.50.0.3/32")), "PART",
         "adresses autorisées 10.50.0.0/24, attendu 10.50.0.2/32"),
        (SERVER, output(interface() + peer(POSTE, "(none)") + peer(NOMADE, "10.50.0.3/32")), "PART", "rien"),
        (SERVER, output(interface() + PEERS, address="wg0 10.5.0.1/24"), "PART", "10.5.0.1/24, attendue 10.50.0.1/24"),
        (SERVER, output(interface() + PEERS, enabled=""), "PART", "ne serait pas rétabli au démarrage"),
        (SERVER, output(interface() + PEERS, files={"/etc/wireguard/wg0.conf": QUICK.split("[Peer]")[0]}), "PART",
         "au démarrage : pair vpn_poste absent"),
        (CLIENT, client(key=OTHER), "FAIL", "aucun pair n'a la clé publique du serveur"),
        (CLIENT, client("10.50.0.1/32"), "PART", "10.50.0.1/32, attendu 10.50.0.0/24"),
        (CLIENT, client(endpoint="203.0.113.10:51821"), "PART", "serveur trouvé 203.0.113.10:51821"),
        (CLIENT, client(endpoint="(none)"), "PART", "serveur trouvé —"),
    ],
)  # fmt: skip
def test_looks_right_but_wrong(check: Check, text: str, outcome: str, reason: str) -> None:
    found = judged(check, text)
    assert found.outcome == outcome, found
    assert reason in found.reason


def test_an_end_s_own_key_can_be_asked_for() -> None:
    check = SERVER.model_copy(update={"key_secret": "vpn_serveur"})
    assert judged(check, RIGHT).outcome == "PASS"
    assert judged(check, output(interface(key=OTHER) + PEERS)).outcome == "FAIL"


@pytest.mark.parametrize(
    ("text", "outcome", "reason"),
    [
        (client(), "PASS", "signe de vie : 25 s"),
        (client(alive="off"), "PART", "signe de vie : —, attendu 25 s"),
        (client(alive="20"), "PART", "signe de vie : 20 s, attendu 25 s"),
        (client(files={"/etc/wireguard/wg0.conf": CLIENT_FILE.replace("25", "20")}), "PART", "au démarrage : signe"),
    ],
)
def test_a_keepalive_can_be_asked_for(text: str, outcome: str, reason: str) -> None:
    check = CLIENT.model_copy(update={"keepalive": 25})
    found = judged(check, text)
    assert (found.outcome, reason in found.reason) == (outcome, True), found.reason
    if "PASS" not in outcome:
        assert judged(CLIENT, text).outcome == "PASS", "without it, none is asked for"


def test_a_keepalive_that_an_older_fact_does_not_have_concludes_nothing() -> None:
    check = CLIENT.model_copy(update={"keepalive": 25})
    seen = Wireguard().parse(Raw(stdout=client()))
    older = [
        t.model_copy(update={"peers": tuple(p.model_copy(update={"keepalive": None}) for p in t.peers)})
        for t in seen.tunnels
    ]
    tally = Tally()
    with pytest.raises(Unseen):
        check.expect(tally, older[0].peers, older[0].port)


def test_unreadable_output_concludes_nothing() -> None:
    assert judged(SERVER, "wg: not found").outcome == "INCONCLUSIVE"
    with pytest.raises(ValueError, match="not a line"):
        Wireguard().parse(Raw(stdout=output("a line\n")))


def test_private_keys_do_not_leave_the_machine() -> None:
    command = Wireguard().command()
    assert '$2="-"' in command
    assert "private|preshared" in command
    assert "showconf" not in command


TUNNEL = VpnTunnel.model_validate(
    {"client": "client", "server": "server", "client_address": "10.50.0.2", "server_address": "10.50.0.1",
     "network": "internet"}
)  # fmt: skip


def ping(
    received: int = 3, *, device: str = "wg0", tunnels: str = "wg0", handshake: int = 998, source: str = "10.50.0.2"
) -> str:
    return (
        f"@@ route\n10.50.0.1 dev {device} src {source} uid 0 \\    cache \n@@ ping\n"
        f"3 packets transmitted, {received} received, 0% packet loss, time 604ms\n@@ code 0\n@@ tunnels\n{tunnels}\n"
        f"@@ handshakes\n{device}\t{handshake}\n@@ now\n1000\n@@ end\n"
    )


def test_a_tunnel_that_works() -> None:
    found = judged(TUNNEL, {"tunnel-ping": ping(), "wireguard": RIGHT})
    assert found.outcome == "PASS"
    assert "3 ping sur 3, négociation il y a 2 s" in found.reason
    assert judged(TUNNEL, {"tunnel-ping": ping(1, device="vpn", tunnels="vpn"), "wireguard": RIGHT}).outcome == "PASS"


@pytest.mark.parametrize(
    ("answer", "server", "reason"),
    [
        (ping(device="eth1", source="203.0.113.50"), RIGHT, "ne passe pas par un tunnel"),
        (ping(device="tun0", tunnels="wg0"), RIGHT, "ne passe pas par un tunnel"),
        (ping(), output(interface() + PEERS, address="eth0 10.50.0.1/24"), "aucun tunnel ne porte l'adresse"),
        (ping(0, handshake=0), RIGHT, "aucune réponse de 10.50.0.1 à travers le tunnel (wg0, aucune négociation)"),
        (ping(0), RIGHT, "la négociation a pourtant eu lieu"),
        (ping(source="10.50.0.7"), RIGHT, "10.50.0.7 au lieu de 10.50.0.2"),
        (ping(handshake=0), RIGHT, "aucune négociation"),
    ],
)
def test_a_tunnel_that_does_not(answer: str, server: str, reason: str) -> None:
    found = judged(TUNNEL, {"tunnel-ping": answer, "wireguard": server})
    assert found.outcome == "FAIL"
    assert reason in found.reason


def test_a_silent_tunnel_counts_only_when_both_ends_were_connected() -> None:
    outputs: dict[str, str | Raw] = {"tunnel-ping": ping(0), "wireguard": RIGHT}
    for machine in ("client", "server"):
        cut = {**LINKED, machine: {"lan": True, "internet": False}}
        assert judged(TUNNEL, outputs, links=cut).outcome == "INCONCLUSIVE"
    assert judged(TUNNEL.model_copy(update={"network": None}), outputs).outcome == "INCONCLUSIVE"


TRAFFIC = VpnTraffic.model_validate(
    {"network": "internet", "server": "server", "endpoint": "203.0.113.10:51820", "address": "10.50.0.3/32",
     "target": "10.50.0.1", "key_secret": "vpn_nomade", "peer_secret": "vpn_serveur_public"}
)  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "outcome"),
    [
        (Raw(stdout="ready=1\nsent=3\nreceived=3\nhandshake=1700000000\n"), "PASS"),
        (Raw(stdout="ready=1\nsent=5\nreceived=1\nhandshake=1700000000\n"), "PASS"),
        (Raw(stdout="ready=1\nsent=5\nreceived=0\nhandshake=1700000000\n"), "FAIL"),
        (Raw(stdout="ready=1\nsent=5\nreceived=0\nhandshake=0\n"), "FAIL"),
        (Raw(stdout="", stderr="wireguard-go: not found", exit_code=1), "INCONCLUSIVE"),
        (Raw(stdout="sent=5\nreceived=0\nhandshake=0\n"), "INCONCLUSIVE"),
    ],
)
def test_traffic_of_a_witness(raw: Raw, outcome: str) -> None:
    assert judged(TRAFFIC, raw).outcome == outcome


def test_traffic_that_could_not_pass_concludes_nothing() -> None:
    raw = Raw(stdout="ready=1\nsent=5\nreceived=0\nhandshake=0\n")
    assert judged(TRAFFIC, raw, links={"server": {"internet": False}}).outcome == "INCONCLUSIVE"


def test_keys_are_taken_from_the_environment() -> None:
    question = TRAFFIC.questions()[0]
    command = question.probe.command()
    assert 'KEY="$SECRET_VPN_NOMADE" PEER="$SECRET_VPN_SERVEUR_PUBLIC"' in command
