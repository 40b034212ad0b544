"""What the adapter's witness says of a real device, as the checks of an access point judge it.

``tests/vm/test_radio.py`` sees the same on real 802.11.
"""

# ruff: noqa: E501 - one case a line

from __future__ import annotations

import pytest

from checkers.check import Check
from checkers.checks.wifi import WifiAir
from checkers.checks.wifi_station import WifiAssociates, WifiIsolation
from checkers.dialect import OWN
from checkers.facts import Raw
from checkers.observe import value_of
from checkers.openwrt.dialect import OPENWRT
from checkers.probes.access_point import AccessPoint, AccessPointAdmin
from checkers.probes.addresses import Addresses
from checkers.probes.wifi import MAX_HEARD, Air, AirValue, Isolation, Station
from checkers.radio.dialect import RADIO
from checkers.radio.troubles import EXIT
from tests.unit.checkers.network.judging import Judged, judged
from tests.unit.checkers.openwrt.device import SSID, iface, said

ASKED = (Air, Station, Isolation)
AIR = WifiAir.model_validate(
    {"on": "ap", "ssid": SSID, "band": "2.4", "channel": 11, "security": ["wpa2", "wpa2-wpa3"], "hidden": False}
)
JOIN = WifiAssociates(on="ap", ssid=SSID, key_secret="wifi")
APART = WifiIsolation(on="ap", ssid=SSID, key_secret="wifi")
SENDS, SILENT = said(iface(ssid=SSID)), said(iface(ssid="OpenWrt"))


def heard(**given: str) -> dict[str, str]:
    """A network of the device's own, or (``own="no"``) of a neighbour's."""
    whole = {"bssid": "a4:2b:b0:01:02:50", "ssid": SSID, "hidden": "no", "freq": "2462", "privacy": "yes",
             "akm": "PSK", "own": "yes"}  # fmt: skip
    return {**whole, **given}


MORE = heard(bssid="a4:2b:b0:01:02:51", freq="5180", akm="", privacy="no")
NEIGHBOUR = heard(bssid="a4:2b:b0:01:02:60", own="no")


def air(
    *networks: dict[str, str], asked: tuple[dict[str, str], ...] | None = None, listens: str = "2412 2462 5180"
) -> str:
    parts = [_lines(networks), f"listens={listens}"] + (["@@ asked", _lines(asked)] if asked is not None else [])
    return "\n".join(["@@ code 0", *parts, "@@ end", ""])


def _lines(networks: tuple[dict[str, str], ...]) -> str:
    return "\n".join(f"bss{n}.{key}={value}" for n, one in enumerate(networks, 1) for key, value in one.items())


def verdict(check: Check, output: str | Raw, *, device: str = SENDS) -> Judged:
    """The verdict on what the witness says, and on what the device says of itself."""
    names = {probe.name: output for probe in ASKED} | {AccessPoint.name: device}
    return judged(check, names, awake="up 4000\n", dialect=OPENWRT, plain=ASKED)


@pytest.mark.parametrize(
    "output",
    [
        air(heard()),
        air(heard(akm="PSK SAE"), NEIGHBOUR),
        air({**NEIGHBOUR, "privacy": "no", "akm": ""}, {**NEIGHBOUR, "freq": "2412"}, heard()),
        air(heard(bssid="a6:2b:b0:01:02:50")),
        air(heard(bssid="a4:2b:b0:01:02:51", freq="5180", akm="PSK SAE"), heard()),
        air(heard(), heard(bssid="a6:2b:b0:01:02:50", ssid="Invites", akm="", privacy="no")),
        air(heard(bssid="a4:2b:b0:01:02:51", freq="5180", akm="SAE"), heard()),
    ],
    ids=[
        "alone",
        "beside the same",
        "beside easier ones",
        "a further address",
        "on both bands",
        "guests beside",
        "harder at 5 GHz",
    ],
)
def test_right(output: str) -> None:
    found = verdict(AIR, output)
    assert found.outcome == "PASS", found.reason


@pytest.mark.parametrize(
    ("output", "device", "outcome", "reason"),
    [
        (air(NEIGHBOUR), SILENT, "FAIL", "n'est pas émis (entendus : rien)"),
        (air(NEIGHBOUR, heard(ssid="OpenWrt", akm="", privacy="no")), SILENT, "FAIL", "entendus : OpenWrt"),
        (air(NEIGHBOUR, heard(akm="", privacy="no")), SENDS, "PART", "sécurité : open"),
        (air(heard(), heard(bssid="a4:2b:b0:01:02:51", freq="5180", akm="", privacy="no")), SENDS, "PART", "un autre réseau du même nom (5 GHz) a la sécurité open"),
        (air(NEIGHBOUR, heard(freq="2412")), SENDS, "PART", "canal : 1, attendu 11"),
        (air(heard(ssid="", hidden="yes"), NEIGHBOUR, asked=(heard(), NEIGHBOUR)), SENDS, "PART", "nom masqué : oui"),
        (air(heard(), {**MORE, "ssid": "", "hidden": "yes"}, asked=(heard(), MORE)), SENDS, "PART", "un autre réseau du même nom (5 GHz) a la sécurité open"),
        (air(heard(ssid="", hidden="yes"), asked=(NEIGHBOUR,)), SILENT, "FAIL", "n'est pas émis"),
    ],
)  # fmt: skip
def test_wrong(output: str, device: str, outcome: str, reason: str) -> None:
    found = verdict(AIR, output, device=device)
    assert (found.outcome, reason in found.reason) == (outcome, True), found


MISSED = air(heard(ssid="Invites"), {**NEIGHBOUR, "ssid": "", "hidden": "yes"}, asked=(heard(),))


def test_one_whose_beacon_was_missed_is_heard_where_hiding_does_not_matter() -> None:
    assert verdict(AIR.model_copy(update={"hidden": None}), MISSED).outcome == "PASS"
    assert verdict(AIR.model_copy(update={"hidden": True}), MISSED).outcome == "INCONCLUSIVE"


@pytest.mark.parametrize(
    ("output", "device", "reason"),
    [
        (air(NEIGHBOUR), SENDS, "que le témoin n'a pas entendu (entendus : rien)"),
        (air(NEIGHBOUR), "", "n'ont pas pu être lus"),
        (air(heard(), heard(freq="2412", akm="", privacy="no")), SENDS, "à la même adresse"),
        (air(listens="2412 5180"), SENDS, "sur le canal 11, que l'adaptateur du témoin n'entend pas"),
        (MISSED, SENDS, "on ne sait pas s'il le masque"),
        ("@@ code 3\nerror=scan refused\n@@ end\n", SENDS, "n'a pas pu travailler (scan refused)"),
        ("", SENDS, "n'a pas pu travailler"),
    ],
    ids=["too far away", "a device that answers nothing", "a neighbour with its address", "another band", "its beacon was missed", "no scan", "cut"],
)  # fmt: skip
def test_nobody_s_fault(output: str, device: str, reason: str) -> None:
    found = verdict(AIR, output, device=device)
    assert (found.outcome, reason in found.reason) == ("INCONCLUSIVE", True), found


@pytest.mark.parametrize(
    ("why", "device", "outcome", "reason"),
    [
        ("not heard", SILENT, "FAIL", "n'est pas émis"),
        ("not heard", SENDS, "INCONCLUSIVE", "que le témoin n'a pas entendu"),
        ("not heard", "", "INCONCLUSIVE", ""),
        ("heard twice", SILENT, "INCONCLUSIVE", "à la même adresse"),
        ("wrong key", SENDS, "FAIL", "clé refusée"),
        ("no answer in time", SENDS, "INCONCLUSIVE", "à temps"),
        ("another security: privacy no, no key", SENDS, "INCONCLUSIVE", "une sécurité à essayer"),
    ],
)
def test_a_station_that_does_not_get_in(why: str, device: str, outcome: str, reason: str) -> None:
    for check, output in (
        (JOIN, f"associated=no\nwhy={why}\n"),
        (APART, f"station1={why}\nstation2={why}\nreach=unknown\n"),
    ):
        found = verdict(check, output, device=device)
        assert (found.outcome, reason in found.reason) == (outcome, True), found


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("trouble=managed wlan1", "NetworkManager tient l'adaptateur Wi-Fi wlan1 : nmcli device set wlan1 managed no"),
        ("trouble=blocked-soft wlan1\n", "rfkill unblock wifi"),
        ("trouble=used wlan1", "ip link set wlan1 down"),
        ("trouble=absent wlan1", "n'est pas branché"),
        ("trouble=busy 900", "900 s"),
        ("trouble=listening wlan1", "sert en ce moment"),
        ("trouble=missing iw", "apt install iw"),
        ("trouble=unnamed", "session device radios"),
        ("trouble=news \x1b[31m{x}", "n'a pas pu servir"),
        ("", "n'a pas pu servir"),
    ],
)
def test_an_adapter_that_cannot_be_used_is_told_and_costs_nobody_a_point(said: str, reason: str) -> None:
    for check in (AIR, JOIN, APART):
        probe = check.questions()[0].probe
        value, why = value_of(probe, Raw(stdout=said, exit_code=EXIT), RADIO)
        assert value is None
        assert why is not None
        assert reason in why.fr
        assert "\x1b" not in why.fr


def test_the_words_of_the_air_are_bounded_and_the_own_networks_are_not_crowded_out() -> None:
    """The script tells the own ones first; a flood of others is cut."""
    flood = [
        heard(bssid=f"0a:00:00:00:{n // 256:02x}:{n % 256:02x}", ssid="\\x1b[2J\\x00" * 20, own="no")
        for n in range(150)
    ]
    value = Air(ssid=SSID).parse(Raw(stdout=air(heard(), *flood)))
    assert isinstance(value, AirValue)
    assert len(value.heard) == MAX_HEARD
    assert (value.heard[0].own, value.heard[0].name) == (True, SSID)
    assert all(len(one.ssid) <= 64 for one in value.heard)


def test_the_witness_answers_for_the_air_only() -> None:
    assert all(RADIO.twin(check.questions()[0].probe) is not None for check in (AIR, JOIN, APART))
    assert RADIO.twin(AccessPointAdmin()) is None
    assert RADIO.twin(Addresses()) is None


def test_the_key_is_never_an_argument() -> None:
    for check in (JOIN, APART):
        twin = RADIO.twin(check.questions()[0].probe)
        assert twin is not None
        command = twin.command(check.questions()[0].probe)
        assert "printf '%s\\n' \"$SECRET_WIFI\" | " in command
        assert "--key-stdin" in command


def test_what_it_hears_is_read_as_in_the_emulated_air() -> None:
    probe, raw = Station(ssid=SSID, secret="wifi"), Raw(stdout="associated=yes\nkey_mgmt=SAE\nlease=no\n")
    twin = RADIO.twin(probe)
    assert twin is not None
    assert twin.parse(probe, raw) == OWN.parse(probe, raw)
