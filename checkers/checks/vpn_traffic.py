"""Checks that a WireGuard tunnel works: between two machines, and for a witness from outside."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Interface
from typing import ClassVar

from checkers.check import Check, Unseen, View
from checkers.checks._silence import awake, need_answer
from checkers.checks._words import clause
from checkers.probe import Question
from checkers.probes.vpn import Roaming, TunnelPing, Wireguard
from checkers.verdict import Finding, failed, passed
from labs.text import Text


class VpnTunnel(Check):
    """The client reaches the server through the tunnel: pings by a WireGuard interface, and a handshake.

    network: the lab network that carries the tunnel; without it a silence concludes nothing.
    """

    kind: ClassVar[str] = "vpn-tunnel"
    about: ClassVar[Text] = Text("tunnel établi entre deux machines", "tunnel set up between two machines")

    client: str
    server: str
    client_address: IPv4Interface
    server_address: IPv4Interface
    network: str | None = None

    def _ping(self) -> TunnelPing:
        return TunnelPing(target=self.server_address.ip)

    def questions(self) -> Sequence[Question]:
        return [Question(self.client, self._ping()), Question(self.server, Wireguard()), awake(self.server)]

    def judge(self, view: View) -> Finding:
        ping = view.see(self.client, self._ping())
        server = view.see(self.server, Wireguard())
        words = {"device": ping.device or "—", "target": self.server_address.ip, "client": self.client,
                 "server": self.server, "received": ping.received, "sent": ping.sent}  # fmt: skip
        if not ping.tunnel:
            return failed(
                clause(
                    "{client} ne passe pas par un tunnel pour joindre {target} (interface {device})",
                    "{client} does not use a tunnel to reach {target} (interface {device})",
                    **words,
                )
            )
        if not any(IPv4Interface(a).ip == self.server_address.ip for t in server.tunnels for a in t.addresses):
            return failed(
                clause(
                    "sur {server}, aucun tunnel ne porte l'adresse {target}",
                    "on {server}, no tunnel has the address {target}",
                    **words,
                )
            )
        if ping.received == 0:
            self._need_links(view)
            return failed(
                clause(
                    "aucune réponse de {target} à travers le tunnel ({device}, "
                    + self._handshake(ping.handshake).fr
                    + ")",
                    "no answer from {target} through the tunnel ({device}, " + self._handshake(ping.handshake).en + ")",
                    **words,
                )
            )
        if ping.source != str(self.client_address.ip):
            return failed(
                clause(
                    "le tunnel répond, mais {client} y a l'adresse {found} au lieu de {wanted}",
                    "the tunnel answers, but {client} has address {found} there instead of {wanted}",
                    found=ping.source,
                    wanted=self.client_address.ip,
                    **words,
                )
            )
        if ping.handshake == 0:
            return failed(
                clause("aucune négociation sur {device} : ce n'est pas le tunnel qui répond",
                       "no handshake on {device}: it is not the tunnel that answers", **words)
            )  # fmt: skip
        return passed(
            clause(
                "{target} répond par {device} ({received} ping sur {sent}, négociation il y a {age} s)",
                "{target} answers through {device} ({received} pings of {sent}, handshake {age} s ago)",
                age=max(0, ping.now - ping.handshake),
                **words,
            )
        )

    def _need_links(self, view: View) -> None:
        if self.network is None:
            raise Unseen(
                Text(
                    "le tunnel est muet, et le sujet ne dit pas quel réseau le porte",
                    "the tunnel is silent, and the lab does not say which network carries it",
                )
            )
        view.need_link(self.client, self.network)
        need_answer(view, self.server, self.network)

    @staticmethod
    def _handshake(at: int) -> Text:
        return (
            Text("la négociation a pourtant eu lieu", "though the handshake took place")
            if at
            else Text("aucune négociation", "no handshake")
        )


class VpnTraffic(Check):
    """A roaming computer (the witness, with its own key) reaches the target through the server's tunnel."""

    kind: ClassVar[str] = "vpn-traffic"
    about: ClassVar[Text] = Text(
        "un ordinateur nomade passe réellement par le tunnel", "a roaming computer really goes through the tunnel"
    )

    network: str
    server: str
    endpoint: str
    address: IPv4Interface
    target: IPv4Address
    key_secret: str
    peer_secret: str

    def _probe(self) -> Roaming:
        return Roaming(
            endpoint=self.endpoint,
            address=self.address,
            target=self.target,
            key=self.key_secret.removesuffix("_public"),
            peer=self.peer_secret.removesuffix("_public") + "_public",
        )

    def questions(self) -> Sequence[Question]:
        return [Question(f"wire:{self.network}", self._probe()), awake(self.server)]

    def judge(self, view: View) -> Finding:
        found = view.see(f"wire:{self.network}", self._probe())
        words = {"endpoint": self.endpoint, "target": self.target, "received": found.received, "sent": found.sent}
        if found.received:
            return passed(
                clause(
                    "le témoin joint {target} à travers le tunnel ({received} ping sur {sent})",
                    "the witness reaches {target} through the tunnel ({received} pings of {sent})",
                    **words,
                )
            )
        need_answer(view, self.server, self.network)
        if found.handshake:
            return failed(
                clause(
                    "le serveur accepte la clé du témoin, mais {target} ne répond pas à travers le tunnel",
                    "the server takes the witness's key, but {target} does not answer through the tunnel",
                    **words,
                )
            )
        return failed(
            clause(
                "{endpoint} n'accepte pas le tunnel du témoin (aucune négociation)",
                "{endpoint} does not accept the witness's tunnel (no handshake)",
                **words,
            )
        )
