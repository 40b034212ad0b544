"""Checks about DNS: records and zones, the forwarder, and names really resolved on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address
from typing import ClassVar

from checkers.check import Check, Unseen, View
from checkers.checks._silence import awake, need_answer, need_awake
from checkers.checks._words import clause, listing
from checkers.parsers.dig import Answer, Dig, data, fqdn
from checkers.probe import Question
from checkers.probes.dns import SERVERS, DnsForwarder, DnsLocal, DnsWire, RecordType
from checkers.verdict import Finding, Tally, failed, passed
from labs.text import Text

_STATUS = {
    "NXDOMAIN": Text("ce nom n'existe pas", "no such name"),
    "REFUSED": Text("le serveur refuse de répondre", "the server refuses to answer"),
    "SERVFAIL": Text("le serveur est en échec", "the server failed"),
}


def _values(answer: Answer, type_: str, name: str | None = None) -> list[str]:
    """The data of the records of a type; only those of a name when one is given."""
    return [r.data for r in answer.records if r.type == type_ and name in (None, r.name)]


class DnsRecordIs(Check):
    """The server itself knows the record (zone and authoritative answer). ``alone``: no other value beside it."""

    kind: ClassVar[str] = "dns-record"
    about: ClassVar[Text] = Text("la zone DNS contient l'enregistrement", "the DNS zone holds the record")

    on: str
    zone: str
    name: str
    type: RecordType = "A"
    value: str
    alone: bool = True

    def _fqdn(self) -> str:
        zone, name = fqdn(self.zone), self.name.strip().lower()
        if name in ("@", ""):
            return zone
        return fqdn(name) if name.endswith(".") or fqdn(name).endswith("." + zone) else f"{name}.{zone}"

    def _probe(self) -> DnsLocal:
        return DnsLocal(zone=fqdn(self.zone), fqdn=self._fqdn(), type=self.type)

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, self._probe()), awake(self.on)]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, self._probe())
        if found.silence == "refused":
            need_awake(view, self.on)
            return failed(
                Text("aucun serveur DNS n'est en service sur la machine", "no DNS server runs on the machine")
            )
        answer = found.answer(self._fqdn(), self.type)
        if found.silence or answer is None:
            raise Unseen(Text("le serveur DNS n'a pas répondu à temps", "the DNS server did not answer in time"))
        tally = Tally()
        self._zone(tally, found, answer)
        self._record(tally, found, answer)
        return tally.finding()

    def _zone(self, tally: Tally, found: Dig, answer: Answer) -> None:
        soa = found.answer(self.zone, "SOA")
        exists = soa is not None and bool(_values(soa, "SOA", fqdn(self.zone)))
        # A wider reverse zone (168.192.in-addr.arpa) that holds the record serves it just as well.
        wider = fqdn(self.zone).endswith(".in-addr.arpa.") and answer.authoritative and bool(answer.records)
        tally.expect(
            exists or wider,
            clause("zone {zone} présente", "zone {zone} exists", zone=self.zone),
            clause("la zone {zone} n'existe pas sur ce serveur", "this server has no zone {zone}", zone=self.zone),
            required=True,
        )

    def _record(self, tally: Tally, found: Dig, answer: Answer) -> None:
        name, wanted = self._fqdn(), data(self.type, self.value)
        values = _values(answer, self.type, name)
        words = {"name": name.rstrip("."), "type": self.type, "wanted": self.value, "found": listing(values)}
        tally.expect(
            wanted in values,
            clause("{name} {type} {found}", "{name} {type} {found}", **words),
            self._instead(found, answer, words)
            if not values
            else clause(
                "{name} {type} : trouvé {found}, attendu {wanted}",
                "{name} {type}: found {found}, expected {wanted}",
                **words,
            ),
            required=True,
        )
        if wanted not in values:
            return
        tally.expect(
            answer.authoritative,
            Text("réponse faisant autorité", "authoritative answer"),
            Text("la réponse ne fait pas autorité", "the answer is not authoritative"),
            required=True,
        )
        if self.alone:
            extra = [value for value in values if value != wanted]
            tally.expect(
                not extra,
                clause("aucune autre valeur", "no other value"),
                clause(
                    "{name} a aussi une autre valeur : {extra}",
                    "{name} has another value too: {extra}",
                    name=words["name"],
                    extra=listing(extra),
                ),
            )

    def _instead(self, found: Dig, answer: Answer, words: dict[str, object]) -> Text:
        other = answer if self.type != "CNAME" else found.answer(self._fqdn(), "A")
        records = [f"{r.type} {r.data}" for r in other.records if r.name == self._fqdn()] if other else []
        if records:
            return clause(
                "{name} : enregistrement {other} trouvé au lieu de {type} {wanted}",
                "{name}: record {other} found instead of {type} {wanted}",
                other=listing(records),
                **words,
            )
        return clause(
            "{name} : aucun enregistrement {type} (attendu {wanted})",
            "{name}: no {type} record (expected {wanted})",
            **words,
        )


class DnsForwarderIs(Check):
    """The machine's DNS server forwards to this address first. Further forwarders are the candidate's choice."""

    kind: ClassVar[str] = "dns-forwarder"
    about: ClassVar[Text] = Text("redirecteur du serveur DNS", "forwarder of the DNS server")

    on: str
    address: IPv4Address

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, DnsForwarder())]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, DnsForwarder())
        wanted = str(self.address)
        words = {"found": listing(found.forwarders), "wanted": wanted}
        if found.program not in ("", *SERVERS):
            raise Unseen(
                clause(
                    "le serveur DNS est « {program} » : ce contrôle ne sait pas lire sa configuration",
                    "the DNS server is “{program}”: this check cannot read its configuration",
                    program=found.program,
                )
            )
        if wanted not in found.forwarders:
            return failed(
                clause(
                    "redirecteur trouvé : {found}, attendu {wanted}",
                    "forwarder found: {found}, expected {wanted}",
                    **words,
                )
            )
        if found.off:
            return failed(
                Text(
                    "le serveur DNS ne redirige rien : la récursivité y est désactivée",
                    "the DNS server forwards nothing: recursion is turned off",
                )
            )
        tally = Tally()
        tally.expect(True, clause("redirecteur {found}", "forwarder {found}", **words), Text("", ""))
        tally.expect(
            found.forwarders[0] == wanted,
            clause("{wanted} est interrogé en premier", "{wanted} is asked first", **words),
            clause(
                "{wanted} n'est pas interrogé en premier (redirecteurs : {found})",
                "{wanted} is not asked first (forwarders: {found})",
                **words,
            ),
        )
        tally.expect(
            bool(found.program),
            Text("serveur DNS en service", "DNS server in service"),
            Text("le serveur DNS n'est pas en service", "the DNS server is not in service"),
        )
        return tally.finding()


class DnsResolves(Check):
    """A name is really resolved by the server, asked from the wire; aliases may lead to the value."""

    kind: ClassVar[str] = "dns-resolves"
    about: ClassVar[Text] = Text(
        "un nom est réellement résolu depuis le réseau", "a name is really resolved on the wire"
    )

    network: str
    server_address: IPv4Address
    name: str
    type: RecordType = "A"
    value: str
    server: str

    def _probe(self) -> DnsWire:
        return DnsWire(server=self.server_address, fqdn=fqdn(self.name), type=self.type)

    def questions(self) -> Sequence[Question]:
        return [Question(f"wire:{self.network}", self._probe()), awake(self.server)]

    def judge(self, view: View) -> Finding:
        found = view.see(f"wire:{self.network}", self._probe())
        answer = found.answer(self.name, self.type)
        words: dict[str, object] = {
            "name": self.name.rstrip("."),
            "type": self.type,
            "wanted": self.value,
            "server": self.server_address,
        }
        if found.silence or answer is None:
            need_answer(view, self.server, self.network)
            return failed(
                clause(
                    "{server} ne répond pas aux questions DNS du réseau ({why})",
                    "{server} does not answer DNS questions from the network ({why})",
                    why=Text("port fermé", "port closed")
                    if found.silence == "refused"
                    else Text("aucune réponse", "no answer"),
                    **words,
                )
            )
        values = _values(answer, self.type)
        if data(self.type, self.value) in values:
            return passed(
                clause(
                    "{name} résolu en {found} par {server}",
                    "{name} resolved to {found} by {server}",
                    found=listing(values),
                    **words,
                )
            )
        why = _STATUS.get(answer.status, listing(values)) if not values else listing(values)
        return failed(
            clause(
                "{name} ({type}) demandé à {server} : {found}, attendu {wanted}",
                "{name} ({type}) asked of {server}: {found}, expected {wanted}",
                found=why,
                **words,
            )
        )
