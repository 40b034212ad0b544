"""``address-static`` and ``address-dynamic`` on Windows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checkers.checks.addresses import AddressIsDynamic, AddressIsStatic
from tests.unit.checkers.local.judging import Judged
from tests.unit.checkers.windows.judging import golden, judged

STATIC = AddressIsStatic.model_validate(
    {"on": "client", "interface": "eth0", "address": "192.168.50.60/24", "gateway": "192.168.50.254"}
)
DYNAMIC = AddressIsDynamic.model_validate(
    {
        "on": "client",
        "interface": "eth0",
        "subnet": "192.168.50.0/24",
        "address": "192.168.50.60",
        "router": "192.168.50.254",
        "dns": "192.168.50.10",
    }
)


def static(change: Callable[[Any], object] = lambda _: None, case: str = "client-static", **also: Any) -> Judged:
    answer = golden("addresses", case)
    change(answer)
    return judged(STATIC, {"addresses": answer}, **also)


def dynamic(change: Callable[[Any], object] = lambda _: None, case: str = "client-dhcp") -> Judged:
    answer = golden("addresses", case)
    change(answer)
    return judged(DYNAMIC, {"addresses": answer})


def alias(answer: Any) -> None:
    answer["adapters"][0]["alias"] = "Carte de la compta"


def no_word_of_dhcp(answer: Any) -> None:
    answer["interfaces"]["persistent"] = []


def own_driver(answer: Any) -> None:
    answer["adapters"][0]["location"] = ""


@pytest.mark.parametrize("change", [lambda _: None, alias, no_word_of_dhcp, own_driver])
def test_fixed(change: Callable[[Any], object]) -> None:
    assert static(change).outcome == "PASS"


def only_active(answer: Any) -> None:
    answer["addresses"]["persistent"] = []


def other_mask(answer: Any) -> None:
    answer["addresses"]["active"][0]["prefix"] = 16


def dhcp_after_a_restart(answer: Any) -> None:
    answer["interfaces"]["persistent"][0]["dhcp"] = 1


def duplicate(answer: Any) -> None:
    answer["addresses"]["active"][0]["state"] = 2
    answer["addresses"]["active"].append(
        {"index": 6, "address": "169.254.8.9", "prefix": 16, "prefix_origin": 2, "state": 4, "valid_s": 922337203685}
    )


def for_an_hour(answer: Any) -> None:
    answer["addresses"]["active"][0]["valid_s"] = 3600


def gateway_of_now_only(answer: Any) -> None:
    answer["routes"]["persistent"] = []


def gateway_of_another_card(answer: Any) -> None:
    answer["adapters"].append({**answer["adapters"][0], "index": 9, "location": "x;(2,0,0)"})
    for store in answer["routes"].values():
        store[0]["index"] = 9


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (only_active, "après un redémarrage"),
        (other_mask, "192.168.50.60/16"),
        (dhcp_after_a_restart, "après un redémarrage : dhcp"),
        (duplicate, "trouvé « 169.254.8.9/16 »"),
        (for_an_hour, "(DHCP)"),
        (gateway_of_now_only, "passerelle configurée : trouvé rien"),
        (gateway_of_another_card, "passerelle : trouvé rien"),
    ],
)
def test_fixed_in_appearance(change: Callable[[Any], object], word: str) -> None:
    found = static(change)
    assert found.outcome in ("PART", "FAIL")
    assert word in found.reason


def test_a_lease_is_not_a_fixed_address() -> None:
    assert static(case="client-dhcp").outcome in ("PART", "FAIL")


def test_a_pulled_cable_is_nobodys_fault_and_a_disabled_card_is() -> None:
    def tentative(answer: Any) -> None:
        answer["addresses"]["active"][0]["state"] = 1

    assert static(tentative, links={"client": {"lan": False}}).outcome == "INCONCLUSIVE"
    assert static(tentative).outcome in ("PART", "FAIL")


def policy_sets_the_servers(answer: Any) -> None:
    answer["name_servers"][0]["servers"] = []
    answer["policy_name_servers"] = "192.168.50.10, 192.168.50.11"


def an_empty_name_server(answer: Any) -> None:
    answer["name_servers"][0]["servers"] = ["", "192.168.50.10"]


@pytest.mark.parametrize(
    "change", [lambda _: None, alias, no_word_of_dhcp, policy_sets_the_servers, an_empty_name_server]
)
def test_by_dhcp(change: Callable[[Any], object]) -> None:
    assert dynamic(change).outcome == "PASS"


def typed_by_hand(answer: Any) -> None:
    answer["addresses"]["active"][0].update(prefix_origin=1, valid_s=922337203685)


def not_asked_after_a_restart(answer: Any) -> None:
    answer["interfaces"]["persistent"][0]["dhcp"] = 0


def own_name_server(answer: Any) -> None:
    answer["name_servers"][0]["servers"] = ["9.9.9.9"]


def name_server_of_a_dead_card(answer: Any) -> None:
    answer["name_servers"] = [
        {"index": 6, "servers": ["9.9.9.9"]},
        {"index": 1, "servers": ["192.168.50.10"]},
    ]


@pytest.mark.parametrize(
    ("change", "word", "outcome"),
    [
        (typed_by_hand, "192.168.50.60/24 (fixe)", "FAIL"),
        (not_asked_after_a_restart, "au démarrage, eth0 n'est pas en DHCP", "PART"),
        (own_name_server, "9.9.9.9", "PART"),
        (name_server_of_a_dead_card, "9.9.9.9", "PART"),
    ],
)
def test_by_dhcp_in_appearance(change: Callable[[Any], object], word: str, outcome: str) -> None:
    found = dynamic(change)
    assert word in found.reason
    assert found.outcome == outcome


def test_the_name_of_a_connection_makes_no_card() -> None:
    """A virtual interface that somebody called ``eth0`` does not stand for the card on the bus."""
    check = AddressIsStatic.model_validate({"on": "server", "interface": "eth0", "address": "10.50.0.1/24"})
    found = judged(check, {"addresses": golden("addresses", "server-two-cards")})
    assert found.outcome in ("PART", "FAIL")
    assert "192.168.50.10/24" in found.reason


def test_no_name_server_is_none() -> None:
    answer = golden("addresses", "client-dhcp")
    answer["name_servers"][0]["servers"] = [""]
    found = judged(DYNAMIC, {"addresses": answer})
    assert found.outcome == "PART"
    assert "serveurs DNS : trouvé rien" in found.reason


def test_nothing_seen() -> None:
    assert judged(STATIC, {"addresses": None}).outcome == "INCONCLUSIVE"
