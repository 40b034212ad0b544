"""Real 802.11 in a machine: simulated radios (mac80211_hwsim), of which one is the adapter and others are devices.

The adapter's script and the witness' are the host's own, copied there. ``wlan0`` is the candidate's device, ``wlan1`` a
neighbour's, ``wlan2`` the adapter.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from checkers.channel import Agent, ExecResult
from orchestrator.radio.adapter import SCRIPT, WITNESS, turn_of

PLACE = PurePosixPath("/opt/radio")
ADAPTER = "wlan2"
KEY = "clef-du-sujet"
WPA2 = f"wpa=2\nwpa_key_mgmt=WPA-PSK\nrsn_pairwise=CCMP\nwpa_passphrase={KEY}\n"
WPA3 = f"wpa=2\nwpa_key_mgmt=SAE\nrsn_pairwise=CCMP\nieee80211w=2\nsae_password={KEY}\n"

_AIR = """
systemctl stop netbox netbox-hostapd netbox-web 2>/dev/null
for n in 1 2; do ip netns delete temoin$n; done
modprobe -r mac80211_hwsim; modprobe mac80211_hwsim radios=4
until [ -e /sys/class/net/wlan3 ]; do sleep 0.1; done
"""
_AP = """
cd {place}
[ ! -s {device}.pid ] || {{ kill $(cat {device}.pid); while [ -s {device}.pid ]; do sleep 0.1; done; }}
cat > {device}.conf
[ ! -s {device}.conf ] || hostapd -B -P $PWD/{device}.pid -f $PWD/{device}.log {device}.conf
"""
_DHCP = """
ip address replace 192.168.50.2/24 dev wlan0
cd {place}; printf 'interface wlan0\nstart 192.168.50.100\nend 192.168.50.120\nlease_file %s\npidfile %s
option subnet 255.255.255.0\noption router 192.168.50.254\n' $PWD/leases $PWD/udhcpd.pid > udhcpd.conf
: > leases; busybox udhcpd -S udhcpd.conf
"""


class AirMachine:
    """A machine with radios, prepared once."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as tar:
            for file in (SCRIPT, *WITNESS.parent.glob("radio-*"), Path(__file__).with_name("unplug.py")):
                tar.add(file, file.name, filter=_executable)
        self.sh(f"mkdir -p {PLACE}; tar -xf - -C {PLACE}", archive.getvalue())
        self.sh(_AIR)

    def sh(self, text: str, stdin: bytes = b"", timeout_s: float = 60) -> str:
        """Run a shell text there; what it writes."""
        done = self.agent.run(["/bin/sh", "-c", text], stdin=stdin, timeout_s=timeout_s)
        assert done.exit_code == 0, (text, done)
        return done.stdout.decode()

    def send(self, device: str, ssid: str = "", more: str = "", *, channel: int = 6) -> None:
        """Have a device send this network; without a name, nothing."""
        mode = "a" if channel > 14 else "g"
        conf = f'interface={device}\nssid2="{ssid}"\nhw_mode={mode}\nchannel={channel}\ncountry_code=FR\n{more}'
        self.sh(_AP.format(device=device, place=PLACE), conf.encode() if ssid else b"")

    def serve_leases(self) -> None:
        """Have the device lend addresses of 192.168.50.0/24."""
        self.sh(_DHCP.format(place=PLACE))

    def while_it_waits_for_a_lease(self, command: str) -> None:
        """Run something there as soon as the witness is connected and asks for an address, which nobody gives it. Its
        exit code is then in the file ``done``."""
        self.sh(f"cd {PLACE}; rm -f done; [ ! -s udhcpd.pid ] || kill $(cat udhcpd.pid)")
        begun = "until pgrep -f '[u]dhcpc -i'; do sleep 0.1; done"
        self.sh(f"({begun}; {command}; echo $? > {PLACE}/done) > /dev/null 2>&1 &")

    def run(self, command: str, timeout_s: float = 60) -> ExecResult:
        """Run the adapter's script."""
        return self.agent.run(["/bin/sh", "-c", f"{PLACE}/adapter.sh {command}"], timeout_s=timeout_s)


class RadioThere:
    """The host's :class:`Radio`, with the adapter of that machine."""

    def __init__(self, machine: AirMachine, radios: Sequence[str]) -> None:
        self._machine, self._radios = machine, radios

    def ping(self, timeout_s: float = 5.0) -> bool:
        return True

    def run(self, argv: Sequence[str], *, stdin: bytes = b"", timeout_s: float) -> ExecResult:
        script, witness = Path(PLACE / SCRIPT.name), Path(PLACE / WITNESS.name)
        turn = turn_of(ADAPTER, self._radios, wait_s=60, limit_s=int(timeout_s), script=script, witness=witness)
        return self._machine.agent.run(turn, stdin=stdin, timeout_s=timeout_s + 80)


def _executable(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.mode = 0o755
    return member
