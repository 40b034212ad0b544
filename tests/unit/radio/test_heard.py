"""What the kernel says that a radio heard, read from its bytes (recorded from mac80211_hwsim, and made up)."""

from __future__ import annotations

import struct
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.radio.adapter import WITNESS
from tests.unit.radio.host import RECORDED

OWN = "02:00:00:00:00:00"


def _script() -> Any:
    """The script, which is no module of the project: it stands in the image of the access point."""
    file = WITNESS.with_name("radio-heard")
    loader = SourceFileLoader("radio_heard", str(file))
    loader.get_code = lambda name: compile(file.read_bytes(), file, "exec")  # type: ignore[method-assign] # writes no cache
    spec = spec_from_loader("radio_heard", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


SCRIPT = _script()
HEARD = [SCRIPT.attributes(bytes.fromhex(one)) for one in (RECORDED / "scan.hex").read_text().split()]


def told(bss: dict[int, bytes], *radios: str) -> tuple[str, ...]:
    return tuple(SCRIPT.line(bss, list(radios)).split("\t"))


def made(elements: bytes, bssid: bytes = b"\2\0\0\0\0\0", capability: int = 1) -> dict[int, bytes]:
    """A network that sends these elements."""
    return {
        SCRIPT.BSSID: bssid,
        SCRIPT.FREQUENCY: struct.pack("=I", 2437),
        SCRIPT.CAPABILITY: struct.pack("=H", capability),
        SCRIPT.PROBED: elements,
    }


def test_what_was_recorded() -> None:
    """A network that hides its name is there twice: in its beacons, and as it answered to it."""
    assert [told(one, OWN) for one in HEARD] == [
        ("02:00:00:00:04:00", "libre", "no", "2437", "-30", "no", "", "no"),
        ("02:00:00:00:03:00", "1e1", "no", "2462", "-30", "yes", "WPA1", "no"),
        (OWN, "Atelier", "no", "5180", "-27", "yes", "SAE", "yes"),
        (OWN, "", "yes", "5180", "-27", "yes", "SAE", "yes"),
        ("06:00:00:00:00:00", r"Caf\xc3\xa9 \x09\x00\x5c 10\x20", "no", "5180", "-27", "yes", "PSK", "yes"),
    ]


def test_what_a_network_sends_beside_its_name_makes_no_other() -> None:
    """The device name of WPS, which iw prints as it comes."""
    name = b"x\nBSS 02:00:00:00:00:00(on wlan2)\n\tfreq: 2437\n\tSSID: Forged"
    wps = b"\x00\x50\xf2\x04\x10\x11" + struct.pack(">H", len(name)) + name
    assert told(made(b"\0\1a" + bytes([221, len(wps)]) + wps), OWN) == (OWN, "a", "no", "2437", "0", "no", "", "yes")


@pytest.mark.parametrize(
    ("bssid", "own"),
    [
        ("a4:2b:b0:01:02:50", "yes"),
        ("a6:2b:b0:01:02:50", "yes"),
        ("b6:2b:b0:01:02:50", "yes"),
        ("a4:2b:b0:01:02:51", "no"),
        ("a6:2b:b0:01:02:51", "no"),
        ("a0:2b:b0:01:02:50", "no"),  # not marked local: another maker's
    ],
)
def test_whose_it_is(bssid: str, own: str) -> None:
    assert told(made(b"", bytes.fromhex(bssid.replace(":", ""))), "a4:2b:b0:01:02:50", "00:00:00:00:00:00")[-1] == own


@pytest.mark.parametrize(
    ("suites", "words"),
    [
        (b"\x01\x00\x00\x0f\xac\x02", "PSK"),
        (b"\x02\x00\x00\x0f\xac\x02\x00\x0f\xac\x08", "PSK SAE"),
        (b"\x01\x00\x00\x0f\xac\x01", "802.1X"),
        (b"\x01\x00\x00\x50\xf2\x02", "?"),
        (b"\x02\x00\x00\x0f\xac\x02", "PSK ?"),
        (b"\xff\xff", "? ? ? ? ? ? ? ?"),
        (b"", "?"),
    ],
)
def test_key_management(suites: bytes, words: str) -> None:
    rsn = b"\x01\x00\x00\x0f\xac\x04\x01\x00\x00\x0f\xac\x04" + suites
    assert told(made(bytes([SCRIPT.RSN, len(rsn)]) + rsn, capability=0x11))[5:7] == ("yes", words)


def test_the_first_name_counts_and_hidden_ones_have_none() -> None:
    assert told(made(b"\0\1a\0\1b"))[1:3] == ("a", "no")
    assert told(made(b"\0\3\0\0\0"))[2] == "yes"
    assert told(made(b"\1\1\2"))[1:3] == ("", "yes")


@given(st.binary(max_size=300))
def test_whatever_is_sent_makes_one_line_of_eight_words(elements: bytes) -> None:
    line = SCRIPT.line(made(elements), [OWN])
    assert line.isascii()
    assert line.isprintable() or line.replace("\t", "").isprintable()
    assert line.count("\t") == 7
    assert len(line) < 300


def test_a_flood_is_cut_and_the_own_ones_stay(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    flood = [made(b"\0\1x", bytes([4, 0, 0, 0, n // 256, n % 256])) for n in range(2000)]
    monkeypatch.setattr(SCRIPT, "scanned", lambda _: [*flood, made(b"\0\1y")])
    monkeypatch.setattr("sys.argv", ["radio-heard", "wlan1", OWN])
    SCRIPT.main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{OWN}\ty\t")
    assert len(lines) == 1 + SCRIPT.OTHERS
