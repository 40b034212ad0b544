"""The adapter beside the devices: what it is asked and what not, and whose radios it is told to hear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from checkers.channel import ChannelError, ExecResult, LoginRefusedError
from checkers.dialect import SHELL
from checkers.observe import Channel, Place, observe
from checkers.openwrt.dialect import OPENWRT
from checkers.probe import Question
from checkers.probes.access_point import AccessPointAdmin
from checkers.probes.wifi import Air
from labs.device import Device
from labs.model import Lab
from labs.text import Text
from orchestrator.devices.net import DialledNet, SimulatedNet, Way
from orchestrator.devices.radios import MAX_RADIOS, radios_of
from orchestrator.exam.model import DeviceAt
from orchestrator.radio.adapter import Radio
from orchestrator.sessions import Session

LAB: Lab = SimpleNamespace(  # type: ignore[assignment]
    devices={"ap": Device(kind="physical", title="AP", family="openwrt", network="lan")}
)
SESSION = Session("s", Path(), "", {}, "", datetime.now(UTC), Path())
RADIO = "a4:2b:b0:01:02:50"
KNOWN = DeviceAt(address="192.0.2.11", host_key=f"ssh-ed25519 {'A' * 68}", radios=(RADIO,))


@dataclass
class Box:
    """A device that says one thing."""

    said: bytes = b""

    def hello(self, timeout_s: float) -> None:
        if self.said == b"refused":
            raise LoginRefusedError(Text("refusé", "refused"))

    def ping(self, timeout_s: float = 5.0) -> bool:
        return True

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        return ExecResult(0, self.said, b"")

    def close(self) -> None: ...


@dataclass(frozen=True)
class Net(DialledNet):
    box: Box = field(default_factory=Box)
    name: str = "ssh"

    def ways(self, name: str, device: Device, known: DeviceAt, session: Session) -> Iterator[Way]:
        yield Way(Channel(self.name, self.box, OPENWRT), self.box)


def test_a_device_is_heard_by_its_own_radios() -> None:
    device = Channel("ssh", Box(), OPENWRT)
    beside = DialledNet(radio="wlan1").beside(KNOWN, [device])
    assert beside[0] is device
    radio = beside[1].agent
    assert isinstance(radio, Radio)
    assert (radio.adapter, radio.radios) == ("wlan1", (RADIO,))


def test_one_with_a_shell_is_not_asked_for_the_air() -> None:
    """It would run the witness' script of an emulated one: its candidate's."""
    (only,) = DialledNet(radio="wlan1").beside(KNOWN, [Channel("ssh", Box(), SHELL)])
    assert only.name == "radio"


def test_a_simulated_one_answers_what_was_recorded() -> None:
    device = Channel("ssh", Box(), SHELL)
    assert SimulatedNet().beside(KNOWN, [device]) == [device]


def test_a_device_that_cannot_be_asked_is_still_heard() -> None:
    """Here there is no adapter, which is what the fact of the air says; the other says why the device was not asked."""
    place = Place("radio:ap", DialledNet().beside(KNOWN, []), trouble=Text("autre clé", "other key"))
    air, admin = observe([Question("radio:ap", Air(ssid="x")), Question("radio:ap", AccessPointAdmin())], [place])
    assert "aucun adaptateur" in str(air.why)
    assert str(admin.why) == "autre clé"


def test_a_device_tells_its_radios_once_each() -> None:
    said = f"{RADIO}\n{RADIO}\na4:2b:b0:01:02:54\ncat: no such file\n{RADIO}; reboot\n".encode()
    assert radios_of(LAB, "ap", KNOWN, SESSION, Net(box=Box(said))) == (RADIO, "a4:2b:b0:01:02:54")
    many = b"".join(b"a4:2b:b0:01:02:%02x\n" % n for n in range(100))
    assert len(radios_of(LAB, "ap", KNOWN, SESSION, Net(box=Box(many)))) == MAX_RADIOS


@pytest.mark.parametrize(
    "net", [Net(), Net(box=Box(b"no such file")), Net(box=Box(b"refused")), Net(box=Box(RADIO.encode()), name="https")]
)
def test_one_that_does_not_tell_them_is_to_be_looked_at(net: Net) -> None:
    with pytest.raises(ChannelError) as caught:
        radios_of(LAB, "ap", KNOWN, SESSION, net)
    assert caught.value.do is not None
    assert "session device radios" in str(caught.value.do)


def test_nor_one_whose_key_is_not_confirmed() -> None:
    unconfirmed = KNOWN.model_copy(update={"host_key": ""})
    with pytest.raises(ChannelError, match="confirm"):
        radios_of(LAB, "ap", unconfirmed, SESSION, Net(box=Box(RADIO.encode())))
