"""A trainer's bench of a lab with real devices: they are where one says, or unseen with the reason; nothing crashes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labs.errors import EpreuveError, UsageError
from orchestrator.catalog import open_lab
from orchestrator.devices.known import know_devices, known_devices
from orchestrator.devices.net import SimulatedNet
from orchestrator.devices.nets import net_of
from orchestrator.exam.devices import fingerprint
from orchestrator.exam.model import DeviceAt
from orchestrator.hypervisor.fake import FakeHypervisor
from orchestrator.settings import Settings
from orchestrator.trying import Trial, trial
from tests.unit.cli.conftest import CommandLine

AT = "192.0.2.11"


@pytest.fixture
def here(tmp_path: Path, lab: Path) -> Iterator[Trial]:
    settings, read = Settings(data_dir=tmp_path / "data"), open_lab(str(lab))
    with trial(read, hypervisor=FakeHypervisor(), settings=settings, keep=False, progress=lambda _text: None) as made:
        yield made


class Asked:
    """Whoever compares keys. agrees: that it is the device."""

    def __init__(self, *, agrees: bool = True) -> None:
        self.agrees = agrees
        self.about: list[tuple[str, str]] = []

    def __call__(self, name: str, found: DeviceAt) -> None:
        self.about.append((name, found.address))
        if not self.agrees:
            raise KeyboardInterrupt


def reasons(here: Trial) -> dict[str, str]:
    return {one.check: str(one.reason) for one in here.look().verdicts if str(one.outcome) == "INCONCLUSIVE"}


def test_nobody_has_said_where_they_are(here: Trial) -> None:
    found = reasons(here)
    assert "--device" in found["ap-name"]
    assert "--device" in found["page-name"]


def test_one_is_where_it_is_said_to_be(here: Trial) -> None:
    asked = Asked()
    net = net_of(here.bench, FakeHypervisor())
    here.devices = know_devices(here.session.folder, here.lab.lab, {"ap": AT}, net, asked)
    assert asked.about == [("ap", AT)]
    assert "--device" not in reasons(here)["ap-name"]
    assert "--device" in reasons(here)["page-name"]


def test_its_key_is_compared_once_and_again_when_it_is_another(here: Trial) -> None:
    asked, net, folder, lab = Asked(), SimulatedNet(), here.session.folder, here.lab.lab
    for _ in range(2):
        know_devices(folder, lab, {"page": AT}, net, asked)
    assert asked.about == [("page", AT)]
    net.reset.add(AT)
    refusing = Asked(agrees=False)
    with pytest.raises(KeyboardInterrupt):
        know_devices(folder, lab, {"page": AT}, net, refusing)
    assert known_devices(folder)["page"].host_key == SimulatedNet().shown_key(lab.devices["page"], AT)


def test_a_given_fingerprint_is_compared_instead_of_asking(here: Trial) -> None:
    asked, net, lab = Asked(), SimulatedNet(), here.lab.lab
    right = fingerprint(net.shown_key(lab.devices["ap"], AT))
    know_devices(here.session.folder, lab, {"ap": f"{AT},{right}"}, net, asked)
    assert asked.about == []
    with pytest.raises(EpreuveError, match=r"autre clé|another key"):
        know_devices(here.session.folder, lab, {"ap": f"{AT},SHA256:{'A' * 43}"}, net, asked)


@pytest.mark.parametrize(
    "given",
    [
        {"server": AT},
        {"ap": "not-an-address"},
        {"ap": ""},
        {"ap": f"{AT},SHA256:wrong"},
        {"ap": f"{AT},{'0a' * 31}"},
        {"ap": AT, "page": AT},
    ],
)
def test_what_is_no_device_no_address_or_no_key_is_told(here: Trial, given: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        know_devices(here.session.folder, here.lab.lab, given, SimulatedNet(), Asked())


def test_lint_and_show_say_what_no_proof_covers(tmp_path: Path, lab: Path) -> None:
    room = CommandLine(tmp_path / "data")
    for command in ("lint", "show"):
        done = room.type("lab", command, str(lab))
        assert done.code == 0
        assert "ap-name, page-name" in done.out
    wrong = room.type("lab", "try", str(lab), "--device", AT)
    assert (wrong.code, "un nom et une adresse" in wrong.err) == (2, True)
