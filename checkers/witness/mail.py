"""Open a mailbox as its owner's mail program would (IMAP over TLS), or send a message and see it arrive there.

    mail.py read SERVER USER SECRET
    mail.py deliver SERVER TO USER SECRET

SECRET names the environment variable that holds the password. Port 993 (RFC 8314) for IMAP, port 25 (RFC 5321) for
sending, as a stranger's mail server would: no logon, and no sender, so that nothing can bounce. The message is taken
out of the mailbox when it has arrived.

Prints one JSON object; exits 0 when it could ask, whatever came back. Certificates are not checked: a firm's own server
signs its own. What the server says is cut short, for a candidate may have written it.
"""

from __future__ import annotations

import contextlib
import email
import email.policy
import email.utils
import fcntl
import imaplib
import json
import os
import re
import resource
import smtplib
import socket
import ssl
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MEMORY = 512 * 2**20
"""Bytes this program may take: a server that announces an endless answer ends it, not the host."""
ANSWER_S, ARRIVE_S, PAUSE_S = 25.0, 40.0, 1.0
"""A small server that does many things at once is slow, and slow is not wrong."""
TURN = Path("..") / "mail.lock"
"""In the folder that the questions of one observation share: they log on one after the other."""
LAST = 40
"""How many of the newest messages are told."""
WORDS = 200
HEADERS = "(BODY.PEEK[HEADER.FIELDS (FROM SUBJECT RECEIVED)]<0.6000>)"
REPEATED = re.compile(rb"[\x00-\x1f\x7f]+")


def words(said: object) -> str:
    """What a server said, on one short line."""
    raw = said if isinstance(said, bytes) else str(said).encode("utf-8", "replace")
    return REPEATED.sub(b" ", raw[:WORDS]).decode("utf-8", "replace").strip()


@contextlib.contextmanager
def turn() -> Iterator[None]:
    """Wait for one's turn."""
    with TURN.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def trouble(error: Exception) -> str:
    """What an attempt to connect met: ``refused``, ``silent``, ``tls`` (who answers speaks no TLS), or ``cut``.

    ``cut``: the connection was made, and then nothing more came: too busy or broken, nobody can tell.
    """
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, ssl.SSLEOFError | imaplib.IMAP4.error | smtplib.SMTPException | ConnectionError):
        return "cut"
    if isinstance(error, TimeoutError):
        return "silent" if str(error) == "timed out" else "cut"
    return "tls" if isinstance(error, ssl.SSLError) else "silent"


def enter(server: str, user: str, password: str, *, only_look: bool) -> tuple[imaplib.IMAP4_SSL | None, dict[str, str]]:
    """The mailbox, open at its INBOX, or None; and how far it went, with the server's words.

    only_look: nothing in it changes, not even which messages are new.

    stage: ``silent``, ``refused``, ``tls``, ``logon`` (the password was not taken), ``closed`` (logged on, no INBOX),
    ``inside``; ``cut`` when the server went away on the way.
    """
    context = ssl._create_unverified_context()  # noqa: S323 - see the head of this file
    stage = "logon"
    try:
        imap = imaplib.IMAP4_SSL(server, 993, ssl_context=context, timeout=ANSWER_S)
    except (OSError, imaplib.IMAP4.error) as error:
        return None, {"stage": trouble(error), "status": words(error)}
    try:
        imap.login(user, password)
        stage = "closed"
        code, said = imap.select("INBOX", readonly=only_look)
        if code == "OK":
            return imap, {"stage": "inside", "status": ""}
        status = words(said[0])
    except (imaplib.IMAP4.abort, OSError) as error:
        stage, status = "cut", words(error)
    except imaplib.IMAP4.error as error:
        status = words(error.args[0] if error.args else error)
    leave(imap)
    return None, {"stage": stage, "status": status}


def leave(imap: imaplib.IMAP4) -> None:
    """Log off, if that is still possible."""
    with contextlib.suppress(OSError, imaplib.IMAP4.error):
        imap.logout()


def messages(imap: imaplib.IMAP4) -> list[dict[str, str]]:
    """The newest messages, newest last."""
    _, found = imap.uid("SEARCH", "ALL")
    newest = (found[0] or b"").split()[-LAST:]
    if not newest:
        return []
    _, parts = imap.uid("FETCH", b",".join(newest).decode("ascii"), HEADERS)
    return [summary(part[1]) for part in parts if isinstance(part, tuple) and len(part) > 1]


def take(imap: imaplib.IMAP4, identity: str) -> bool:
    """Whether the message with this Message-ID is there; it is gone afterwards."""
    imap.noop()
    _, found = imap.uid("SEARCH", "HEADER", "Message-ID", f'"{identity}"')
    numbers = (found[0] or b"").split()
    for number in numbers:
        imap.uid("STORE", number.decode("ascii"), "+FLAGS.SILENT", r"(\Deleted)")
        imap.uid("EXPUNGE", number.decode("ascii"))
    return bool(numbers)


def summary(head: bytes) -> dict[str, str]:
    """Who a message says it is from, its subject, and the address of the machine that handed it to the mail server.

    That machine is in the newest ``Received`` line that names an address other than the server itself: lines below are
    the sender's own.
    """
    message = email.message_from_bytes(head, policy=email.policy.default)
    origin = ""
    for line in message.get_all("Received", []):
        match = re.search(r"\[([0-9.]{7,15})\]\)", str(line))
        if match and not match[1].startswith("127."):
            origin = match[1]
            break
    _, sender = email.utils.parseaddr(str(message.get("From", "")))
    return {"sender": words(sender), "subject": words(str(message.get("Subject", ""))), "origin": origin}


def send(server: str, to: str, identity: str) -> dict[str, Any]:
    """Hand a message to the server, as a stranger's server would.

    stage: ``silent``, ``refused``, ``cut``, ``rejected`` (the server does not want it: code and words), ``accepted``.
    """
    text = (
        f"From: essai@epreuve.invalid\r\nTo: {to}\r\nSubject: Essai du jury\r\nMessage-ID: {identity}\r\n"
        f"Date: {email.utils.formatdate()}\r\n\r\nMessage d'essai du jury, efface aussitot.\r\n"
    )
    try:
        with smtplib.SMTP(server, 25, local_hostname="temoin.epreuve.invalid", timeout=ANSWER_S) as smtp:
            smtp.sendmail("", [to], text)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = error.recipients[to]
        return {"stage": "rejected", "code": code, "status": words(said)}
    except smtplib.SMTPResponseException as error:
        return {"stage": "rejected", "code": error.smtp_code, "status": words(error.smtp_error)}
    except OSError as error:
        return {"stage": trouble(error), "code": 0, "status": words(error)}
    return {"stage": "accepted", "code": 250, "status": ""}


def read(password: str, server: str, user: str) -> dict[str, Any]:
    """What is in a mailbox."""
    with turn():
        imap, told = enter(server, user, password, only_look=True)
    if imap is None:
        return {**told, "messages": []}
    try:
        return {**told, "messages": messages(imap)}
    except (OSError, imaplib.IMAP4.error) as error:
        return {"stage": "cut", "status": words(error), "messages": []}
    finally:
        leave(imap)


def deliver(password: str, server: str, to: str, user: str) -> dict[str, Any]:
    """Whether a message to an address arrives in a mailbox. arrived is None when that could not be looked at."""
    identity = f"<{os.urandom(12).hex()}@epreuve.invalid>"
    with turn():
        sent = send(server, to, identity)
        if sent["stage"] != "accepted":
            return {"sent": sent, "box": {"stage": "unasked", "status": ""}, "arrived": None}
        imap, told = enter(server, user, password, only_look=False)
    if imap is None:
        return {"sent": sent, "box": told, "arrived": None}
    end = time.monotonic() + ARRIVE_S
    try:
        while not (arrived := take(imap, identity)) and time.monotonic() < end:
            time.sleep(PAUSE_S)
    except (OSError, imaplib.IMAP4.error) as error:
        return {"sent": sent, "box": {"stage": "cut", "status": words(error)}, "arrived": None}
    finally:
        leave(imap)
    return {"sent": sent, "box": told, "arrived": arrived}


def main() -> None:
    """Ask, and print what came."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    socket.setdefaulttimeout(ANSWER_S)
    order, *names, secret = sys.argv[1:]
    password = os.environ[secret]
    print(json.dumps(read(password, *names) if order == "read" else deliver(password, *names)))


if __name__ == "__main__":
    main()
