"""Kea's configuration language: what it allows, what is inherited, what is hostile."""

from __future__ import annotations

import contextlib
import json
import time
from ipaddress import IPv4Network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.parsers import kea
from checkers.parsers.dhcp_config import Scope
from checkers.parsers.loose_json import load

LAN = IPv4Network("192.168.50.0/24")


def scope(text: str) -> Scope:
    found = kea.parse(text).scope(LAN)
    assert found is not None
    return found


def config(**dhcp4: Any) -> str:
    return json.dumps({"Dhcp4": dhcp4})


def option(name: str, data: str) -> dict[str, str]:
    return {"name": name, "data": data}


def subnet(**more: Any) -> dict[str, Any]:
    return {"id": 1, "subnet": "192.168.50.0/24", "pools": [{"pool": "192.168.50.100-192.168.50.199"}], **more}


def test_comments_trailing_commas_and_includes() -> None:
    text = """
    // a comment, with a "quote
    { # another
      "Dhcp4": { /* and
        another , } */
        "subnet4": [ <?include "/etc/kea/lan.json"?> , ],
        "note": "http://not/a/comment # nor this /* nor this */, }",
      },
    }
    """
    included = '{ "subnet": "192.168.50.0/24", "pools": [ { "pool": "192.168.50.128/25" }, ], }'
    found = kea.parse(text, {"/etc/kea/lan.json": included}).scope(LAN)
    assert found is not None
    assert [(str(a), str(b)) for a, b in found.pools] == [("192.168.50.128", "192.168.50.255")]
    with pytest.raises(ValueError, match="not read"):
        kea.parse(text)


def test_an_include_that_includes_itself_ends() -> None:
    with pytest.raises(ValueError, match="too many"):
        load('<?include "a"?>', {"a": '[<?include "a"?>,<?include "a"?>]'})


@pytest.mark.parametrize("piece", ['"\\"', "/*", '"', "<?include ", ", ", "\\", "{", "[", "//", "#"])
def test_hostile_texts_are_read_in_linear_time(piece: str) -> None:
    start = time.process_time()
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
        kea.parse(piece * (100_000 // len(piece)))
    assert time.process_time() - start < 2


@given(st.text(alphabet='{}[]",:/*#\\<?> ain1\n', max_size=200))
def test_any_text_is_data_or_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        kea.parse(text)


def test_pools_are_merged_and_sorted() -> None:
    pools = [{"pool": p} for p in ("192.168.50.160 - 192.168.50.199", "192.168.50.100-192.168.50.120",
                                   "192.168.50.121-192.168.50.149")]  # fmt: skip
    found = scope(config(subnet4=[subnet(pools=pools)]))
    assert [(str(a), str(b)) for a, b in found.pools] == [
        ("192.168.50.100", "192.168.50.149"), ("192.168.50.160", "192.168.50.199")
    ]  # fmt: skip


def test_options_and_lease_are_inherited_from_the_nearest_level() -> None:
    found = scope(
        config(
            **{"valid-lifetime": 100},
            **{"option-data": [option("routers", "192.168.50.1"), option("domain-name", "Kerbras.lan.")]},
            **{
                "shared-networks": [
                    {
                        "name": "s",
                        "valid-lifetime": 200,
                        "option-data": [option("routers", "192.168.50.2"), {"code": 6, "data": "9.9.9.9"}],
                        "subnet4": [subnet(**{"option-data": [{"code": 3, "data": "192.168.50.254"}]})],
                    }
                ]
            },
        )
    )
    (options,) = found.options
    assert (options.routers, options.dns, options.domain) == (("192.168.50.254",), ("9.9.9.9",), "kerbras.lan")
    assert found.lease_seconds == 200


def test_options_in_hexadecimal_and_of_other_spaces() -> None:
    data = [
        {"code": 3, "csv-format": False, "data": "C0A832FE"},
        {"name": "domain-name-servers", "data": "1.1.1.1", "space": "vendor-4491"},
        {"name": "domain-name", "csv-format": False, "data": "6b2e6c616e"},
    ]
    (options,) = scope(config(subnet4=[subnet(**{"option-data": data})])).options
    assert (options.routers, options.dns, options.domain) == (("192.168.50.254",), (), "k.lan")


def test_pools_that_differ_in_options_are_told_apart() -> None:
    pools = [
        {"pool": "192.168.50.100-192.168.50.149"},
        {"pool": "192.168.50.160-192.168.50.199", "option-data": [{"name": "routers", "data": "192.168.50.9"}]},
    ]
    assert len(scope(config(subnet4=[subnet(pools=pools)])).options) == 2


@pytest.mark.parametrize(
    ("where", "settings", "ignored"),
    [
        ("subnet", {}, None),
        ("subnet", {"reservations-in-subnet": False}, "reservations-in-subnet: false"),
        ("subnet", {"reservation-mode": "disabled"}, "reservations-in-subnet: false"),
        ("subnet", {"reservations-out-of-pool": True}, None),
        ("top", {}, "reservations-global: false"),
        ("top", {"reservations-global": True}, None),
        ("top", {"reservation-mode": "global"}, None),
    ],
)
def test_reservations_and_the_switches_that_turn_them_off(where: str, settings: Any, ignored: str | None) -> None:
    entry = {"reservations": [{"hw-address": "52-54-00-50-00-77", "ip-address": "192.168.50.60"}]}
    found = scope(
        config(
            subnet4=[subnet(**(entry if where == "subnet" else {}))], **settings, **(entry if where == "top" else {})
        )
    )
    assert [(r.mac, r.address, r.ignored) for r in found.reservations] == [
        ("52:54:00:50:00:77", "192.168.50.60", ignored)
    ]


def test_a_reservation_inside_the_pool_is_not_used_out_of_pool_only() -> None:
    entry = [{"hw-address": "52:54:00:50:00:77", "ip-address": "192.168.50.110"}]
    found = scope(config(subnet4=[subnet(reservations=entry)], **{"reservations-out-of-pool": True}))
    assert found.reservations[0].ignored == "reservations-out-of-pool: true"


def test_what_a_reservation_tells_its_own_client() -> None:
    def own(*options: Any) -> Any:
        entry = {"hw-address": "52:54:00:50:00:77", "ip-address": "192.168.50.60", "option-data": list(options)}
        outer = [option("routers", "192.168.50.254")]
        (found,) = scope(config(subnet4=[subnet(reservations=[entry], **{"option-data": outer})])).reservations
        return found

    assert own().options is None
    found = own(option("domain-name-servers", "192.168.50.11"))
    assert (found.options.routers, found.options.dns) == (("192.168.50.254",), ("192.168.50.11",))
    # What cannot be read of them takes nothing away from the reservation itself.
    found = own(option("domain-name-servers", "nobody"))
    assert (found.address, found.options, found.not_seen()) == ("192.168.50.60", None, {"options"})


def test_the_answer_of_the_control_socket() -> None:
    answer = [{"result": 0, "arguments": {"hash": "…", **json.loads(config(subnet4=[subnet()]))}}]
    assert scope(json.dumps(answer)).pools
    with pytest.raises(ValueError, match="Dhcp4"):
        kea.parse('[{"result": 1, "text": "unsupported"}]')
