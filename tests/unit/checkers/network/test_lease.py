"""The check of a lease really obtained."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checkers.checks.lease import DhcpOffer
from checkers.facts import Raw
from checkers.probes.lease import Lease

from .judging import LINKED, judged

CHECK = DhcpOffer.model_validate(
    {
        "network": "lan", "server": "server", "subnet": "192.168.50.0/24", "first": "192.168.50.100",
        "last": "192.168.50.199", "not_in": "192.168.50.150-192.168.50.159", "router": "192.168.50.254",
        "dns": ["192.168.50.10"], "domain": "kerbras.lan", "lease_seconds": 28800,
    }
)  # fmt: skip


def offer(**more: Any) -> dict[str, Any]:
    return {
        "address": "192.168.50.100", "server": "192.168.50.10", "server_mac": "52:54:00:50:00:10",
        "mask": "255.255.255.0", "routers": ["192.168.50.254"], "dns": ["192.168.50.10"], "domain": "kerbras.lan",
        "lease_seconds": 28800, **more,
    }  # fmt: skip


def answer(*offers: dict[str, Any], ack: bool = True, nak: bool = False) -> str:
    return json.dumps({"offers": offers, "ack": offers[0] if ack and offers else None, "nak": nak})


@pytest.mark.parametrize("more", [{}, {"address": "192.168.50.199"}, {"domain": "KERBRAS.LAN."}])
def test_a_right_lease(more: dict[str, Any]) -> None:
    found = judged(CHECK, answer(offer(**more)))
    assert found.outcome == "PASS", found.reason


@pytest.mark.parametrize(
    ("more", "outcome", "reason"),
    [
        ({"address": "192.168.50.99"}, "FAIL", "adresse obtenue 192.168.50.99, attendue 192.168.50.100–199"),
        ({"address": "192.168.50.155"}, "FAIL", "dans la plage exclue 192.168.50.150–159"),
        ({"mask": "255.255.0.0"}, "PART", "masque : 255.255.0.0, attendu 255.255.255.0"),
        ({"routers": []}, "PART", "passerelle : rien, attendu 192.168.50.254"),
        ({"dns": ["192.168.50.10", "8.8.8.8"]}, "PART", "serveurs DNS"),
        ({"domain": None}, "PART", "domaine : rien"),
        ({"lease_seconds": 480}, "PART", "durée du bail (s) : 480, attendu 28800"),
    ],
)
def test_a_wrong_lease(more: dict[str, Any], outcome: str, reason: str) -> None:
    found = judged(CHECK, answer(offer(**more)))
    assert found.outcome == outcome
    assert reason in found.reason


def test_two_servers() -> None:
    found = judged(CHECK, answer(offer(), offer(server="192.168.50.66", server_mac="52:54:00:50:00:66")))
    assert found.outcome == "PART"
    assert "2 serveurs DHCP répondent" in found.reason
    assert "192.168.50.66" in found.reason


def test_an_offer_that_is_not_granted() -> None:
    assert judged(CHECK, answer(offer(), ack=False, nak=True)).outcome == "FAIL"


def test_silence_counts_only_when_the_server_was_connected() -> None:
    assert judged(CHECK, answer()).outcome == "FAIL"
    assert judged(CHECK, answer(), links={**LINKED, "server": {"lan": False}}).outcome == "INCONCLUSIVE"
    assert judged(CHECK, answer(), links={}).outcome == "INCONCLUSIVE"


def test_a_witness_that_could_not_ask_concludes_nothing() -> None:
    for raw in (Raw(stdout="", exit_code=127), Raw(stdout="", stderr="Traceback", exit_code=1)):
        assert judged(CHECK, raw).outcome == "INCONCLUSIVE"


def test_a_reservation_is_looked_at_by_its_offer() -> None:
    check = CHECK.model_copy(update={"mac": "52:54:00:50:00:77", "address": "192.168.50.60"})
    check = DhcpOffer.model_validate(
        {**CHECK.model_dump(exclude={"first", "last", "not_in"}), "mac": "52:54:00:50:00:77",
         "address": "192.168.50.60"}
    )  # fmt: skip
    assert judged(check, answer(offer(address="192.168.50.60"), ack=False)).outcome == "PASS"
    assert judged(check, answer(offer(address="192.168.50.100"), ack=False)).outcome == "FAIL"
    assert "--for 52:54:00:50:00:77" in Lease(device="52:54:00:50:00:77").command()


def test_each_question_asks_with_a_hardware_address_of_its_own() -> None:
    assert Lease().command() != Lease(device="52:54:00:50:00:77").command().split(" --for")[0]
