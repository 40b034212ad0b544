"""What ``epreuve doctor`` says of the adapter."""

from __future__ import annotations

import pytest

from checkers.channel import ExecResult
from checkers.radio.troubles import EXIT, told
from labs.text import Text
from orchestrator.radio.adapter import Adapter, Radio, radio_channel
from orchestrator.radio.finding import radio_findings

GOOD = Adapter("wlan1", "mt76x2u", (2412, 2462, 5180), 2, "FR")


def said(found: Adapter | Text) -> tuple[str, str, str]:
    (finding,) = radio_findings("wlan1", look=lambda _: found)
    return finding.state, finding.found.fr, finding.do.fr if finding.do else ""


def test_an_adapter_that_can_do_all() -> None:
    assert said(GOOD) == ("ok", "wlan1 (mt76x2u), 2.4, 5 GHz, pays FR", "")


@pytest.mark.parametrize(
    ("found", "do"),
    [
        (Adapter("wlan1", "x", (2412,), 2, "FR"), "rien à 5 GHz"),
        (Adapter("wlan1", "x", (2412, 5180), 1, "FR"), "wifi-isolation"),
        (Adapter("wlan1", "x", (2412, 5180), 2, ""), "iw reg set FR"),
        (Adapter("wlan1", "x", (2412, 5180), 2, "FR", told("trouble=managed wlan1")), "docs/devices.md"),
        (told("trouble=absent wlan1"), "EPREUVE_RADIO"),
    ],
)
def test_what_it_cannot_do_is_said_with_what_to_do(found: Adapter | Text, do: str) -> None:
    state, _, told_to = said(found)
    assert (state, do in told_to) == ("warning", True), told_to


def test_what_keeps_it_from_being_used_is_said() -> None:
    blocked = Adapter("wlan1", "x", (2412, 5180), 2, "FR", told("trouble=blocked-soft wlan1"))
    assert "rfkill unblock wifi" in said(blocked)[1]


def test_without_the_setting_it_only_says_how_to_name_one() -> None:
    (finding,) = radio_findings(None)
    assert finding.state == "ok"
    assert finding.do is not None
    assert "EPREUVE_RADIO" in finding.do.en


@pytest.mark.parametrize(
    ("adapter", "radios", "why"), [(None, ("02:00:00:00:00:00",), b"none"), ("wlan1", (), b"unnamed")]
)
def test_without_an_adapter_or_known_radios_nothing_is_tried(
    adapter: str | None, radios: tuple[str], why: bytes
) -> None:
    result = Radio(adapter, radios).run(["/bin/sh"], timeout_s=5)
    assert result == ExecResult(EXIT, b"trouble=" + why, b"")


def test_the_channel_says_that_it_was_heard() -> None:
    channel = radio_channel("wlan1", ())
    assert (channel.name, channel.dialect.name, channel.agent.ping()) == ("radio", "radio", True)
