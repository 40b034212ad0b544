"""Physical devices: an address each, a key that somebody has confirmed, and another key told once."""

from __future__ import annotations

import pytest

from orchestrator.exam import Refused
from orchestrator.exam.commands import ConfirmDevice, DeviceRefused, PlaceDevice
from orchestrator.exam.devices import fingerprint
from orchestrator.exam.model import DeviceAt
from orchestrator.exam.words import sentence
from tests.unit.exam.story import Story, prepared

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKvAGc4Xcw7XPm2QGqSJTIZBSTBdOJQFqzuEGSR1yq5K"
WHO = {"who": "dupont"}


@pytest.fixture
def story() -> Story:
    story = prepared("c01", "c02")
    story.do(PlaceDevice("c01", "box", "192.0.2.11", **WHO))
    return story


def test_a_device_is_placed_then_confirmed(story: Story) -> None:
    assert story["c01"].devices == {"box": DeviceAt(address="192.0.2.11")}
    story.do(ConfirmDevice("c01", "box", KEY, **WHO))
    assert story["c01"].devices["box"].host_key == KEY
    last = story.history[-1]
    assert fingerprint(KEY) in sentence(last.kind, last.model_dump(mode="json")).en


def test_a_device_that_has_moved_is_to_be_confirmed_again(story: Story) -> None:
    story.do(ConfirmDevice("c01", "box", KEY, **WHO))
    story.do(PlaceDevice("c01", "box", "192.0.2.11", **WHO))
    assert story["c01"].devices["box"].host_key == KEY
    story.do(PlaceDevice("c01", "box", "192.0.2.12", **WHO))
    assert story["c01"].devices["box"] == DeviceAt(address="192.0.2.12")


def test_another_key_is_told_once_until_it_is_confirmed(story: Story) -> None:
    story.do(ConfirmDevice("c01", "box", KEY, **WHO))
    assert len(story.do(DeviceRefused("c01", "box", "SHA256:other"))) == 1
    assert story.do(DeviceRefused("c01", "box", "SHA256:other")) == ()
    assert story["c01"].devices["box"].refused == "SHA256:other"
    assert story["c01"].devices["box"].host_key == KEY  # what was confirmed stays what is believed
    story.do(ConfirmDevice("c01", "box", KEY, **WHO))
    assert story["c01"].devices["box"].refused == ""


@pytest.mark.parametrize(
    "order",
    [
        PlaceDevice("c01", "server", "192.0.2.13", **WHO),
        PlaceDevice("c09", "box", "192.0.2.13", **WHO),
        PlaceDevice("c02", "box", "192.0.2.11", **WHO),  # c01's device is there
        PlaceDevice("c02", "box", "not-an-address", **WHO),
        ConfirmDevice("c02", "box", KEY, **WHO),  # it has no address
        ConfirmDevice("c01", "box", "ssh-ed25519 no", **WHO),
    ],
)
def test_refused(story: Story, order: PlaceDevice | ConfirmDevice) -> None:
    before = story.now
    with pytest.raises(Refused):
        story.do(order)
    assert story.now == before
