"""Make the machine follow the configuration: address, name, password, radio. Runs as root, says what failed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

from .hostapd import render
from .settings import ADMIN, PASSWORD_HASH, Config, faults
from .store import Store

RUN = Path("/run/netbox")
RADIO_SECONDS = 15.0


class ApplyError(Exception):
    """What could not be put into effect, in French."""


def main() -> int:
    store = Store()
    with store.editing():
        config = store.read()
    shutil.chown(store.file, "root", "netbox")
    store.file.chmod(0o660)
    wrong = faults(config)
    if wrong:
        print("\n".join(f"Erreur : {w}" for w in wrong), file=sys.stderr)
        return 1
    try:
        _network(config)
        _identity(config)
        _radio(config)
    except ApplyError as error:
        print(f"Erreur : {error}", file=sys.stderr)
        return 1
    return 0


def _run(*argv: str, what: str) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, timeout=30, check=False)
    if done.returncode:
        raise ApplyError(f"{what} : {(done.stderr or done.stdout).strip()[:300]}")
    return done.stdout


def _quiet(*argv: str) -> bool:
    return subprocess.run(argv, capture_output=True, timeout=30, check=False).returncode == 0


def _network(config: Config) -> None:
    """br-lan carries the wire and the radio; the address is the bridge's."""
    if not Path("/sys/class/net/br-lan").exists():
        _run("ip", "link", "add", "br-lan", "type", "bridge", "forward_delay", "0", what="pont réseau")
    _run("ip", "link", "set", "eth0", "master", "br-lan", "up", what="port Ethernet")
    _run("ip", "link", "set", "br-lan", "up", what="pont réseau")
    wanted = f"{config['lan.address']}/{config['lan.prefix']}"
    words = _run("ip", "-4", "-o", "address", "show", "dev", "br-lan", what="adresse").split()
    present = [words[i + 1] for i, word in enumerate(words) if word == "inet"]
    if wanted not in present:
        _run("ip", "address", "add", wanted, "brd", "+", "dev", "br-lan", what="adresse IP")
    for old in present:
        if old != wanted:
            _run("ip", "address", "del", old, "dev", "br-lan", what="ancienne adresse IP")
    if config["lan.gateway"]:
        _run("ip", "route", "replace", "default", "via", config["lan.gateway"], what="passerelle")
    else:
        _quiet("ip", "route", "del", "default")


def _identity(config: Config) -> None:
    name = config["system.hostname"]
    Path("/etc/hostname").write_text(name + "\n", "utf-8")
    Path("/etc/hosts").write_text(f"127.0.0.1 localhost\n127.0.1.1 {name}\n", "utf-8")
    _run("hostname", name, what="nom de l’équipement")
    _run("usermod", "--password", config[PASSWORD_HASH], ADMIN, what="mot de passe")


def _radio(config: Config) -> None:
    RUN.mkdir(mode=0o700, exist_ok=True)
    file = RUN / "hostapd.conf"
    unit = "netbox-hostapd.service"
    if not config["wifi.enabled"]:
        _run("systemctl", "stop", unit, what="arrêt du Wi-Fi")
        file.unlink(missing_ok=True)
        return
    text = render(config)
    unchanged = file.is_file() and file.read_text("utf-8") == text
    if unchanged and _quiet("systemctl", "is-active", "--quiet", unit) and _radio_is_up():
        return
    file.touch(mode=0o600)
    file.write_text(text, "utf-8")
    _run("systemctl", "restart", unit, what="démarrage du Wi-Fi")
    deadline = time.monotonic() + RADIO_SECONDS
    while not _radio_is_up():
        if time.monotonic() > deadline:
            raise ApplyError("la radio ne s’est pas mise en service avec ces réglages")
        time.sleep(0.3)


def _radio_is_up() -> bool:
    status = subprocess.run(
        ["hostapd_cli", "-p", "/run/hostapd", "-i", "wlan0", "status"],
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )
    return "state=ENABLED" in status.stdout.splitlines()
