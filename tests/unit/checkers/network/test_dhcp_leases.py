"""The leases that a server has noted: the last line of an address counts, what has ended does not."""

from __future__ import annotations

import pytest

from checkers.facts import Raw
from checkers.parsers import dhcp_leases
from checkers.probe import Unreadable
from checkers.probes.dhcp_leases import DhcpLeases

HEADER = "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context"
NOW = 1_800_000_000


def row(
    address: str, *, card: str = "52:54:00:50:00:77", lasts: int = 3600, ends: int = NOW + 10, state: int = 0
) -> str:
    return f"{address},{card},,{lasts},{ends},1,0,0,poste.,{state},"


def kea(*rows: str) -> list[tuple[str, str]]:
    return [(one.address, one.mac) for one in dhcp_leases.kea("\n".join([HEADER, *rows]), NOW)]


HELD = ("192.168.50.60", "52:54:00:50:00:77")


@pytest.mark.parametrize(
    ("rows", "held"),
    [
        ([row("192.168.50.60")], [HELD]),
        ([row("192.168.50.60", card="52:54:00:00:00:01"), row("192.168.50.60")], [HELD]),
        ([row("192.168.50.60", lasts=2**32 - 1, ends=0)], [HELD]),
        # Of a run before: its file begins with its header again.
        ([HEADER, row("192.168.50.60")], [HELD]),
        ([row("192.168.50.60"), row("192.168.50.60", lasts=0)], []),
        ([row("192.168.50.60", ends=NOW)], []),
        ([row("192.168.50.60", state=1)], []),
        # A client calls itself what it likes.
        ([row("192.168.50.61").replace("poste.", '"'), row("192.168.50.60")], [("192.168.50.61", HELD[1]), HELD]),
        ([row("192.168.50.60").replace("poste.", '"' + "x" * 200_000)], [HELD]),
        ([row("not an address"), "garbage", row("192.168.50.60", card="01:ff")], [("192.168.50.60", "")]),
    ],
)
def test_what_is_held(rows: list[str], held: list[tuple[str, str]]) -> None:
    assert kea(*rows) == held


def test_what_is_no_table_of_leases() -> None:
    text = f"\n@@ now\n{NOW}\n\n@@ program kea-dhcp4\n\n@@ leases\nhello\n"
    # Without a file, as where the leases are in a data base, nobody knows of any.
    for none in (text, text.replace("hello\n", "")):
        with pytest.raises(Unreadable):
            DhcpLeases().parse(Raw(stdout=none))
    assert DhcpLeases().parse(Raw(stdout=text.replace("hello", HEADER))).leases == ()


def test_without_a_server_nothing_is_seen() -> None:
    found = DhcpLeases().parse(Raw(stdout=f"\n@@ now\n{NOW}\n\n@@ program \n"))
    assert found.not_seen() == {"leases"}


def test_what_dnsmasq_notes() -> None:
    text = f"{NOW + 5} 52:54:00:50:00:77 192.168.50.60 poste 01:x\n0 aa:bb:cc:dd:ee:ff 192.168.50.61 * *\n"
    text += f"{NOW - 5} aa:bb:cc:dd:ee:01 192.168.50.62 old *\nduid 00:01\n"
    found = dhcp_leases.dnsmasq(text, NOW)
    assert [(one.address, one.name, one.ends) for one in found] == [
        ("192.168.50.60", "poste", NOW + 5),
        ("192.168.50.61", "", None),
    ]


def test_too_many_are_not_read_by_halves() -> None:
    many = [row(f"10.0.{number // 250}.{number % 250}") for number in range(dhcp_leases.MAX + 1)]
    assert len(kea(*many[1:])) == dhcp_leases.MAX
    with pytest.raises(ValueError, match="too many"):
        kea(*many)
