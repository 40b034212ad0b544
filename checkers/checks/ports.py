"""Checks about TCP ports, seen from the wire and from another machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from checkers.check import Check, Unseen, View
from checkers.checks._silence import awake, need_answer
from checkers.checks._words import clause, listing
from checkers.probe import Question
from checkers.probes.ports import MacAddress, Port, Ports, TcpReach
from checkers.verdict import Finding, Tally, failed
from labs.text import Text

_WORDS = {
    "open": Text("ouvert", "open"),
    "refused": Text("fermé (refus)", "closed (refused)"),
    "rejected": Text("rejeté par un pare-feu", "rejected by a firewall"),
    "silent": Text("muet (filtré)", "silent (filtered)"),
    "unroutable": Text("aucune route vers cette adresse", "no route to that address"),
    "unresolved": Text("nom inconnu", "unknown name"),
    "absent": Text("machine introuvable sur le réseau", "machine not found on the network"),
}


class PortsAre(Check):
    """From the wire, these TCP ports of the machine are open and those are not, wherever its address is now."""

    kind: ClassVar[str] = "ports"
    about: ClassVar[Text] = Text(
        "ports réellement ouverts et fermés, vus du réseau", "ports really open and closed, seen from the wire"
    )

    network: str
    machine: str
    mac: MacAddress
    open: Annotated[tuple[Port, ...], Field(max_length=32)] = ()
    closed: Annotated[tuple[Port, ...], Field(max_length=32)] = ()
    ping: bool | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not self.open and not self.closed and self.ping is None:
            raise ValueError("open, closed or ping is needed")
        if set(self.open) & set(self.closed):
            raise ValueError("a port is both in open and in closed")
        return self

    def _probe(self) -> Ports:
        return Ports(mac=self.mac, ports=tuple(sorted({*self.open, *self.closed})))

    def questions(self) -> Sequence[Question]:
        return [Question(f"wire:{self.network}", self._probe()), awake(self.machine)]

    def judge(self, view: View) -> Finding:
        found = view.see(f"wire:{self.network}", self._probe())
        where = {"machine": self.machine, "subnet": found.subnet, "address": listing(found.addresses)}
        if not found.addresses:
            need_answer(view, self.machine, self.network)
            return failed(
                clause(
                    "la machine « {machine} » ne répond sur aucune adresse de {subnet}",
                    "machine “{machine}” answers on no address of {subnet}",
                    **where,
                )
            )
        states = {port: found.ports.get(port, "silent") for port in (*self.open, *self.closed)}
        silent = [port for port, state in states.items() if state == "silent"]
        if (silent or (self.ping is not None and not found.ping)) and not found.alive_after:
            raise Unseen(
                clause(
                    "la machine « {machine} » a cessé de répondre pendant la mesure : son silence ne prouve rien",
                    "machine “{machine}” stopped answering during the measure: its silence proves nothing",
                    **where,
                )
            )
        tally = Tally()
        for port, wanted in [(port, True) for port in self.open] + [(port, False) for port in self.closed]:
            if wanted and states[port] != "open":
                need_answer(view, self.machine, self.network)
            words = {"port": port, "state": _WORDS[states[port]], **where}
            tally.expect(
                (states[port] == "open") is wanted,
                clause("port {port} {state}", "port {port} {state}", **words),
                clause(
                    "port {port} {state} sur {address}, attendu " + ("ouvert" if wanted else "fermé"),
                    "port {port} {state} on {address}, expected " + ("open" if wanted else "closed"),
                    **words,
                ),
                required=not wanted,  # one open door is an open machine: the ports that nobody serves earn nothing
            )
        if self.ping is not None:
            answers = Text("répond au ping", "answers a ping")
            stays = Text("ne répond pas au ping", "does not answer a ping")
            good, bad = (answers, stays) if self.ping else (stays, answers)
            tally.expect(
                found.ping is self.ping, good, clause("{address} {what}", "{address} {what}", what=bad, **where)
            )
        return tally.finding()


class TcpReaches(Check):
    """From inside a machine, a TCP port of another is reached, or is not.

    to: an address or a name that the machine resolves; with ``mac`` the name of a machine of the lab, which is looked
    for by its hardware address, wherever its address is. network: the lab network between the two, so that a silence
    can be told from a cut; without it (and ``machine`` where ``to`` is not its name) a silence concludes nothing.
    """

    kind: ClassVar[str] = "tcp-reach"
    about: ClassVar[Text] = Text(
        "une machine joint (ou non) un port d'une autre", "a machine reaches (or not) a port of another"
    )

    on: str
    to: str
    port: Port
    open: bool = True
    mac: MacAddress | None = None
    machine: str | None = None
    network: str | None = None

    def _probe(self) -> TcpReach:
        return TcpReach(to=self.mac or self.to, port=self.port)

    def questions(self) -> Sequence[Question]:
        target = self._target()
        return [Question(self.on, self._probe()), *([awake(target)] if target else [])]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, self._probe())
        if found.state not in ("open", "refused") or (self.open and found.state == "refused" and self._target()):
            self._need_links(view)
        words = {
            "from": self.on,
            "to": self.to,
            "target": found.target,
            "port": self.port,
            "state": _WORDS[found.state],
        }
        tally = Tally()
        tally.expect(
            (found.state == "open") is self.open and found.state != "absent",
            clause(
                "depuis {from}, port {port} de {to} ({target}) {state}",
                "from {from}, port {port} of {to} ({target}) {state}",
                **words,
            ),
            clause(
                "depuis {from}, port {port} de {to} ({target}) {state}, attendu "
                + ("ouvert" if self.open else "fermé"),
                "from {from}, port {port} of {to} ({target}) {state}, expected " + ("open" if self.open else "closed"),
                **words,
            ),
        )
        return tally.finding()

    def _target(self) -> str | None:
        return self.machine or (self.to if self.mac else None)

    def _need_links(self, view: View) -> None:
        machine = self._target()
        if machine is None or self.network is None:
            raise Unseen(
                Text(
                    "aucune réponse, et le sujet ne dit pas par quel réseau elle devait venir",
                    "no answer, and the lab does not say through which network it should have come",
                )
            )
        view.need_link(self.on, self.network)
        need_answer(view, machine, self.network)
