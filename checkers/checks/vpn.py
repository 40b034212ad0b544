"""Checks about the two ends of a WireGuard tunnel: server and client."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Sequence
from ipaddress import IPv4Interface, IPv4Network, collapse_addresses
from typing import Annotated, ClassVar

from pydantic import Field

from checkers.check import Check, Params, Unseen, View
from checkers.checks._silence import awake, need_awake
from checkers.checks._words import clause, listing
from checkers.parsers.wg_dump import Peer, Tunnel
from checkers.parsers.wg_files import Saved
from checkers.probe import Question
from checkers.probes.ports import Port
from checkers.probes.vpn import Wireguard, WireguardValue
from checkers.secrets import token
from checkers.verdict import Finding, Tally, failed
from labs.base import Strict
from labs.text import Text

Networks = IPv4Network | tuple[IPv4Network, ...]


def public(secret: str) -> str:
    """What stands in outputs for the public key of a WireGuard secret, named with or without ``_public``."""
    return token(secret.removesuffix("_public") + "_public")


def networks(words: Sequence[str]) -> list[IPv4Network]:
    """The IPv4 networks among allowed addresses."""
    return [IPv4Network(word, strict=False) for word in words if ":" not in word]


def covers(words: Sequence[str], wanted: IPv4Network) -> bool:
    """Whether allowed addresses hold a whole network, alone or together (0.0.0.0/1 and 128.0.0.0/1)."""
    return any(wanted.subnet_of(network) for network in collapse_addresses(networks(words)))


class _End(Check):
    """One end of a tunnel: address and peers as it runs, and whether it comes back at boot."""

    on: str
    address: IPv4Interface
    key_secret: str | None = None
    at_boot: bool = True

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, Wireguard()), awake(self.on)]

    @abstractmethod
    def expect(self, tally: Tally, peers: Sequence[Peer], port: int) -> None:
        """Count what is expected of the peers and the port."""

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, Wireguard())
        tunnel = self._tunnel(found)
        if tunnel is None:
            need_awake(view, self.on)
            names = [saved.name for saved in found.saved]
            return failed(
                clause(
                    "aucun tunnel WireGuard actif (configurations enregistrées : {names})",
                    "no WireGuard tunnel is up (saved configurations: {names})",
                    names=listing(names),
                )
            )
        tally = Tally()
        self._running(tally, tunnel)
        self.expect(tally, tunnel.peers, tunnel.port)
        if self.at_boot:
            self._kept(tally, found, tunnel)
        return tally.finding()

    def _tunnel(self, found: WireguardValue) -> Tunnel | None:
        def has(tunnel: Tunnel) -> bool:
            return any(IPv4Interface(a).ip == self.address.ip for a in tunnel.addresses)

        return next((tunnel for tunnel in found.tunnels if has(tunnel)), next(iter(found.tunnels), None))

    def _running(self, tally: Tally, tunnel: Tunnel) -> None:
        words = {"name": tunnel.name, "found": listing(tunnel.addresses), "wanted": self.address}
        tally.expect(
            any(IPv4Interface(a).ip == self.address.ip for a in tunnel.addresses),
            clause("{name} : {found}", "{name}: {found}", **words),
            clause(
                "adresse de {name} trouvée {found}, attendue {wanted}",
                "address of {name} found {found}, expected {wanted}",
                **words,
            ),
        )
        tally.expect(
            tunnel.up,
            clause("{name} active", "{name} up", **words),
            clause("l'interface {name} est désactivée", "interface {name} is down", **words),
            required=True,
        )
        if self.key_secret is not None:
            tally.expect(
                tunnel.public_key == public(self.key_secret),
                Text("clé attendue", "expected key"),
                clause(
                    "la clé privée de {name} n'est pas celle du sujet",
                    "the private key of {name} is not the one given",
                    **words,
                ),
                required=True,
            )

    def _kept(self, tally: Tally, found: WireguardValue, tunnel: Tunnel) -> None:
        mine = [saved for saved in found.saved if saved.name == tunnel.name and saved.at_boot]
        if not mine and found.others:
            return  # a unit or a script of the candidate's own starts it, maybe: nothing certain either way
        good = clause("démarre avec la machine ({how})", "starts with the machine ({how})",
                      how=mine[0].how if mine else "")  # fmt: skip
        if not mine:
            tally.expect(
                False,
                good,
                clause(
                    "le tunnel {name} ne serait pas rétabli au démarrage",
                    "tunnel {name} would not come back at boot",
                    name=tunnel.name,
                ),
            )
            return
        lost = self._lost(mine[0])
        tally.expect(
            lost is None,
            good,
            clause("au démarrage : {why}", "at boot: {why}", why=lost or Text("", "")),
        )

    def _lost(self, saved: Saved) -> Text | None:
        """What the saved configuration lacks, or None."""
        if saved.rewritten or saved.how in ("networkmanager", "ifupdown", "windows"):
            return None
        tally = Tally()
        tally.expect(
            any(IPv4Interface(a).ip == self.address.ip for a in saved.addresses if ":" not in a),
            Text("", ""),
            clause("adresse enregistrée {a}", "saved address {a}", a=listing(saved.addresses)),
        )
        self.expect(tally, saved.peers, saved.port)
        return tally.finding().reason if tally.bad else None


def _same_endpoint(found: str, wanted: str) -> bool:
    """Whether two endpoints are one. A saved one may be a name, which cannot be compared: its port must be right."""
    host, _, port = found.rpartition(":")
    named = bool(re.search("[a-zA-Z]", host)) and ":" not in host
    return found == wanted or (named and port == wanted.rpartition(":")[2])


class ServerPeer(Strict):
    """A peer that the server must know. key_secret: the secret whose public key it is. allowed: its address."""

    key_secret: str
    allowed: IPv4Network


class VpnServer(_End):
    """The server's end: address, port, and each peer with its key and its own address."""

    kind: ClassVar[str] = "vpn-server"
    about: ClassVar[Text] = Text("serveur VPN configuré et actif", "VPN server set up and running")

    port: Port
    peers: tuple[ServerPeer, ...]

    def expect(self, tally: Tally, peers: Sequence[Peer], port: int) -> None:
        tally.expect(
            port == self.port,
            clause("port {p}", "port {p}", p=port),
            clause("port d'écoute {p}, attendu {w}", "listening port {p}, expected {w}", p=port or "—", w=self.port),
        )
        for wanted in self.peers:
            peer = next((peer for peer in peers if peer.public_key == public(wanted.key_secret)), None)
            others = [other.allowed for other in self.peers if other is not wanted]
            words: Params = {
                "who": wanted.key_secret.removesuffix("_public"),
                "found": listing(peer.allowed if peer else ()),
                "wanted": wanted.allowed,
            }
            good = clause("pair {who} : {found}", "peer {who}: {found}", **words)
            if peer is None:
                tally.expect(
                    False, good, clause("pair {who} absent (clé publique)", "peer {who} missing (public key)", **words)
                )
                continue
            too_wide = any(covers(peer.allowed, other) for other in others) or covers(
                peer.allowed, IPv4Network("0.0.0.0/0")
            )
            tally.expect(
                covers(peer.allowed, wanted.allowed) and not too_wide,
                good,
                clause(
                    "pair {who} : adresses autorisées {found}, attendu {wanted}",
                    "peer {who}: allowed addresses {found}, expected {wanted}",
                    **words,
                ),
            )


class VpnClient(_End):
    """The client's end: address, the server's key, its endpoint, what goes through the tunnel, its sign of life."""

    kind: ClassVar[str] = "vpn-client"
    about: ClassVar[Text] = Text("client VPN configuré et actif", "VPN client set up and running")

    endpoint: str
    allowed: Networks
    peer_secret: str
    keepalive: Annotated[int, Field(ge=1, le=65535)] | None = None

    def expect(self, tally: Tally, peers: Sequence[Peer], port: int) -> None:
        peer = next((peer for peer in peers if peer.public_key == public(self.peer_secret)), None)
        if not tally.expect(
            peer is not None,
            Text("clé publique du serveur", "the server's public key"),
            clause(
                "aucun pair n'a la clé publique du serveur ({n} pair(s))",
                "no peer has the server's public key ({n} peer(s))",
                n=len(peers),
            ),
            required=True,
        ):
            return
        assert peer is not None  # noqa: S101 - said by the expectation above
        tally.expect(
            _same_endpoint(peer.endpoint or "", self.endpoint),
            clause("serveur {e}", "server {e}", e=peer.endpoint),
            clause("serveur trouvé {e}, attendu {w}", "endpoint found {e}, expected {w}",
                   e=peer.endpoint or "—", w=self.endpoint),
        )  # fmt: skip
        wanted = self.allowed if isinstance(self.allowed, tuple) else (self.allowed,)
        words = {"found": listing(peer.allowed), "wanted": listing(wanted)}
        tally.expect(
            all(covers(peer.allowed, network) for network in wanted),
            clause("réseaux joints par le tunnel : {found}", "networks through the tunnel: {found}", **words),
            clause(
                "réseaux joints par le tunnel : {found}, attendu {wanted}",
                "networks through the tunnel: {found}, expected {wanted}",
                **words,
            ),
        )
        if self.keepalive is not None:
            if peer.keepalive is None:
                raise Unseen(Text("le signe de vie n'a pas été observé", "the keepalive was not observed"))
            alive: Params = {"found": f"{peer.keepalive} s" if peer.keepalive else "—", "wanted": f"{self.keepalive} s"}
            tally.expect(
                peer.keepalive == self.keepalive,
                clause("signe de vie : {found}", "keepalive: {found}", **alive),
                clause("signe de vie : {found}, attendu {wanted}", "keepalive: {found}, expected {wanted}", **alive),
            )
