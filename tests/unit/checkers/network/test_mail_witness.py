"""The mail witness against a real conversation: logons, messages, deliveries, and servers that mean no good."""

from __future__ import annotations

import imaplib
import json
import smtplib
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checkers.facts import Raw
from checkers.probes.mail import Mailbox, MailboxValue, MailDelivery, MailDeliveryValue
from checkers.witness import mail as witness

from .mail_server import Mail, Servers

BOX = "accueil@exemple.lan"
PASSWORD = Mail().password
MESSAGE = (
    "Received: from srv.exemple.lan by srv.exemple.lan with LMTP id 1\r\n"
    "Received: from poste ([192.168.1.60]) by srv.exemple.lan (Postfix) with ESMTPSA id 2\r\n"
    "Received: from typed (by [10.9.9.9]) by the sender\r\n"
    "From: =?utf-8?q?Accueil?= <accueil@exemple.lan>\r\nSubject: =?utf-8?q?Mise_en_service_=E2=9C=93?=\r\n\r\nText\r\n"
)


@pytest.fixture
def mail() -> Mail:
    return Mail(boxes={BOX: [], "support@exemple.lan": []})


@pytest.fixture
def servers(mail: Mail, tmp_path: Path) -> Iterator[Servers]:
    servers = Servers(mail, tmp_path)
    yield servers
    servers.stop()


def run(servers: Servers, *words: str, password: str = PASSWORD, port: int = 0) -> Raw:
    """What the program prints, with the ports of the test's servers for the usual ones."""
    code = (
        "import runpy, sys, imaplib, smtplib\n"
        "imap, smtp = imaplib.IMAP4_SSL.__init__, smtplib.SMTP.__init__\n"
        f"imaplib.IMAP4_SSL.__init__ = lambda self, host, _, **more: imap(self, host, {port or servers.imap}, **more)\n"
        f"smtplib.SMTP.__init__ = lambda self, host, _, **more: smtp(self, host, {port or servers.smtp}, **more)\n"
        f"sys.argv = ['mail.py', *{list(words)!r}, 'SECRET_P']\n"
        f"runpy.run_path({str(witness.__file__)!r}, run_name='__main__')\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code],
        capture_output=True, text=True, check=False, timeout=60, env={"SECRET_P": password}, cwd=servers.folder,
    )  # fmt: skip
    return Raw(stdout=done.stdout, stderr=done.stderr, exit_code=done.returncode)


def read(servers: Servers, user: str = BOX, **more: Any) -> MailboxValue:
    return Mailbox(server_address="127.0.0.1", user=BOX, password_secret="p").parse(
        run(servers, "read", "127.0.0.1", user, **more)
    )


def deliver(servers: Servers, to: str, user: str = BOX, **more: Any) -> MailDeliveryValue:
    probe = MailDelivery(server_address="127.0.0.1", to=BOX, user=BOX, password_secret="p")
    return probe.parse(run(servers, "deliver", "127.0.0.1", to, user, **more))


def test_a_mailbox_tells_its_messages(servers: Servers, mail: Mail) -> None:
    mail.boxes[BOX] += [MESSAGE, "Subject: sans rien\r\n\r\n"]
    first, second = read(servers).messages
    assert (first.sender, first.subject, first.origin) == (BOX, "Mise en service ✓", "192.168.1.60")
    assert (second.sender, second.subject, second.origin) == ("", "sans rien", "")


def test_only_the_newest_messages_are_told(servers: Servers, mail: Mail) -> None:
    mail.boxes[BOX] += [f"Subject: {n}\r\n\r\n" for n in range(60)]
    told = read(servers).messages
    assert [message.subject for message in told] == [str(n) for n in range(20, 60)]


@pytest.mark.parametrize("user", [BOX, "nobody@exemple.lan"])
def test_a_logon_that_is_refused(servers: Servers, user: str) -> None:
    found = read(servers, user, password="autre")
    assert found.stage == "logon"
    assert "AUTHENTICATIONFAILED" in found.status


def test_a_closed_port_a_server_without_tls_and_a_cut(servers: Servers, mail: Mail) -> None:
    assert read(servers, port=1).stage == "refused"
    assert read(servers, port=servers.smtp).stage == "tls"
    mail.hang_up = True
    assert read(servers).stage == "cut"


def test_an_endless_answer_ends_the_witness_and_not_the_host(servers: Servers, mail: Mail) -> None:
    mail.boxes[BOX].append(MESSAGE)
    mail.flood = True
    raw = run(servers, "read", "127.0.0.1", BOX)
    assert raw.exit_code != 0 or json.loads(raw.stdout)["stage"] == "cut"


def test_a_message_arrives_and_is_taken_out_again(servers: Servers, mail: Mail) -> None:
    found = deliver(servers, BOX)
    assert found.arrived is True
    assert [text for text in mail.boxes[BOX] if text] == []


def test_a_message_arrives_by_an_alias(servers: Servers, mail: Mail) -> None:
    mail.aliases["parti@exemple.lan"] = "support@exemple.lan"
    assert deliver(servers, "parti@exemple.lan", "support@exemple.lan").arrived is True


def test_an_address_that_nobody_has(servers: Servers) -> None:
    found = deliver(servers, "personne@exemple.lan")
    assert (found.sent.stage, found.sent.code, found.arrived) == ("rejected", 550, None)
    assert "User unknown" in found.sent.status


def test_a_mailbox_that_does_not_open_says_nothing_of_the_message(servers: Servers) -> None:
    found = deliver(servers, BOX, password="autre")
    assert (found.sent.stage, found.box.stage, found.arrived) == ("accepted", "logon", None)


def test_no_server_takes_the_message(servers: Servers) -> None:
    assert deliver(servers, BOX, port=1).sent.stage == "refused"


def test_a_message_that_is_lost(servers: Servers, mail: Mail, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mail.lose = True
    monkeypatch.setattr(witness, "ARRIVE_S", 0.0)
    monkeypatch.setattr(witness, "TURN", tmp_path / "lock")
    imap = imaplib.IMAP4_SSL
    smtp = smtplib.SMTP
    monkeypatch.setattr(imaplib, "IMAP4_SSL", lambda host, _port, **more: imap(host, servers.imap, **more))
    monkeypatch.setattr(smtplib, "SMTP", lambda host, _port, **more: smtp(host, servers.smtp, **more))
    found = witness.deliver(PASSWORD, "127.0.0.1", BOX, BOX)
    assert (found["sent"]["stage"], found["box"]["stage"], found["arrived"]) == ("accepted", "inside", False)


@pytest.mark.parametrize(
    ("error", "stage"),
    [
        (ConnectionRefusedError(), "refused"),
        (TimeoutError("timed out"), "silent"),
        (OSError(113, "No route to host"), "silent"),
        (TimeoutError("_ssl.c:989: The handshake operation timed out"), "cut"),
        (TimeoutError("The read operation timed out"), "cut"),
        (ssl.SSLEOFError("EOF occurred in violation of protocol"), "cut"),
        (ConnectionResetError(), "cut"),
        (smtplib.SMTPServerDisconnected("Connection unexpectedly closed: timed out"), "cut"),
        (imaplib.IMAP4.abort("socket error: EOF"), "cut"),
        (ssl.SSLError("wrong version number"), "tls"),
    ],
)
def test_slow_is_not_absent(error: Exception, stage: str) -> None:
    assert witness.trouble(error) == stage
