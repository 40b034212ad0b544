"""Physical devices: an address each, a key that somebody has confirmed, and another key told once."""

from __future__ import annotations

import pytest

from orchestrator.exam import Refused
from orchestrator.exam.commands import ConfirmDevice, DeviceLooked, PlaceDevices, Start, TellRadios, Withdraw
from orchestrator.exam.devices import fingerprint, same_fingerprint
from orchestrator.exam.model import DeviceAt
from orchestrator.exam.words import sentence
from tests.unit.exam.story import T0, Story, prepared

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKvAGc4Xcw7XPm2QGqSJTIZBSTBdOJQFqzuEGSR1yq5K"
OTHER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBBBGc4Xcw7XPm2QGqSJTIZBSTBdOJQFqzuEGSR1yq5K"
PAGE = "x509-sha256 " + "0a" * 32
WHO = {"who": "dupont"}
RADIOS = ("a4:2b:b0:01:02:50", "a4:2b:b0:01:02:51")


def placed(*places: tuple[str, str], machine: str = "box") -> PlaceDevices:
    return PlaceDevices(machine, places, **WHO)


def looked(host_key: str, *, address: str = "192.0.2.11") -> DeviceLooked:
    return DeviceLooked("c01", "box", address, host_key)


@pytest.fixture
def story() -> Story:
    story = prepared("c01", "c02")
    story.do(placed(("c01", "192.0.2.11")))
    return story


@pytest.mark.parametrize("key", [KEY, PAGE])
def test_a_device_is_placed_then_confirmed(story: Story, key: str) -> None:
    assert story["c01"].devices == {"box": DeviceAt(address="192.0.2.11")}
    story.do(ConfirmDevice("c01", "box", key, **WHO))
    assert story["c01"].devices["box"].host_key == key
    last = story.history[-1]
    assert fingerprint(key) in sentence(last.kind, last.model_dump(mode="json")).en


def test_a_device_that_has_moved_is_to_be_confirmed_again(story: Story) -> None:
    story.do(ConfirmDevice("c01", "box", KEY, **WHO))
    story.do(placed(("c01", "192.0.2.11")))
    assert story["c01"].devices["box"].host_key == KEY
    story.do(placed(("c01", "192.0.2.12")))
    assert story["c01"].devices["box"] == DeviceAt(address="192.0.2.12")


def test_two_devices_change_places(story: Story) -> None:
    story.do(placed(("c02", "192.0.2.12")))
    story.do(placed(("c01", "192.0.2.12"), ("c02", "192.0.2.11")))
    assert [story[name].devices["box"].address for name in ("c01", "c02")] == ["192.0.2.12", "192.0.2.11"]


def test_another_key_is_told_once_until_it_is_confirmed_or_gone(story: Story) -> None:
    story.do(ConfirmDevice("c01", "box", KEY, **WHO))
    (told,) = story.do(looked(OTHER))
    assert fingerprint(OTHER) in sentence(told.kind, told.model_dump(mode="json")).en
    assert story.do(looked(OTHER)) == ()
    assert story["c01"].devices["box"].refused == fingerprint(OTHER)
    assert story["c01"].devices["box"].host_key == KEY  # what was confirmed stays what is believed
    assert len(story.do(looked(KEY))) == 1
    assert story["c01"].devices["box"].refused == ""
    story.do(looked(OTHER))
    story.do(ConfirmDevice("c01", "box", OTHER, why="reset", **WHO))
    assert story["c01"].devices["box"] == DeviceAt(address="192.0.2.11", host_key=OTHER, shown=OTHER)


def test_another_key_than_the_confirmed_one_is_confirmed_with_a_reason_only(story: Story) -> None:
    """Whether or not the service has seen it before; the same one again, or one at another address, needs none."""
    story.do(ConfirmDevice("c01", "box", KEY, **WHO))
    story.do(ConfirmDevice("c01", "box", KEY, **WHO))
    for why in ("", "  "):
        with pytest.raises(Refused, match="motif"):
            story.do(ConfirmDevice("c01", "box", OTHER, why=why, **WHO))
    assert story["c01"].devices["box"].host_key == KEY
    (confirmed,) = story.do(ConfirmDevice("c01", "box", OTHER, why="reset", **WHO))
    assert confirmed.why == "reset"
    story.do(placed(("c01", "192.0.2.12")))
    story.do(ConfirmDevice("c01", "box", KEY, **WHO))


def test_how_a_device_was_found_is_told_when_it_is_new(story: Story) -> None:
    kinds = []
    for key in (KEY, KEY, "", "", KEY, OTHER, ""):
        kinds += [event.kind for event in story.do(looked(key))]
    assert kinds == ["device-shown", "device-silent", "device-shown", "device-shown", "device-silent"]
    known = story["c01"].devices["box"]
    assert (known.host_key, known.shown, known.silent) == ("", OTHER, True)


@pytest.mark.parametrize("huge", [f"ssh-rsa {'A' * 2764}", "ssh-dss " + "A" * 400, "x509-sha256 0a", "no key"])
def test_a_key_that_nobody_can_confirm_is_never_an_error_of_ours(story: Story, huge: str) -> None:
    """The candidate administers the device, and the key is read at the bell too, with what was seen of the bench."""
    assert [event.kind for event in story.do(looked(huge))] == ["device-silent"]
    story.do(ConfirmDevice("c01", "box", KEY, **WHO))
    assert [event.kind for event in story.do(looked(huge))] == ["device-refused"]
    assert story.do(looked(huge)) == ()
    assert story["c01"].devices["box"].refused == (fingerprint(huge) or "?")
    assert [event.kind for event in story.do(looked(KEY))] == ["device-shown"]


def test_the_device_of_somebody_withdrawn_is_another_candidate_s(story: Story) -> None:
    story.do(TellRadios("c01", "box", RADIOS, **WHO))
    story.do(Withdraw("c01", why="absent", **WHO))
    story.do(placed(("c02", "192.0.2.11")))
    story.do(TellRadios("c02", "box", RADIOS, **WHO))
    assert story["c02"].devices["box"].radios == RADIOS


def test_what_was_found_at_another_address_is_not_believed(story: Story) -> None:
    assert story.do(looked(KEY, address="192.0.2.99")) == ()


@pytest.mark.parametrize(
    ("typed", "key", "same"),
    [
        (fingerprint(KEY), KEY, True),
        (f" {fingerprint(KEY)}\n", KEY, True),
        (fingerprint(OTHER), KEY, False),
        ("", KEY, False),
        (fingerprint(PAGE), PAGE, True),
        ("0a" * 32, PAGE, True),
        ("sha256 Fingerprint=" + ":".join(["0A"] * 32), PAGE, True),
        (":".join(["0A"] * 32), PAGE, True),
        ("0b" * 32, PAGE, False),
        ("", PAGE, False),
    ],
)
def test_a_fingerprint_can_be_typed_as_it_was_read(typed: str, key: str, same: bool) -> None:
    assert same_fingerprint(typed, key) is same


@pytest.mark.parametrize(
    "order",
    [
        placed(("c01", "192.0.2.13"), machine="server"),
        placed(("c09", "192.0.2.13")),
        placed(("c02", "192.0.2.11")),  # c01's device is there
        placed(("c01", "192.0.2.13"), ("c02", "192.0.2.13")),
        placed(("c02", "not-an-address")),
        ConfirmDevice("c02", "box", KEY, **WHO),  # it has no address
        ConfirmDevice("c01", "box", "ssh-ed25519 no", **WHO),
        ConfirmDevice("c01", "box", "x509-sha256 0a", **WHO),
        TellRadios("c02", "box", RADIOS, **WHO),  # it has no address
        TellRadios("c01", "box", (), **WHO),
        TellRadios("c01", "box", ("no-address",), **WHO),
    ],
)
def test_refused(story: Story, order: PlaceDevices | ConfirmDevice | TellRadios) -> None:
    before = story.now
    with pytest.raises(Refused):
        story.do(order)
    assert story.now == before


def test_its_radios_are_noted_and_stay_while_it_stays(story: Story) -> None:
    story.do(TellRadios("c01", "box", (*RADIOS, RADIOS[0].upper()), read=True, **WHO))
    story.do(ConfirmDevice("c01", "box", KEY, **WHO))
    known = story["c01"].devices["box"]
    assert (known.radios, known.radios_at, known.radios_read) == (RADIOS, T0, True)
    assert RADIOS[0] in sentence("device-radios", story.history[-2].model_dump(mode="json")).en
    story.do(TellRadios("c01", "box", RADIOS[:1], **WHO))
    assert story["c01"].devices["box"].radios_read is False
    story.do(PlaceDevices("box", (("c01", "192.0.2.12"),), **WHO))
    assert story["c01"].devices["box"] == DeviceAt(address="192.0.2.12")


def test_a_radio_is_one_device_s_only(story: Story) -> None:
    """Nor one that is told from it only by its first byte: that is how a device makes further addresses."""
    story.do(TellRadios("c01", "box", RADIOS, **WHO))
    story.do(TellRadios("c01", "box", RADIOS[:1], **WHO))
    story.do(PlaceDevices("box", (("c02", "192.0.2.12"),), **WHO))
    for mine in (RADIOS[0], "a6" + RADIOS[0][2:]):
        with pytest.raises(Refused, match="c01"):
            story.do(TellRadios("c02", "box", (mine,), **WHO))
    story.do(TellRadios("c02", "box", RADIOS[1:], **WHO))


def test_what_a_device_says_of_them_is_not_believed_once_it_is_in_the_candidate_s_hands(story: Story) -> None:
    story.do(Start("c01", **WHO))
    with pytest.raises(Refused):
        story.do(TellRadios("c01", "box", RADIOS, read=True, **WHO))
    story.do(TellRadios("c01", "box", RADIOS, **WHO))
