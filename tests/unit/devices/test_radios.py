"""The radios of a device, as it tells them over HTTPS; over SSH: tests/unit/radio/test_devices.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from checkers.channel import ChannelError
from labs.device import Device
from labs.model import Lab
from orchestrator.devices.net import DialledNet
from orchestrator.devices.radios import MAX_RADIOS, radios_of
from orchestrator.exam.model import DeviceAt
from orchestrator.sessions import Session
from tests.ubus_server import ubus
from tests.unit.checkers.openwrt import https
from tests.unit.checkers.openwrt.device import iface, said
from tests.wsman.server import Identity, identity

ASKED = "luci-rpc getWirelessDevices {}"
PASSWORD = "Camion-Bleu-42"
LAB: Lab = SimpleNamespace(  # type: ignore[assignment]
    devices={
        "page": Device(kind="physical", title="Page", family="openwrt", network="lan", reach="https", secret="admin")
    }
)
SESSION = Session("s", Path(), "", {"admin": PASSWORD}, "", datetime.now(UTC), Path())

Radios = dict[str, list[tuple[str, str]]]
Told = Callable[[list[Any]], tuple[str, ...]]


def answer(radios: Radios) -> list[Any]:
    """What a device says whose radios have these interfaces: mode and BSSID."""
    told = {
        name: {"up": True, "interfaces": [{"ifname": "x", "iwinfo": {"mode": m, "bssid": at}} for m, at in interfaces]}
        for name, interfaces in radios.items()
    }
    return [0, told]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return identity(tmp_path_factory.mktemp("page"), "OpenWrt")


@pytest.fixture
def told(certificate: Identity) -> Iterator[Told]:
    with ubus(certificate, {}, accounts={"root": PASSWORD}) as page:
        net = DialledNet({"https": page.port})

        def ask(says: list[Any]) -> tuple[str, ...]:
            page.says[ASKED] = says
            key = f"x509-sha256 {certificate.fingerprint}"
            return radios_of(LAB, "page", DeviceAt(address="127.0.0.1", host_key=key), SESSION, net)

        yield ask


def test_they_are_those_that_each_radio_sends_with_once_and_in_lower_case(told: Told) -> None:
    first, guests, second = "A4:2B:B0:01:02:50", "a6:2b:b0:01:02:50", "A4:2B:B0:01:02:54"
    says = answer(
        {"radio0": [("Master", first), ("Master", guests), ("Master", first)], "radio1": [("Master", second)]}
    )
    assert told(says) == (first.lower(), guests, second.lower())


def test_the_access_point_to_which_it_is_a_client_is_none_of_its_own(told: Told) -> None:
    says = answer({"radio0": [("Client", "02:00:00:00:01:00"), ("Master", "a4:2b:b0:01:02:50")]})
    assert told(says) == ("a4:2b:b0:01:02:50",)


def test_a_crowd_is_cut(told: Told) -> None:
    many = [("Master", f"a4:2b:b0:01:02:{n:02x}") for n in range(20)]
    assert len(told(answer({"radio0": many}))) == MAX_RADIOS


@pytest.mark.parametrize(
    ("says", "why"),
    [
        (answer({"radio0": [("Master", "a4:2b:b0:01:02:50")], "radio1": []}), "n'émet rien"),
        (answer({"radio0": [("Client", "a4:2b:b0:01:02:50")]}), "n'émet rien"),
        (answer({"radio0": [("Master", "a4:2b:b0:01:02:50; reboot")]}), "n'émet rien"),
        (answer({"radio0": [("Master", "")]}), "n'émet rien"),
        ([0, {}], "quelles radios"),
        ([0, {"radio0": {"interfaces": "none"}}], "quelles radios"),
        ([0, {"radio0": {"interfaces": [{"iwinfo": {"bssid": 5}}]}}], "quelles radios"),
        ([-32002], "n'a pas le droit"),
        ([4], "ne dit rien"),
        (https.access_point(said(iface()))[0], "n'émet rien"),  # it tells no address
    ],
)
def test_a_device_that_does_not_tell_them_all_is_to_be_looked_at(told: Told, says: list[Any], why: str) -> None:
    """A list without one of its radios would have its candidate's network taken for a neighbour's."""
    with pytest.raises(ChannelError, match=why) as caught:
        told(says)
    assert "session device radios" in str(caught.value.do)
