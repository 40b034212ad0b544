"""The witness' script on what was heard: whose network it joins, and when it joins none."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkers.facts import Raw
from checkers.probes.wifi import Air
from tests.unit.radio.host import Host

OWN = "02:00:00:00:00:00"


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def hears(host: Host, *networks: tuple[str, ...]) -> None:
    """Have it hear networks: address, name, MHz, privacy, key management, own."""
    lines = (
        "\t".join((bssid, name, "no" if name else "yes", freq, "-30", privacy, keys, own))
        for bssid, name, freq, privacy, keys, own in networks
    )
    host.write("heard", "".join(f"{line}\n" for line in lines))


def joins(host: Host, name: str, security: str = "--open") -> str:
    """Why it joins no network of this name; empty when it tries to."""
    said = host.witness("associate", "--ssid", name, security, "--limit", "2").stdout
    return said.partition("why=")[2].partition("\n")[0]


def test_what_was_heard_is_told_line_by_line(host: Host) -> None:
    hears(host, (OWN, "Caf\\xc3\\xa9 \\x09\\x00\\x5c=10\\x20", "5180", "yes", "PSK", "yes"),
          (OWN, "", "5180", "yes", "SAE", "yes"), ("02:00:00:00:03:00", "1e1", "2462", "no", "", "no"))  # fmt: skip
    said = host.witness("scan").stdout
    heard = Air(ssid="x").parse(Raw(stdout=f"@@ code 0\n{said}@@ end\n")).heard
    assert [(one.name, one.hidden, one.security, one.channel, one.own) for one in heard] == [
        ("Café \t\0\\=10\\x20", False, "wpa2", 36, True),
        ("", True, "wpa3", 36, True),
        ("1e1", False, "open", 11, False),
    ]


@pytest.mark.parametrize(
    ("name", "heard", "why"),
    [
        ("Atelier", "Atelier", "another security: privacy yes, PSK"),
        ("Café \t\\ 10 ", "Caf\\xc3\\xa9 \\x09\\x5c 10\\x20", "another security: privacy yes, PSK"),
        ("Atelier", "atelier", "not heard"),
        ("Atelier", "Atelier\\x20", "not heard"),
        ("10", "1e1", "not heard"),  # no numbers
        ("10", "10.0", "not heard"),
        ("a*", "ab", "not heard"),
    ],
)
def test_a_name_is_its_bytes(host: Host, name: str, heard: str, why: str) -> None:
    hears(host, (OWN, heard, "2437", "yes", "PSK", "yes"))
    assert joins(host, name) == why


def test_a_neighbours_network_is_never_joined(host: Host) -> None:
    hears(host, ("02:00:00:00:01:00", "Atelier", "2412", "no", "", "no"))
    assert joins(host, "Atelier") == "not heard"
    hears(host, (OWN, "Atelier", "2437", "yes", "PSK", "yes"), ("02:00:00:00:01:00", "Atelier", "2412", "no", "", "no"))
    assert "another security" in joins(host, "Atelier")


def test_two_of_one_name_and_address_are_no_one_s(host: Host) -> None:
    mine = (OWN, "Atelier", "2437", "no", "", "yes")
    hears(host, mine, (OWN, "Atelier", "2412", "no", "", "yes"))
    assert joins(host, "Atelier") == "heard twice"
    hears(host, mine, (OWN, "", "2437", "no", "", "yes"))
    assert joins(host, "Atelier") != "heard twice"


def test_the_one_of_the_right_security_is_chosen_and_pinned(host: Host) -> None:
    hears(
        host, (OWN, "Atelier", "2437", "yes", "SAE", "yes"), ("06:00:00:00:00:00", "Atelier", "5180", "no", "", "yes")
    )
    joins(host, "Atelier")
    conf = (host.folder / "conf").read_text()
    assert "bssid=06:00:00:00:00:00\n" in conf
    assert "scan_freq=5180\n" in conf
    assert "country" not in conf


def test_what_cannot_be_heard_is_an_error(host: Host) -> None:
    said = host.witness("scan")
    assert (said.returncode, said.stdout.startswith("error=scan not read")) == (3, True)
