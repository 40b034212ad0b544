"""The adapter of the supervisor's machine hears real 802.11: the candidate's own network, whatever else is on the air.

``long``: minutes of scans on emulated radios. What the device says of itself is written as OpenWrt would say it.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from checkers.channel import Agent
from checkers.check import Check, Unseen, View
from checkers.checks.wifi import WifiAir
from checkers.checks.wifi_station import WifiAssociates, WifiIsolation
from checkers.facts import Fact, Raw
from checkers.observe import Channel, Place, observe
from checkers.openwrt.dialect import OPENWRT
from checkers.probes.access_point import AccessPoint
from checkers.radio.dialect import RADIO
from orchestrator.bench import create_bench, destroy_bench
from tests.unit.checkers.network.judging import fact
from tests.unit.checkers.openwrt.device import iface, said
from tests.vm.air import ADAPTER, KEY, PLACE, WPA2, WPA3, AirMachine, RadioThere
from tests.vm.ground import SESSION_PREFIX, VmGround

pytestmark = [pytest.mark.vm, pytest.mark.long]

SESSION = f"{SESSION_PREFIX}-radio"
OWN = "02:00:00:00:00:00"
SSID = "Atelier"
WRONG = WPA2.replace(KEY, "une-autre-clef")
AIR: dict[str, Any] = {"on": "ap", "ssid": SSID, "band": 2.4, "security": ["wpa2"], "hidden": False}
JOIN: dict[str, Any] = {"on": "ap", "ssid": SSID, "key_secret": "wifi"}
_NAME = f"x\nBSS {OWN}(on wlan2)\n\tfreq: 2437\n\tcapability: Privacy\n\tSSID: {SSID}\n"
_NAME += "\tRSN:\n\t * Authentication suites: PSK\n"
_WPS = b"\x00\x50\xf2\x04\x10\x4a\0\1\x10\x10\x44\0\1\2\x10\x11" + len(_NAME).to_bytes(2) + _NAME.encode()
FORGED = f"vendor_elements=dd{len(_WPS):02x}{_WPS.hex()}\n"
"""A name of WPS that makes another network of the text of iw: one of the candidate's own."""
ALL = (WifiAir.model_validate(AIR), WifiAssociates.model_validate(JOIN), WifiIsolation.model_validate(JOIN))
LEASED = WifiAssociates.model_validate(
    {**JOIN, "security": "wpa2", "subnet": "192.168.50.0/24", "router": "192.168.50.254"}
)
SENDS = said(iface(ssid=SSID))
SILENT = said(iface(ssid="OpenWrt"))


@pytest.fixture(scope="module")
def ap(ground: VmGround) -> Iterator[Agent]:
    """The access point of a bench."""
    bench = create_bench(
        ground.golden,
        hypervisor=ground.hypervisor,
        store=ground.settings.benches_dir,
        session=SESSION,
        name="c01",
        candidate="Un Candidat",
    )
    try:
        yield ground.hypervisor.agent(bench.machines["ap"].domain)
    finally:
        destroy_bench(ground.hypervisor, ground.settings.benches_dir, SESSION, "c01")


@pytest.fixture(scope="module")
def air(ap: Agent) -> AirMachine:
    """Its radios, and nothing else of it."""
    return AirMachine(ap)


def heard(air: AirMachine, *checks: Check, own: str = OWN) -> dict[str, Fact]:
    """The facts of the air, asked as an observation asks them."""
    return asked_of(Channel("radio", RadioThere(air, [own]), RADIO), *checks)


def asked_of(channel: Channel, *checks: Check) -> dict[str, Fact]:
    place = Place("radio:ap", [channel], secrets={"wifi": KEY}, reveal=True)
    asked = [question for check in checks for question in check.questions() if question.at == place.at]
    return {one.key: one for one in observe(asked, [place])}


def verdicts(facts: dict[str, Fact], *checks: Check, device: str) -> list[str]:
    """``PASS``, ``PART``, ``FAIL`` or ``?`` and the reason, of each check; device: what the device says of itself."""
    return [_verdict(check, dict(facts), device) for check in checks]


def _verdict(check: Check, facts: dict[str, Fact], device: str) -> str:
    for question in check.questions():
        if question.at == "ap":
            text = device if isinstance(question.probe, AccessPoint) else "up 4000\n"
            facts[question.key] = fact(question, Raw(stdout=text), OPENWRT)
    try:
        found = check.judge(View(facts))
    except Unseen as unseen:
        return f"? {unseen.why.fr}"
    return f"{'PASS' if found.score == 1 else 'FAIL' if found.score == 0 else 'PART'} {found.reason.fr}"


def words(told: list[str]) -> list[str]:
    return [one.split()[0] for one in told]


def free(air: AirMachine) -> bool:
    """Whether the adapter is the host's again, and nothing of a turn is left."""
    left = air.sh("ip netns list; pgrep -l 'wpa_supplicant|udhcpc'; ls /run/epreuve-radio/work 2>/dev/null; true")
    return left == "" and f"{ADAPTER} " in air.sh("ip -br link show")


def test_the_emulated_access_point_is_heard_by_the_same_script(ap: Agent) -> None:
    """With two radios of its own, in the machine as it is."""
    settings = ("enabled oui", f"ssid {SSID}", "band 2.4", "security wpa2", f"key {KEY}", "isolation oui")
    lines = [*(f"set wifi.{one}" for one in settings), "apply", ""]
    done = ap.run(["netbox"], stdin="\n".join(lines).encode(), timeout_s=60)
    assert done.exit_code == 0, done
    told = verdicts(asked_of(Channel("radio", ap), *ALL), *ALL, device=SENDS)
    assert words(told) == ["PASS"] * 3, told


def test_the_own_network_is_heard_joined_and_tried_beside_a_neighbours_of_the_same_name(air: AirMachine) -> None:
    air.send("wlan0", SSID, f"{WPA2}ap_isolate=1\n")
    air.send("wlan1", SSID, channel=1)
    air.serve_leases()
    shown = f"while [ ! -e {PLACE}/stop ]; do cat /proc/[0-9]*/cmdline | tr '\\0' '\\n'; sleep 0.05; done 2>/dev/null"
    air.sh(f"rm -f {PLACE}/stop; ({shown} | grep -c '[c]{KEY[1:]}') > {PLACE}/watched 2>&1 &")
    facts = heard(air, ALL[0], LEASED, ALL[2])
    told = verdicts(facts, ALL[0], LEASED, ALL[2], device=SENDS)
    assert words(told) == ["PASS"] * 3, told
    assert "192.168.50.1" in told[1]
    assert air.sh(f"touch {PLACE}/stop; sleep 1; cat {PLACE}/watched") == "0\n"
    assert all(KEY not in str(one.raw) and one.channel == "radio" for one in facts.values())
    assert free(air)


def test_what_is_wrong_with_the_own_network_counts(air: AirMachine) -> None:
    """The neighbour's is right, and helps nobody."""
    air.send("wlan1", SSID, f"{WPA2}ap_isolate=1\n", channel=1)
    air.send("wlan0", SSID, WPA2)
    assert words(verdicts(heard(air, ALL[2]), ALL[2], device=SENDS)) == ["FAIL"]
    air.send("wlan0", SSID, WRONG)
    told = verdicts(heard(air, *ALL), *ALL, device=SENDS)
    assert words(told) == ["PASS", "FAIL", "FAIL"], told
    assert "clé refusée" in told[1]
    air.send("wlan0", SSID)
    told = verdicts(heard(air, ALL[0]), ALL[0], device=SENDS)
    assert words(told) == ["PART"]
    assert "sécurité : open" in told[0]


def test_a_hidden_network_at_5_ghz_with_wpa3(air: AirMachine) -> None:
    air.send("wlan0", SSID, f"{WPA3}ignore_broadcast_ssid=1\n", channel=36)
    checks = (
        WifiAir.model_validate({**AIR, "band": 5, "security": "wpa3", "hidden": True}),
        WifiAssociates.model_validate({**JOIN, "security": "wpa3"}),
    )
    told = verdicts(heard(air, *checks), *checks, device=SENDS)
    assert words(told) == ["PASS", "PASS"], told


def test_a_further_network_of_the_same_radio(air: AirMachine) -> None:
    """Its address is the radio's with another first byte, as OpenWrt makes it."""
    air.send("wlan0", "Principal", f"{WPA2}bss=wlan0_1\nbssid=06:00:00:00:00:00\nssid={SSID}\nap_isolate=1\n{WPA2}")
    told = verdicts(heard(air, *ALL), *ALL, device=SENDS)
    assert words(told) == ["PASS"] * 3, told


def test_a_silent_device_is_judged_by_its_own_word_and_never_by_a_neighbours_network(air: AirMachine) -> None:
    air.send("wlan0")
    air.send("wlan1", SSID, f"{WPA2}ap_isolate=1\n{FORGED}", channel=1)
    scan = f'ip netns exec epreuve-radio sh -c "ip link set {ADAPTER} up; iw dev {ADAPTER} scan"'
    assert f"\nBSS {OWN}(on" in air.sh(f"echo '{scan}' | {PLACE}/adapter.sh turn {ADAPTER} 5 30")
    facts = heard(air, *ALL)
    assert words(verdicts(facts, *ALL, device=SILENT)) == ["FAIL"] * 3
    assert words(verdicts(facts, *ALL, device=SENDS)) == ["?"] * 3
    assert words(verdicts(facts, *ALL, device="")) == ["?"] * 3


def test_a_neighbour_with_the_own_address_spoils_it_for_nobody(air: AirMachine) -> None:
    air.send("wlan0", SSID, WPA2)
    air.send("wlan1", SSID, f"bssid={OWN}\n", channel=1)
    told = verdicts(heard(air, *ALL), *ALL, device=SENDS)
    assert words(told) == ["?"] * 3
    assert all("deux réseaux" in one for one in told)


def test_a_supplicant_that_is_killed_concludes_nothing(air: AirMachine) -> None:
    air.send("wlan0", SSID, WPA2)
    air.send("wlan1")
    air.while_it_waits_for_a_lease("pkill -9 -x wpa_supplicant")
    told = verdicts(heard(air, LEASED), LEASED, device=SENDS)
    assert air.sh(f"cat {PLACE}/done") == "0\n"
    assert (words(told), "connection was lost" in told[0]) == (["?"], True), told
    assert free(air)


def test_two_that_ask_at_once_are_asked_in_turn(air: AirMachine) -> None:
    with ThreadPoolExecutor() as pool:
        asked = [pool.submit(heard, air, ALL[0], own=own) for own in (OWN, "02:00:00:00:09:00")]
        mine, other = (one.result() for one in asked)
    assert words(verdicts(mine, ALL[0], device=SENDS)) == ["PASS"]
    assert words(verdicts(other, ALL[0], device=SENDS)) == ["?"]
    assert free(air)


def test_a_turn_that_is_killed_is_taken_back_by_the_next(air: AirMachine) -> None:
    turn = f"echo 'touch {PLACE}/begun; tail -f /dev/null' | {PLACE}/adapter.sh turn {ADAPTER} 5 60"
    wait, begun = "do sleep 0.1; done", f"until [ -e {PLACE}/begun ]"
    air.sh(f"{turn} > /dev/null 2>&1 & turn=$!\n{begun}; {wait}; kill -9 $turn; while pgrep -x tail; {wait}")
    assert "epreuve-radio" in air.sh("ip netns list")
    looked = air.run(f"look {ADAPTER}")
    assert (looked.exit_code, b"driver=mac80211_hwsim" in looked.stdout) == (0, True)
    assert free(air)


def test_an_adapter_in_use_or_blocked_is_left_alone(air: AirMachine) -> None:
    switch = f"for switch in /sys/class/net/{ADAPTER}/phy80211/rfkill*/soft; do echo %s > $switch; done"
    for before, after, why in (
        (f"ip link set {ADAPTER} up", f"ip link set {ADAPTER} down", "sert déjà"),
        (switch % 1, switch % 0, "rfkill unblock"),
    ):
        air.sh(before)
        told = verdicts(heard(air, ALL[0]), ALL[0], device=SENDS)
        air.sh(after)
        assert words(told) == ["?"]
        assert why in told[0]


def test_an_adapter_that_is_unplugged_concludes_nothing(air: AirMachine) -> None:
    """The last: it does not come back."""
    air.while_it_waits_for_a_lease(f"ip netns exec epreuve-radio python3 {PLACE}/unplug.py {ADAPTER[-1]}")
    told = verdicts(heard(air, LEASED, ALL[2]), LEASED, ALL[2], device=SENDS)
    assert air.sh(f"cat {PLACE}/done") == "0\n"
    assert (words(told), "connection was lost" in told[0]) == (["?"] * 2, True), told
    assert air.run(f"look {ADAPTER}").stdout == f"trouble=absent {ADAPTER}\n".encode()
    assert air.sh("ip netns list") == ""
