"""Checks about mail: a mailbox that opens, a message that arrives, and what a mailbox holds."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, ip_address
from typing import ClassVar

from checkers.check import Check, Unseen, View
from checkers.checks._silence import awake, need_answer
from checkers.checks._words import clause
from checkers.parsers.clean import fold, listed
from checkers.probe import Question
from checkers.probes.mail import Address, Mailbox, MailDelivery, Message
from checkers.verdict import Finding, failed, passed
from labs.text import Text

_FOR_NOW = ("[UNAVAILABLE]", "[SERVERBUG]", "[INUSE]", "[LIMIT]")
"""Words by which a server says that it cannot tell now (RFC 5530): no word about the password."""


_CUT = Unseen(
    Text(
        "la connexion au serveur de courrier est restée sans réponse ou a été coupée",
        "the connection to the mail server was left without an answer, or cut",
    )
)


class _Mail(Check):
    """What every check of a mailbox takes."""

    network: str
    server: str
    server_address: str
    user: Address
    password_secret: str

    def _entered(self, view: View, stage: str, status: str) -> Finding | None:
        """Why the mailbox is not open; None when it is. Raises Unseen when nobody can tell."""
        if stage == "inside":
            return None
        if stage in ("cut", "unasked"):
            raise _CUT
        need_answer(view, self.server, self.network)
        box = {"box": self.user, "status": status or "—", "server": self.server_address}
        return failed(
            {
                "silent": clause(
                    "le serveur {server} ne répond pas en IMAP (port 993)",
                    "server {server} does not answer IMAP (port 993)",
                    **box,
                ),
                "refused": clause(
                    "le serveur {server} refuse la connexion IMAP (port 993) : le service ne tourne pas",
                    "server {server} refuses the IMAP connection (port 993): the service does not run",
                    **box,
                ),
                "tls": clause(
                    "le serveur {server} ne chiffre pas l'IMAP (port 993) : {status}",
                    "server {server} does not encrypt IMAP (port 993): {status}",
                    **box,
                ),
                "logon": clause(
                    "la boîte {box} ne s'ouvre pas avec ce mot de passe ({status})",
                    "mailbox {box} does not open with this password ({status})",
                    **box,
                ),
                "closed": clause(
                    "le mot de passe de {box} est accepté mais la boîte ne s'ouvre pas ({status})",
                    "the password of {box} is taken but the mailbox does not open ({status})",
                    **box,
                ),
            }[stage]
        )


class _Box(_Mail):
    """What is asked by a check that looks into a mailbox."""

    def _probe(self) -> Mailbox:
        return Mailbox(server_address=self.server_address, user=self.user, password_secret=self.password_secret)

    def questions(self) -> Sequence[Question]:
        return [Question(f"wire:{self.network}", self._probe()), awake(self.server)]


class MailboxOpens(_Box):
    """A mailbox opens with its password, over IMAP with TLS (port 993); or no longer does.

    opens false needs a server that answers and refuses the password: a stopped service proves nothing.
    """

    kind: ClassVar[str] = "mailbox"
    about: ClassVar[Text] = Text("la boîte aux lettres s'ouvre (ou non)", "the mailbox opens (or does not)")

    opens: bool = True

    def judge(self, view: View) -> Finding:
        found = view.see(f"wire:{self.network}", self._probe())
        trouble = self._entered(view, found.stage, found.status)
        if self.opens:
            return trouble or passed(
                clause("la boîte {box} s'ouvre", "mailbox {box} opens", box=self.user),
            )
        if trouble is None:
            return failed(
                clause("la boîte {box} s'ouvre encore", "mailbox {box} still opens", box=self.user),
            )
        if found.stage == "logon" and not any(word in found.status.upper() for word in _FOR_NOW):
            return passed(clause("la boîte {box} ne s'ouvre plus", "mailbox {box} no longer opens", box=self.user))
        return trouble


class MailIsDelivered(_Mail):
    """A message sent from the wire to an address really arrives in a mailbox: the address's own, or another's.

    to: the address it is sent to. user: the mailbox it must be found in. It is taken out again.
    """

    kind: ClassVar[str] = "mail-delivery"
    about: ClassVar[Text] = Text(
        "un message envoyé arrive dans la boîte", "a message that is sent arrives in the mailbox"
    )

    to: Address

    def _probe(self) -> MailDelivery:
        return MailDelivery(
            server_address=self.server_address, to=self.to, user=self.user, password_secret=self.password_secret
        )

    def questions(self) -> Sequence[Question]:
        return [Question(f"wire:{self.network}", self._probe()), awake(self.server)]

    def judge(self, view: View) -> Finding:
        found = view.see(f"wire:{self.network}", self._probe())
        words = {"to": self.to, "box": self.user, "status": found.sent.status or "—", "code": found.sent.code}
        if found.sent.stage == "cut":
            raise _CUT
        if found.sent.stage != "accepted":
            need_answer(view, self.server, self.network)
            if found.sent.stage != "rejected":
                return failed(
                    clause(
                        "le serveur de courrier ne prend pas de message (port 25) : {status}",
                        "the mail server takes no message (port 25): {status}",
                        **words,
                    )
                )
            return failed(
                clause(
                    "le message à {to} est refusé par le serveur : {code} {status}",
                    "the message to {to} is refused by the server: {code} {status}",
                    **words,
                )
            )
        trouble = self._entered(view, found.box.stage, found.box.status)
        if trouble is not None:
            return trouble
        if found.arrived:
            return passed(
                clause(
                    "un message à {to} arrive dans la boîte {box}",
                    "a message to {to} arrives in mailbox {box}",
                    **words,
                )
            )
        need_answer(view, self.server, self.network)
        return failed(
            clause(
                "le message à {to} est pris par le serveur mais n'arrive pas dans la boîte {box}",
                "the message to {to} is taken by the server but does not arrive in mailbox {box}",
                **words,
            )
        )


class MailboxHolds(_Box):
    """Among its newest messages, a mailbox holds one with this subject and sender.

    The subject is compared without case. sent_from: network of the machine that handed it to the mail server, as the
    server wrote it down; the server itself does not count.
    """

    kind: ClassVar[str] = "mailbox-holds"
    about: ClassVar[Text] = Text("la boîte contient ce message", "the mailbox holds this message")

    sender: Address
    subject: str
    sent_from: IPv4Network | None = None

    def judge(self, view: View) -> Finding:
        found = view.see(f"wire:{self.network}", self._probe())
        trouble = self._entered(view, found.stage, found.status)
        if trouble is not None:
            return trouble
        words = {"box": self.user, "subject": self.subject, "sender": self.sender}
        named = [message for message in found.messages if fold(message.subject) == fold(self.subject)]
        if not named:
            held = listed([message.subject for message in reversed(found.messages)], 4) or "—"
            return failed(
                clause(
                    "aucun message « {subject} » dans la boîte {box} (objets : {held})",
                    "no message “{subject}” in mailbox {box} (subjects: {held})",
                    held=held,
                    **words,
                )
            )
        ours = [message for message in named if fold(message.sender) == fold(self.sender)]
        if not ours:
            return failed(
                clause(
                    "le message « {subject} » vient de {found}, attendu {sender}",
                    "message “{subject}” is from {found}, expected {sender}",
                    found=listed([message.sender or "—" for message in named], 4),
                    **words,
                )
            )
        net = self.sent_from
        if net is not None and not any(_from(message, net, self.server_address) for message in ours):
            return failed(
                clause(
                    "le message « {subject} » n'a pas été envoyé depuis un poste du réseau {net} (machine : {found})",
                    "message “{subject}” was not sent from a computer of network {net} (machine: {found})",
                    net=net,
                    found=listed([message.origin or "—" for message in ours], 4),
                    **words,
                )
            )
        return passed(
            clause(
                "le message « {subject} » de {sender} est dans la boîte {box}",
                "message “{subject}” from {sender} is in mailbox {box}",
                **words,
            )
        )


def _from(message: Message, network: IPv4Network, server: str) -> bool:
    try:
        origin = ip_address(message.origin)
    except ValueError:
        return False
    return origin in network and str(origin) != server
