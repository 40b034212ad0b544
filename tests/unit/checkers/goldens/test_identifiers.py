"""What is one machine's alone is made up, always the same; what every Windows has stays."""

from __future__ import annotations

import pytest

from checkers.goldens.scrub import Scrubber

OWN = {
    "sid": ("S-1-5-21-3200729054-3721144661-3010923292-1104", "S-1-5-21-1000000000-2000000000-3000000001-1104"),
    "guid": ("{F31A06DE-626F-4C36-87D3-DEBB5BB436E8}", "{00000000-0000-4000-8000-000000000001}"),
    "mac": ("hw 3C-52-82-0A-1B-2C up", "hw 00-00-5E-00-53-01 up"),
    "serial": ("ID_SERIAL_SHORT=S4EVNX0M", "ID_SERIAL_SHORT=MADE-UP-1"),
}


@pytest.mark.parametrize("kind", OWN)
def test_it_is_made_up_and_counted(kind: str) -> None:
    text, expected = OWN[kind]
    scrubber = Scrubber({})
    assert scrubber.text(text) == expected
    assert scrubber.made_up.counts[kind] == 1
    assert scrubber.text(expected) == expected
    assert scrubber.made_up.counts[kind] == 1


@pytest.mark.parametrize(
    "text",
    [
        "S-1-5-32-544 S-1-5-18 S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464",
        "S-1-5-21-0-0-0-497",
        "{31B2F340-016D-11D2-945F-00C04FB984F9}",  # the default domain policy
        "[{35378EAC-683F-11D2-A89A-00C04FBBCFA2}{D02B1F72-3407-48AE-BA88-E8213C6761F1}]",  # registry, and its editor
        "{17D89FEC-5C44-4972-B12D-241CAEF74509}",  # preferences: local users and groups
        "{00000000-0000-0000-0000-000000000000}",
        "52:54:00:50:00:10 ff:ff:ff:ff:ff:ff 01:00:5e:00:00:fb 00:00:00:00:00:00 02:00:00:00:01:00",
        "@ IN SOA srv.kerbras.lan. admin 42 3600; serial = 42, serial number: 2026112601",
    ],
)
def test_what_is_everywhere_the_same_stays(text: str) -> None:
    assert Scrubber({}).text(text) == text


def test_they_can_be_kept_where_what_is_read_needs_them() -> None:
    text = " ".join(before for before, _ in OWN.values())
    assert Scrubber({}).keeping_identifiers().text(text) == text


def test_two_recordings_of_the_same_state_are_alike() -> None:
    one = "S-1-5-21-1-2-3-500 S-1-5-21-4-5-6-500 S-1-5-21-1-2-3-501"
    other = "S-1-5-21-9-8-7-500 S-1-5-21-6-5-4-500 S-1-5-21-9-8-7-501"
    assert Scrubber({}).text(one) == Scrubber({}).text(other)


def test_a_serial_number_is_told_by_its_key() -> None:
    answer = {"disks": [{"SerialNumber": "0000_0001", "serial": 7, "size": "0000_0001"}]}
    assert Scrubber({}).answer(answer) == {"disks": [{"SerialNumber": "MADE-UP-1", "serial": 7, "size": "0000_0001"}]}
