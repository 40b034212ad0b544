"""From what the mail witness saw to a verdict."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checkers.checks.mail import MailboxHolds, MailboxOpens, MailIsDelivered
from checkers.facts import Raw
from checkers.probes.mail import Mailbox, MailDelivery

from .judging import LINKED, STARTING, judged

WHERE = {
    "network": "lan", "server": "server", "server_address": "192.168.50.10", "user": "accueil@kerbras.lan",
    "password_secret": "initial",
}  # fmt: skip
OPENS = MailboxOpens.model_validate(WHERE)
CLOSED = MailboxOpens.model_validate({**WHERE, "opens": False})
DELIVERED = MailIsDelivered.model_validate({**WHERE, "to": "contact@kerbras.lan"})
HOLDS = MailboxHolds.model_validate(
    {**WHERE, "sender": "accueil@kerbras.lan", "subject": "Mise en service", "sent_from": "192.168.50.0/24"}
)
REFUSED = "[AUTHENTICATIONFAILED] Authentication failed."


def box(stage: str = "inside", status: str = "", *messages: tuple[str, str, str]) -> str:
    keys = ("sender", "subject", "origin")
    told = [dict(zip(keys, message, strict=True)) for message in messages]
    return json.dumps({"stage": stage, "status": status, "messages": told})


def delivery(sent: str = "accepted", code: int = 250, stage: str = "inside", arrived: bool | None = True) -> str:
    return json.dumps(
        {
            "sent": {"stage": sent, "code": code, "status": "5.1.1 User unknown" if code == 550 else ""},
            "box": {"stage": stage, "status": ""},
            "arrived": arrived,
        }
    )


@pytest.mark.parametrize(
    ("stage", "status", "opens", "closed"),
    [
        ("inside", "", "PASS", "FAIL"),
        ("logon", REFUSED, "FAIL", "PASS"),
        ("logon", "[UNAVAILABLE] Temporary authentication failure.", "FAIL", "FAIL"),
        ("closed", "Internal error", "FAIL", "FAIL"),
        ("refused", "", "FAIL", "FAIL"),
        ("silent", "", "FAIL", "FAIL"),
        ("tls", "wrong version number", "FAIL", "FAIL"),
        ("cut", "", "INCONCLUSIVE", "INCONCLUSIVE"),
    ],
)
def test_a_mailbox_opens_or_no_longer_does(stage: str, status: str, opens: str, closed: str) -> None:
    assert judged(OPENS, box(stage, status)).outcome == opens
    assert judged(CLOSED, box(stage, status)).outcome == closed


@pytest.mark.parametrize("stage", ["silent", "refused", "logon"])
def test_what_a_server_does_counts_only_when_it_was_connected_and_awake(stage: str) -> None:
    cut: dict[str, Any] = {**LINKED, "server": {"lan": False}}
    assert judged(OPENS, box(stage), links=cut).outcome == "INCONCLUSIVE"
    assert judged(OPENS, box(stage), awake=STARTING).outcome == "INCONCLUSIVE"


@pytest.mark.parametrize(
    ("answer", "outcome", "word"),
    [
        (delivery(), "PASS", "arrive dans la boîte accueil@kerbras.lan"),
        (delivery(arrived=False), "FAIL", "n'arrive pas"),
        (delivery("rejected", 550, "unasked", None), "FAIL", "refusé par le serveur : 550 5.1.1 User unknown"),
        (delivery("refused", 0, "unasked", None), "FAIL", "port 25"),
        (delivery("silent", 0, "unasked", None), "FAIL", "port 25"),
        (delivery("cut", 0, "unasked", None), "INCONCLUSIVE", "sans réponse"),
        (delivery(stage="logon", arrived=None), "FAIL", "ne s'ouvre pas"),
        (delivery(stage="cut", arrived=None), "INCONCLUSIVE", "coupée"),
    ],
)
def test_a_delivery(answer: str, outcome: str, word: str) -> None:
    found = judged(DELIVERED, answer)
    assert found.outcome == outcome, found.reason
    assert word in found.reason


@pytest.mark.parametrize("answer", [delivery(arrived=False), delivery("silent", 0, "unasked", None)])
def test_a_delivery_that_fails_while_the_server_starts_concludes_nothing(answer: str) -> None:
    assert judged(DELIVERED, answer, awake=STARTING).outcome == "INCONCLUSIVE"


RIGHT = ("accueil@kerbras.lan", "Mise en service", "192.168.50.77")


@pytest.mark.parametrize(
    ("messages", "outcome", "word"),
    [
        ([RIGHT], "PASS", "est dans la boîte"),
        ([("x@kerbras.lan", "Bonjour", ""), RIGHT, ("x@kerbras.lan", "Suite", "")], "PASS", "est dans la boîte"),
        ([("Accueil@Kerbras.lan", "mise en SERVICE ", "192.168.50.60")], "PASS", "est dans la boîte"),
        ([], "FAIL", "objets : —"),
        ([("accueil@kerbras.lan", "Mise-en-service", "192.168.50.60")], "FAIL", "objets : Mise-en-service"),
        ([("gwen@kerbras.lan", "Mise en service", "192.168.50.60")], "FAIL", "vient de gwen@kerbras.lan"),
        ([("accueil@kerbras.lan", "Mise en service", "")], "FAIL", "n'a pas été envoyé depuis un poste"),
        ([("accueil@kerbras.lan", "Mise en service", "192.168.50.10")], "FAIL", "machine : 192.168.50.10"),
        ([("accueil@kerbras.lan", "Mise en service", "10.0.0.1")], "FAIL", "machine : 10.0.0.1"),
        ([("accueil@kerbras.lan", "Mise en service", "x")], "FAIL", "machine : x"),
    ],
)
def test_a_message_in_a_mailbox(messages: list[tuple[str, str, str]], outcome: str, word: str) -> None:
    found = judged(HOLDS, box("inside", "", *messages))
    assert found.outcome == outcome, found.reason
    assert word in found.reason


def test_a_mailbox_that_does_not_open_holds_nothing_that_counts() -> None:
    assert judged(HOLDS, box("logon", REFUSED)).outcome == "FAIL"


@pytest.mark.parametrize(
    "raw", [Raw(stdout="", exit_code=1), Raw(stdout="{}"), Raw(stdout=box("nowhere")), Raw(stdout="{", exit_code=0)]
)
def test_a_witness_that_could_not_ask_concludes_nothing(raw: Raw) -> None:
    probe = Mailbox(server_address="192.168.50.10", user="accueil@kerbras.lan", password_secret="initial")
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever a parser raises makes the fact unseen
        probe.parse(raw)


def test_no_password_in_a_command() -> None:
    probe = MailDelivery(server_address="192.168.50.10", to="a@b.lan", user="c@b.lan", password_secret="initial")
    assert probe.command().endswith("deliver 192.168.50.10 a@b.lan c@b.lan SECRET_INITIAL")
