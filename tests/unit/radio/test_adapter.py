"""The adapter's script on a host of files: when it is left alone, what is said of it, that it is given back."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from checkers.radio.troubles import EXIT
from tests.unit.radio.host import Host


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


@pytest.mark.parametrize("name", ["wlan1", "phy1", "02:00:00:00:02:00"])
def test_it_is_found_by_its_interface_its_phy_or_its_address(host: Host, name: str) -> None:
    found = host.adapter("look", name)
    said = dict(line.split("=", 1) for line in found.stdout.splitlines())
    assert (found.returncode, said["device"], said["country"]) == (0, "wlan1", "FR"), found
    assert said["frequencies"].startswith("2412 2417 ")
    assert "2484" not in said["frequencies"]  # disabled
    assert said["stations"] == "2048"


@pytest.mark.parametrize(
    ("file", "text", "why"),
    [
        ("sys/class/ieee80211/phy1/rfkill1/soft", "1", "blocked-soft wlan1"),
        ("sys/class/ieee80211/phy1/rfkill1/hard", "1", "blocked-hard wlan1"),
        ("sys/class/net/wlan1/flags", "0x1003", "used wlan1"),
        ("nmcli", "30 (disconnected)", "managed wlan1"),
        ("dev", "Interface wlan1\n\ttype monitor\n", "used wlan1"),
        ("phy", "Wiphy phy1\n\t\t * AP\n\t\t * set_wiphy_netns\n", "no-station wlan1"),
        ("phy", "Wiphy phy1\n\t\t * managed\n", "no-namespace wlan1"),
    ],
)
def test_it_is_left_alone(host: Host, file: str, text: str, why: str) -> None:
    host.write(file, f"{text}\n")
    found = host.adapter("turn", "wlan1", "1", "5", stdin="echo asked")
    assert (found.returncode, found.stdout) == (EXIT, f"trouble={why}\n")
    assert not [line for line in host.log if "set netns" in line]


def test_networkmanager_may_know_it_when_it_does_not_hold_it(host: Host) -> None:
    host.write("nmcli", "10 (unmanaged)\n")
    assert host.adapter("look", "wlan1").returncode == 0


def test_one_that_is_not_there(host: Host) -> None:
    assert host.adapter("look", "wlan7").stdout == "trouble=absent wlan7\n"


def test_a_program_that_is_missing(host: Host) -> None:
    (host.folder / "bin/iw").unlink()
    assert host.adapter("look", "wlan1").stdout == "trouble=missing iw\n"


def test_a_turn_waits_for_another_and_then_gives_up(host: Host) -> None:
    lock = host.folder / "run/epreuve-radio/lock"
    host.write("run/epreuve-radio/lock", "")
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert host.adapter("turn", "wlan1", "0", "5").stdout == "trouble=busy 0\n"
        assert host.adapter("look", "wlan1").stdout == "trouble=listening wlan1\n"
    assert host.adapter("turn", "wlan1", "0", "5", stdin="echo asked").stdout == "asked\n"


@pytest.mark.parametrize("end", ["", "exit 3", "kill -9 $$"])
def test_what_is_asked_finds_the_adapter_and_it_is_given_back_whatever_happens(host: Host, end: str) -> None:
    script = f'echo "$WITNESS_SPACE $WITNESS_DEVICE $WITNESS_COUNTRY ${{WITNESS_LISTENS%% *}}"; {end}'
    assert host.adapter("turn", "wlan1", "1", "5", stdin=script).stdout == "epreuve-radio wlan1 FR 2412\n"
    moves = [line for line in host.log if "set netns" in line or line.startswith("ip netns")]
    taken = moves.index("iw phy phy1 set netns name epreuve-radio")
    assert moves[taken - 1] == "ip netns add epreuve-radio"
    assert moves[-1] == "ip netns delete epreuve-radio"
    assert not (host.folder / "run/epreuve-radio/work").exists()


def test_what_a_killed_turn_has_left_is_taken_back_first(host: Host) -> None:
    host.write("run/netns/epreuve-radio", "")
    host.write("run/epreuve-radio/work/1.conf", "psk")
    assert host.adapter("back").returncode == 0
    assert "ip netns delete epreuve-radio" in host.log
    assert not (host.folder / "run/epreuve-radio/work").exists()
