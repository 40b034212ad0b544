"""The wireless checks: settings, air, stations, administrator, address."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from checkers.checks.access_point import AccessPointAddressIs, AccessPointAdminIs
from checkers.checks.wifi import WifiAir, WifiNetwork
from checkers.checks.wifi_station import WifiAssociates, WifiIsolation
from checkers.facts import Raw
from checkers.parsers import wifi
from checkers.probes.access_point import AccessPointAdmin
from checkers.probes.wifi import WITNESS, Air
from checkers.secrets import token

from .judging import LINKED, judged

SSID = "Kerbras-Atelier"
SAVED = {"enabled": True, "ssid": SSID, "band": "2.4", "channel": 6, "security": "wpa2", "key": token("wifi"),
         "hidden": False, "isolation": True}  # fmt: skip
HOSTAPD = {
    "interface": "wlan0", "ssid2": SSID.encode().hex(), "hw_mode": "g", "channel": "6", "ignore_broadcast_ssid": "0",
    "ap_isolate": "1", "wpa": "2", "rsn_pairwise": "CCMP", "wpa_key_mgmt": "WPA-PSK", "wpa_passphrase": token("wifi"),
}  # fmt: skip
NETWORK = WifiNetwork.model_validate(
    {"on": "ap", "ssid": SSID, "band": "2.4", "channel": 6, "security": ["wpa2", "wpa3", "wpa2-wpa3"],
     "key_secret": "wifi", "hidden": False, "isolation": True}
)  # fmt: skip


def settings(saved: dict[str, Any] | None = None, running: dict[str, str] | None = None, *, freq: int = 2437,
             state: str = "ENABLED") -> str:  # fmt: skip
    conf = "\n".join(f"{key}={value}" for key, value in (HOSTAPD if running is None else running).items())
    stored = json.dumps({"wifi": {**SAVED, **(saved or {})}, "lan": {"address": "192.0.2.1", "prefix": 24}})
    lan = "@@ address\n7: br-lan    inet 192.168.50.2/24 scope global br-lan\n@@ route\n"
    return f"@@ saved\n{stored}\n@@ status\nstate={state}\nfreq={freq}\n@@ running\n{conf}\n{lan}@@ end\n"


def both(freq: int = 2437, saved: dict[str, Any] | None = None, **running: str) -> str:
    return settings(saved, {**HOSTAPD, **running}, freq=freq)


SAE = {"wpa_key_mgmt": "SAE", "sae_password": token("wifi"), "ieee80211w": "2"}


@pytest.mark.parametrize(
    "text",
    [
        both(),
        both(saved={"security": "wpa3"}, **SAE),
        both(saved={"security": "wpa2-wpa3"}, **{**SAE, "wpa_key_mgmt": "WPA-PSK SAE"}),
        both(ssid2=f'"{SSID}"'),
        both(ssid2=f'P"{SSID}"'),
    ],
)
def test_settings_different_but_right(text: str) -> None:
    found = judged(NETWORK, text)
    assert found.outcome == "PASS", found.reason


@pytest.mark.parametrize(
    ("text", "outcome", "reason"),
    [
        (both(saved={"ssid": SSID + " "}, ssid2=(SSID + " ").encode().hex()), "FAIL", "« Kerbras-Atelier\\x20 »"),
        (both(saved={"ssid": SSID.lower()}, ssid2=SSID.lower().encode().hex()), "FAIL", "« kerbras-atelier »"),
        (both(5180, {"band": "5", "channel": 36}, channel="36"), "PART", "bande : 5 GHz, attendu 2,4 GHz"),
        (both(2412, {"channel": 1}, channel="1"), "PART", "canal : 1, attendu 6"),
        (both(saved={"key": "autre-clef"}, wpa_passphrase="autre-clef"), "PART", "n'est pas celle du sujet"),
        (both(saved={"security": "open"}, wpa="0"), "PART", "sécurité : open"),
        (both(saved={"hidden": True}, ignore_broadcast_ssid="1"), "PART", "nom masqué : oui, attendu non"),
        (both(saved={"isolation": False}, ap_isolate="0"), "PART", "isolation des clients : non, attendu oui"),
        (settings(state="DISABLED"), "FAIL", "n'est pas en service (réglages enregistrés justes)"),
        (settings(running={}), "FAIL", "n'est pas en service"),
        (settings(running={**HOSTAPD, "ssid2": "4e4554"}), "FAIL", "n'ont pas été mis en service"),
        (settings({"ssid": "NETBOX"}), "PART", "au redémarrage de la borne"),
    ],
)  # fmt: skip
def test_settings_that_look_right_but_are_wrong(text: str, outcome: str, reason: str) -> None:
    found = judged(NETWORK, text)
    assert found.outcome == outcome, found
    assert reason in found.reason


def test_the_found_key_is_not_in_the_reason() -> None:
    assert "autre-clef" not in judged(NETWORK, both(wpa_passphrase="autre-clef")).reason


def test_unreadable_settings_conclude_nothing() -> None:
    for text in (
        "",
        "@@ saved\n@@ code 2\n@@ status\n@@ running\n@@ end\n",
        "@@ saved\n[]\n@@ status\n@@ running\n@@ end",
    ):
        assert judged(NETWORK, text).outcome == "INCONCLUSIVE"


AIR = WifiAir.model_validate(
    {"on": "ap", "ssid": SSID, "band": 2.4, "channel": 6, "security": ["wpa2", "wpa2-wpa3"], "hidden": False}
)


def heard(*networks: dict[str, str]) -> str:
    lines = []
    for number, given in enumerate(networks, 1):
        whole = {"bssid": f"02:00:00:00:00:0{number}", "ssid": SSID, "hidden": "no", "freq": "2437", "channel": "6",
                 "signal": "-30", "privacy": "yes", "akm": "PSK", "pairwise": "CCMP", "mfp": "no", "country": "FR",
                 **given}  # fmt: skip
        lines += [f"bss{number}.{key}={value}" for key, value in whole.items()]
    return "\n".join([*lines, f"bss={len(networks)}"])


def air(first: str, asked: str | None = None) -> str:
    return f"@@ code 0\n{first}\n" + (f"@@ asked\n{asked}\n" if asked is not None else "") + "@@ end\n"


HIDDEN = air(heard({"ssid": "", "hidden": "yes"}), heard({}))


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (AIR, air(heard({}))),
        (AIR, air(heard({"ssid": "Voisin"}, {"akm": "PSK SAE"}))),
        (AIR.model_copy(update={"hidden": True}), HIDDEN),
        (AIR.model_copy(update={"hidden": True}), air(heard({"ssid": "\\x00\\x00\\x00", "hidden": "yes"}), heard({}))),
        (WifiAir(on="ap", ssid="Café du port"), air(heard({"ssid": "Caf\\xc3\\xa9 du port"}))),
    ],
)
def test_air_different_but_right(check: WifiAir, text: str) -> None:
    found = judged(check, {"wifi-air": text, "access-point": both()})
    assert found.outcome == "PASS", found.reason


@pytest.mark.parametrize(
    ("text", "outcome", "reason"),
    [
        (air(heard()), "FAIL", "n'est pas émis (entendus : rien)"),
        (air(heard({"ssid": "NETBOX-5A3F"})), "FAIL", "entendus : NETBOX-5A3F"),
        (air(heard({"ssid": "Kerbras-Atelier\\x20"})), "FAIL", "Kerbras-Atelier\\x20"),
        (air(heard({"ssid": "", "hidden": "yes"}), heard({"ssid": "", "hidden": "yes"})), "FAIL", "n'est pas émis"),
        (HIDDEN, "PART", "nom masqué : oui, attendu non"),
        (air(heard({"freq": "5180", "channel": "36"})), "PART", "bande : 5 GHz"),
        (air(heard({"akm": "", "privacy": "no"})), "PART", "sécurité : open"),
        (air(heard({"akm": "SAE"})), "PART", "sécurité : wpa3, attendu wpa2, wpa2-wpa3"),
    ],
)
def test_air_that_looks_right_but_is_wrong(text: str, outcome: str, reason: str) -> None:
    found = judged(AIR, {"wifi-air": text, "access-point": both(ssid2=b"Voisin".hex())})
    assert found.outcome == outcome
    assert reason in found.reason


def test_a_network_that_the_access_point_sends_and_the_witness_misses_concludes_nothing() -> None:
    for text in (air(heard()), air(heard({"ssid": "Voisin"}))):
        assert judged(AIR, {"wifi-air": text, "access-point": both()}).outcome == "INCONCLUSIVE"
        assert judged(AIR, {"wifi-air": text, "access-point": settings(state="DISABLED")}).outcome == "FAIL"


@pytest.mark.parametrize(("answers", "scans"), [("1 2", 2), ("0", 1), ("1 1 1 1", 3)])
def test_a_scan_that_heard_nothing_is_made_again(tmp_path: Path, answers: str, scans: int) -> None:
    """answers: of the scans in turn; 1: nothing heard, 2: a network, 0: no radio."""
    witness = tmp_path / "witness"
    count = tmp_path / "count"
    witness.write_text(
        f"#!/bin/sh\necho x >> {count}; set -- {answers}; shift $(($(grep -c x {count}) - 1))\n"
        "case $1 in 0) exit 3;; 2) echo 1.ssid=Voisin;; esac\n"
    )
    witness.chmod(0o755)
    command = Air(ssid="x").command().replace(WITNESS, str(witness))
    said = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True).stdout
    assert count.read_text().count("x") == scans
    assert f"@@ code {3 if answers == '0' else 0}\n" in said
    assert ("1.ssid=Voisin" in said) == ("2" in answers)


def test_a_deaf_witness_concludes_nothing() -> None:
    deaf = "@@ code 3\nerror=no witness radio\n@@ end\n"
    assert judged(AIR, {"wifi-air": deaf, "access-point": both()}).outcome == "INCONCLUSIVE"


ASSOCIATES = WifiAssociates.model_validate(
    {"on": "ap", "ssid": SSID, "key_secret": "wifi", "security": ["wpa2"], "subnet": "192.168.50.0/24",
     "router": "192.168.50.254", "network": "lan", "server": "server"}
)  # fmt: skip


def station(associated: str = "yes", suite: str = "WPA2-PSK", lease: str = "yes", ip: str = "192.168.50.101",
            router: str = "192.168.50.254", why: str = "") -> str:  # fmt: skip
    lines = [f"associated={associated}"] + ([f"why={why}"] if why else [])
    if associated == "yes":
        lines += ["wpa_state=COMPLETED", f"key_mgmt={suite}", f"lease={lease}"]
        lines += [f"ip={ip}", f"router={router}"] if lease == "yes" else []
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("text", "outcome", "reason"),
    [
        (station(), "PASS", "adresse reçue 192.168.50.101"),
        (station(suite="WPA2-PSK-SHA256"), "PASS", ""),
        (station("no", why="wrong key"), "FAIL", "clé refusée"),
        (station("no", why="network not found"), "FAIL", "réseau introuvable"),
        (station("no", why="no answer in time"), "INCONCLUSIVE", "à temps"),
        (station(suite="SAE"), "PART", "sécurité SAE, attendu wpa2"),
        (station(suite="NONE"), "PART", "sécurité NONE"),
        (station(lease="no"), "PART", "aucune adresse reçue"),
        (station(ip="192.168.1.10"), "PART", "192.168.1.10, attendue dans 192.168.50.0/24"),
        (station(router="192.168.50.1"), "PART", "passerelle 192.168.50.1, attendue 192.168.50.254"),
        ("error=no witness radio\n", "INCONCLUSIVE", "no witness radio"),
    ],
)
def test_a_station(text: str, outcome: str, reason: str) -> None:
    found = judged(ASSOCIATES, text)
    assert found.outcome == outcome, found
    assert reason in found.reason


def test_a_missing_lease_counts_only_when_the_server_was_connected() -> None:
    for machine in ("ap", "server"):
        cut = {**LINKED, machine: {"lan": False}}
        assert judged(ASSOCIATES, station(lease="no"), links=cut).outcome == "INCONCLUSIVE"
    blind = ASSOCIATES.model_copy(update={"network": None})
    assert judged(blind, station(lease="no")).outcome == "INCONCLUSIVE"


def test_a_mixed_network_is_joined_with_either() -> None:
    mixed = ASSOCIATES.model_copy(update={"security": ("wpa2-wpa3",)})
    for suite in ("SAE", "WPA2-PSK"):
        assert judged(mixed, station(suite=suite)).outcome == "PASS"
    assert judged(mixed, station(suite="NONE")).outcome == "PART"


def test_the_key_is_never_an_argument() -> None:
    command = ASSOCIATES.questions()[0].probe.command()
    assert "printf '%s\\n' \"$SECRET_WIFI\" | " in command
    assert "--key-stdin" in command


@pytest.mark.parametrize(
    ("text", "isolated", "outcome"),
    [
        ("station1=associated\nstation2=associated\nreach=no\n", True, "PASS"),
        ("station1=associated\nstation2=associated\nreach=yes\n", True, "FAIL"),
        ("station1=associated\nstation2=associated\nreach=yes\n", False, "PASS"),
        ("station1=associated\nstation2=associated\nreach=no\n", False, "FAIL"),
        ("station1=wrong key\nstation2=wrong key\nreach=unknown\n", True, "FAIL"),
        ("station1=associated\nstation2=no answer in time\nreach=unknown\n", True, "INCONCLUSIVE"),
    ],
)
def test_isolation(text: str, isolated: bool, outcome: str) -> None:
    check = WifiIsolation(on="ap", ssid=SSID, key_secret="wifi", isolated=isolated)
    assert judged(check, text).outcome == outcome


ADMIN = AccessPointAdminIs(on="ap", password_secret="admin_ap")


def admin(page: str, console: str) -> str:
    return "".join(
        f"{where}.default={'yes' if state == 'default' else 'no'}\n"
        f"{where}.expected={'yes' if state == 'expected' else 'no'}\n"
        for where, state in (("page", page), ("console", console))
    )


@pytest.mark.parametrize(
    ("text", "outcome", "reason"),
    [
        (admin("expected", "expected"), "PASS", "le mot de passe est celui du sujet"),
        (admin("other", "other"), "PART", "n'est pas celui du sujet"),
        (admin("default", "default"), "FAIL", "fonctionne encore (page web, console)"),
        (admin("expected", "default"), "FAIL", "fonctionne encore (console)"),
        ("", "INCONCLUSIVE", "vérifié"),
    ],
)
def test_administrator(text: str, outcome: str, reason: str) -> None:
    found = judged(ADMIN, text)
    assert found.outcome == outcome
    assert reason in found.reason


def test_only_the_factory_password_can_be_asked_about() -> None:
    check = AccessPointAdminIs(on="ap")
    assert judged(check, admin("other", "other")).outcome == "PASS"
    assert judged(check, Raw(stdout="", exit_code=3)).outcome == "INCONCLUSIVE"
    assert 'WANTED="${SECRET_ADMIN_AP}" perl' in AccessPointAdmin(secret="admin_ap").command()


ADDRESS = AccessPointAddressIs.model_validate({"on": "ap", "address": "192.168.50.2/24", "gateway": "192.168.50.254"})


def address(now: str, route: str = "default via 192.168.50.254 dev br-lan", saved: str = "192.168.50.2") -> str:
    stored = json.dumps({"wifi": SAVED, "lan": {"address": saved, "prefix": 24, "gateway": "192.168.50.254"}})
    lines = "\n".join(f"7: br-lan    inet {each} scope global br-lan" for each in now.split())
    return f"@@ saved\n{stored}\n@@ status\n@@ running\n@@ address\n{lines}\n@@ route\n{route}\n@@ end\n"


@pytest.mark.parametrize(
    ("text", "outcome", "reason"),
    [
        (address("192.168.50.2/24"), "PASS", "adresse 192.168.50.2/24"),
        (address("10.0.0.1/8 192.168.50.2/24"), "PASS", ""),
        (address("192.168.1.1/24", saved="192.168.1.1"), "FAIL", "adresse trouvée 192.168.1.1/24"),
        (address("192.168.1.1/24"), "FAIL", "enregistrée mais pas en service"),
        (address("192.168.50.2/16", saved="192.168.50.2"), "FAIL", "192.168.50.2/16"),
        (address("192.168.50.2/24", saved="192.168.1.1"), "PART", "au redémarrage de la borne, adresse 192.168.1.1/24"),
        (address("192.168.50.2/24", route=""), "PART", "passerelle 192.168.50.254 enregistrée mais pas en service"),
        ("", "INCONCLUSIVE", ""),
    ],
)
def test_address(text: str, outcome: str, reason: str) -> None:
    found = judged(ADDRESS, text)
    assert found.outcome == outcome, found
    assert reason in found.reason


@pytest.mark.parametrize(
    ("text", "raw"),
    [("a", b"a"), ("\\x20a\\\\b", b" a\\b"), ("caf\\xc3\\xa9", "café".encode()), ("é", "é".encode()), ("\\q", b"\\q")],
)
def test_escaped_names(text: str, raw: bytes) -> None:
    assert wifi.ssid(text) == raw


def test_channels() -> None:
    assert [wifi.channel(f) for f in (2412, 2437, 2472, 2484, 5180, 5745, 5955, 900)] == [
        ("2.4", 1), ("2.4", 6), ("2.4", 13), ("2.4", 14), ("5", 36), ("5", 149), ("6", 1), ("", 0),
    ]  # fmt: skip
