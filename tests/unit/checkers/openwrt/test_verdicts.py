"""What an OpenWrt device says, as the checks of an access point judge it."""

# ruff: noqa: E501 - one case a line

from __future__ import annotations

import pytest

from checkers.check import Check
from checkers.checks.access_point import AccessPointAddressIs, AccessPointAdminIs
from checkers.checks.wifi import WifiAir, WifiNetwork
from checkers.facts import Raw
from checkers.openwrt.dialect import OPENWRT
from checkers.probes.access_point import AccessPoint
from checkers.probes.awake import Awake
from checkers.probes.wifi import Air
from tests.unit.checkers.network.judging import Judged, judged
from tests.unit.checkers.openwrt.device import KEY, NETWORK, SSID, iface, said, wireless

EXPECTED = WifiNetwork.model_validate(
    {"on": "ap", "ssid": SSID, "band": "2.4", "channel": 11, "security": ["wpa2", "wpa3", "wpa2-wpa3"],
     "key_secret": "wifi", "hidden": False, "isolation": True}
)  # fmt: skip


def verdict(check: Check, output: str, *, up_s: int = 4000) -> Judged:
    """The verdict on what the device says to every question that is put to it."""
    return judged(check, output, awake=f"up {up_s}\n", dialect=OPENWRT)


GUEST = iface("guest", ssid="Invites", encryption="none", key="", isolate="0", network="guest")


RIGHT = [
    said(iface()),
    said(iface(encryption="psk2")),
    said(iface(encryption="psk2+ccmp"), iwinfo=False),
    said(iface(encryption="sae")),
    said(iface(), iwinfo=False),
    said(iface("")),
    said(iface(hidden="0")),
    said(iface("home", "radio1", ssid="Autre"), iface()),
    said(GUEST, iface()),
    said(iface(), iface("default_radio1", "radio1")),
    said(iface(), saved=wireless(iface("off", ssid="Vieux", disabled="1"), iface())),
]
_RIGHT_NAMES = ["mixed", "wpa2", "cipher", "wpa3", "no iwinfo", "section without a name", "hidden said off", "second radio",
         "guests beside", "both bands", "one turned off beside"]  # fmt: skip


@pytest.mark.parametrize("output", RIGHT, ids=_RIGHT_NAMES)
def test_right(output: str) -> None:
    found = verdict(EXPECTED, output)
    assert found.outcome == "PASS", found.reason


WRONG = [
        (said(iface(ssid=SSID + " ")), "FAIL", "nom du réseau trouvé « Kerbras-Atelier\\x20 »"),
        (said(iface(encryption="none", key="")), "PART", "sécurité : open"),
        (said(iface(encryption="psk-mixed")), "PART", "sécurité : wpa,"),
        (said(iface(encryption="psk")), "PART", "sécurité : wpa,"),
        (said(iface(encryption="wpa2")), "PART", "sécurité : other"),
        (said(iface(key="autre-cle-1")), "PART", "la clé Wi-Fi n'est pas celle du sujet"),
        (said(iface(isolate="")), "PART", "isolation des clients : non"),
        (said(iface(hidden="1")), "PART", "nom masqué : oui"),
        (said(iface(), freq={"radio0": 2412}), "PART", "canal : 1, attendu 11"),
        (said(iface(), down=("radio0",)), "FAIL", "n'est pas en service (réglages enregistrés justes)"),
        (said(iface(), down=("radio0",), saved=wireless(iface(), radio0={"disabled": "1"})), "FAIL", "n'est pas en service"),
        (said(saved=wireless(iface())), "FAIL", "n'est pas en service (réglages enregistrés justes)"),
        (said(iface(mode="sta")), "FAIL", "n'est pas en service"),
        (said(iface(ssid="OpenWrt", encryption="none", key=""), saved=wireless(iface())), "FAIL", "mis en service"),
        (said(iface(), saved=wireless(iface(ssid="OpenWrt"))), "PART", "au redémarrage de la borne : nom du réseau trouvé « OpenWrt »"),
        (said(iface(), saved=wireless(iface(), radio0={"disabled": "1"})), "PART", "au redémarrage de la borne : Wi-Fi désactivé"),
        (said(iface(), saved=wireless(iface(disabled="1"))), "PART", "au redémarrage de la borne : Wi-Fi désactivé"),
        (said(iface(), saved=wireless(iface(), radio0={"channel": "auto"})), "PART", "au redémarrage de la borne : canal : 0, attendu 11"),
        (said(iface(ssid="OpenWrt"), changes="wireless"), "FAIL", "des changements attendent d'être enregistrés"),
        (said(iface("r1", "radio1")), "PART", "bande : 5 GHz, attendu 2,4 GHz"),
        (said(iface(), iface("r1", "radio1", encryption="none", key="")), "PART", "un autre réseau du même nom (5 GHz) a la sécurité open"),
        (said(iface(ssid="Autre"), GUEST), "FAIL", "nom du réseau trouvé « Autre »"),
    ]  # fmt: skip


@pytest.mark.parametrize(("output", "outcome", "reason"), WRONG)
def test_wrong(output: str, outcome: str, reason: str) -> None:
    found = verdict(EXPECTED, output)
    assert (found.outcome, reason in found.reason) == (outcome, True), found.reason


@pytest.mark.parametrize(
    "output",
    ["", "@@ status\nCommand failed: Not found\n@@ end\n", said(iface()).replace("@@ end", ""),
     said(iface()).replace('"up": true', '"up": tru'), said(iface()).replace('"freq": 2462', '"freq": 1e999')],
    ids=["nothing", "no netifd", "cut", "garbled", "no number"],
)  # fmt: skip
def test_what_the_device_does_not_say_is_nobodys_fault(output: str) -> None:
    assert verdict(EXPECTED, output).outcome == "INCONCLUSIVE"


def test_a_device_that_has_just_started_has_its_radios_to_come() -> None:
    late = verdict(EXPECTED, said(saved=wireless(iface())), up_s=30)
    assert (late.outcome, "démarrait encore" in late.reason) == ("INCONCLUSIVE", True)


def test_the_guests_network_is_judged_by_its_own_isolation() -> None:
    guests = WifiNetwork(on="ap", ssid="Invites", isolation=True)
    apart = iface("guest", ssid="Invites", network="guest")
    assert verdict(guests, said(iface(isolate="0"), apart)).outcome == "PASS"
    assert verdict(guests, said(iface(), {**apart, "isolate": "0"})).outcome == "PART"


def test_a_key_is_told_by_the_name_of_its_secret_only() -> None:
    value = OPENWRT.twin(AccessPoint())
    assert value is not None
    assert value.parse(AccessPoint(), Raw(stdout=said(iface()))).running.key == KEY


ADDRESS = AccessPointAddressIs.model_validate({"on": "ap", "address": "192.168.50.2/24", "gateway": "192.168.50.254"})
ADDRESSES = [
    (said(iface()), "PASS"),
    (said(iface(), network=NETWORK.replace("ipaddr '192.168.50.2'", "ipaddr '192.168.50.2/24'")), "PASS"),
    (said(iface(), network=NETWORK.replace("192.168.50.2'", "192.168.1.1'")), "PART"),
    (said(iface(), address="192.168.1.1/24"), "FAIL"),
    (said(iface(), network=NETWORK.replace("255.255.255.0", "255.255.0.0")), "PART"),
    (
        said(iface(), network=NETWORK.replace("'br-lan'\n\toption proto 'static'", "'br-lan'\n\toption proto 'dhcp'")),
        "PART",
    ),
]
_ADDRESS_NAMES = ["right", "with prefix", "not saved", "saved only", "other mask saved", "DHCP after a restart"]


@pytest.mark.parametrize(("output", "outcome"), ADDRESSES, ids=_ADDRESS_NAMES)
def test_address(output: str, outcome: str) -> None:
    assert verdict(ADDRESS, output).outcome == outcome


ADMIN = AccessPointAdminIs(on="ap", password_secret="admin")


@pytest.mark.parametrize(
    ("output", "outcome"),
    [
        ("shadow=set\npage=shadow\nany=no\nwanted=yes\nend\n", "PASS"),
        ("shadow=set\npage=shadow\nany=no\nwanted=no\nend\n", "PART"),
        ("shadow=none\npage=shadow\nany=yes\nwanted=yes\nend\n", "FAIL"),  # any password opens it, the expected one too
        ("shadow=locked\npage=shadow\nany=yes\nwanted=yes\nend\n", "FAIL"),
        ("shadow=set\nany=no\nwanted=yes\nend\n", "INCONCLUSIVE"),  # the page has a password of its own
        ("shadow=set\npage=shadow\nany=error 4\nwanted=error 4\nend\n", "INCONCLUSIVE"),
        ("shadow=set\npage=shadow\nany=no\nwanted=yes\n", "INCONCLUSIVE"),
        ("", "INCONCLUSIVE"),
    ],
)
def test_administrator(output: str, outcome: str) -> None:
    assert verdict(ADMIN, output).outcome == outcome


def test_a_network_that_any_radio_sends_and_the_witness_misses_is_no_fault() -> None:
    check, heard = WifiAir(on="ap", ssid=SSID), "@@ code 0\n\n@@ end\n"
    outputs = {"wifi-air": heard, "access-point": said(GUEST, iface("r1", "radio1"))}
    found = judged(check, outputs, awake="up 4000\n", dialect=OPENWRT, plain=(Air,))
    assert found.outcome == "INCONCLUSIVE"
    silent = judged(check, {**outputs, "access-point": said(GUEST)}, awake="up 4000\n", dialect=OPENWRT, plain=(Air,))
    assert silent.outcome == "FAIL"


def test_every_question_of_an_access_point_can_be_put() -> None:
    asked = [question.probe for check in (EXPECTED, ADMIN) for question in check.questions()]
    assert all(OPENWRT.twin(probe) is not None for probe in [*asked, Awake()])
