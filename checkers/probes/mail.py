"""What a mail server really does, asked from the wire; and the accounts of the mail program on a workstation."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from checkers.facts import Raw
from checkers.parsers import key_file
from checkers.parsers.clean import clip, integer
from checkers.parsers.loose_json import load
from checkers.probe import Probe, Unreadable, Value, Vantage
from checkers.witness import program
from labs.text import Text

Word = Annotated[str, StringConstraints(max_length=200)]
Address = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}@[A-Za-z0-9][A-Za-z0-9.-]{0,252}$")
]
Stage = Literal["silent", "refused", "tls", "logon", "closed", "cut", "inside"]

_NO_WITNESS = Unreadable(Text("le témoin n'a pas pu essayer le courrier", "the witness could not try the mail"))


class Message(Value):
    """One message. origin: address of the machine that handed it to the mail server, as the server wrote it; may be
    empty."""

    sender: Word
    subject: Word
    origin: Word


class MailboxValue(Value):
    """How far a mailbox was opened. stage: the server was silent or refused, or spoke no TLS; the logon was refused;
    the mailbox could not be opened; the connection was cut; or inside. status: the server's words. messages: the newest
    ones."""

    stage: Stage
    status: Word = ""
    messages: tuple[Message, ...] = Field(default=(), max_length=40)


class Mailbox(Probe[MailboxValue]):
    """A mailbox opened over IMAP with TLS (port 993)."""

    name: ClassVar[str] = "mailbox"
    about: ClassVar[Text] = Text("boîte aux lettres ouverte depuis le réseau", "mailbox opened from the wire")
    vantage: ClassVar[Vantage] = "wire"
    value: ClassVar[type[Value]] = MailboxValue
    timeout_s: ClassVar[int] = 100

    server_address: str
    user: Address
    password_secret: str

    def command(self) -> str:
        return program("mail", "read", self.server_address, self.user, "SECRET_" + self.password_secret.upper())

    def parse(self, raw: Raw) -> MailboxValue:
        if raw.exit_code != 0:
            raise _NO_WITNESS
        return MailboxValue.model_validate(load(raw.stdout))


class Sent(Value):
    """How a message was taken. code: the server's answer (RFC 5321), 0 when there was none."""

    stage: Literal["silent", "refused", "cut", "rejected", "accepted"]
    code: Annotated[int, Field(ge=0, le=999)]
    status: Word


class Opened(Value):
    """How far the mailbox was opened in which the message is looked for; ``unasked`` when it was not sent."""

    stage: Stage | Literal["unasked"]
    status: Word


class MailDeliveryValue(Value):
    """Whether a message arrived. arrived: None when nobody could look."""

    sent: Sent
    box: Opened
    arrived: bool | None


class MailDelivery(Probe[MailDeliveryValue]):
    """A message sent to an address over SMTP (port 25), looked for in a mailbox and taken out of it."""

    name: ClassVar[str] = "mail-delivery"
    about: ClassVar[Text] = Text("message réellement remis", "message really delivered")
    vantage: ClassVar[Vantage] = "wire"
    value: ClassVar[type[Value]] = MailDeliveryValue
    timeout_s: ClassVar[int] = 100

    server_address: str
    to: Address
    user: Address
    password_secret: str

    def command(self) -> str:
        secret = "SECRET_" + self.password_secret.upper()
        return program("mail", "deliver", self.server_address, self.to, self.user, secret)

    def parse(self, raw: Raw) -> MailDeliveryValue:
        if raw.exit_code != 0:
            raise _NO_WITNESS
        return MailDeliveryValue.model_validate(load(raw.stdout))


Protection = Literal["none", "tls", "starttls", "other"]


class MailAccount(Value):
    """One account of Claws Mail. login: user of the machine whose account it is. receive_tls, send_tls: how the
    connection is protected. send_logon: sending asks for the password."""

    login: Word
    address: Word
    full_name: Word
    protocol: Literal["imap", "pop", "other"]
    server: Word
    port: int
    receive_tls: Protection
    user: Word
    send_server: Word
    send_port: int
    send_tls: Protection
    send_logon: bool


class MailAccountsValue(Value):
    """The accounts of every user of the machine."""

    accounts: tuple[MailAccount, ...] = Field(max_length=40)


# Only what is asked for leaves the machine: passwords that old versions keep there do not.
_COMMAND = r"""
for file in /root/.claws-mail/accountrc /home/*/.claws-mail/accountrc; do
  [ -f "$file" ] || continue
  echo "[file $file]"
  head -c 200000 "${file%accountrc}clawsrc" 2>/dev/null | grep -a '^config_version='
  head -c 200000 "$file" | grep -aE '^\[|^(config_version|address|name|protocol|receive_server|ssl_pop|ssl_imap)=
^(user_id|smtp_server|ssl_smtp|use_smtp_auth)=
^(set_imapport|imap_port|set_popport|pop_port|set_smtpport|smtp_port)='
done
echo '[end]'
""".strip()


class MailAccounts(Probe[MailAccountsValue]):
    """The accounts of Claws Mail, as its ``accountrc`` holds them."""

    name: ClassVar[str] = "mail-accounts"
    about: ClassVar[Text] = Text("comptes du logiciel de messagerie", "accounts of the mail program")
    value: ClassVar[type[Value]] = MailAccountsValue

    def command(self) -> str:
        return _COMMAND

    def parse(self, raw: Raw) -> MailAccountsValue:
        groups = key_file.groups(raw.stdout)
        if not groups or groups[-1].name != "end":
            raise Unreadable(Text("les comptes n'ont pas pu être lus", "the accounts could not be read"))
        accounts, login, version = [], "", ""
        for group in groups[:-1]:
            if group.name.startswith("file /"):
                parts = group.name.split("/")
                login = "root" if parts[1] == "root" else parts[2]
                version = group.values.get("config_version", "")
            elif group.name.startswith("Account"):
                accounts.append(_account(clip(login, 64), group.values, version))
        return MailAccountsValue(accounts=tuple(accounts[:40]))


def _account(login: str, said: dict[str, str], version: str) -> MailAccount:
    """version: that of the user's other settings, which counts where the account has none of its own."""
    own = said.get("config_version", "-1")
    protocol = _protocol(said.get("protocol", ""), version if own == "-1" else own)
    kind = "imap" if protocol == "imap" else "pop"
    secure = _protection(said.get(f"ssl_{kind}", "0"))
    usual = {("imap", True): 993, ("imap", False): 143, ("pop", True): 995, ("pop", False): 110}
    send = _protection(said.get("ssl_smtp", "0"))
    return MailAccount(
        login=login,
        address=clip(said.get("address", "")),
        full_name=clip(said.get("name", "")),
        protocol=protocol,
        server=clip(said.get("receive_server", "")),
        port=_port(said, f"set_{kind}port", f"{kind}_port", usual[kind, secure == "tls"]),
        receive_tls=secure,
        user=clip(said.get("user_id", "")),
        send_server=clip(said.get("smtp_server", "")),
        send_port=_port(said, "set_smtpport", "smtp_port", 465 if send == "tls" else 25),
        send_tls=send,
        send_logon=said.get("use_smtp_auth") == "1",
    )


def _protocol(number: str, version: str) -> Literal["imap", "pop", "other"]:
    """What a number means in Claws Mail's ``RecvProtocol``. It was numbered anew: IMAP was 3 where there is no version
    or version 0, and is 1; what a running program has just written has no version yet."""
    old = version in ("", "-1", "0")
    if number == "1" or (number == "3" and old):
        return "imap"
    return "pop" if number == "0" else "other"


def _protection(number: str) -> Protection:
    known: dict[str, Protection] = {"0": "none", "1": "tls", "2": "starttls"}
    return known.get(number, "other")


def _port(said: dict[str, str], own: str, name: str, usual: int) -> int:
    """The port that is really used: the account's own only where it says so."""
    found = integer(said.get(name, ""), 0) if said.get(own) == "1" else usual
    return found if 0 < found < 65536 else 0
