"""A host with a wireless adapter that is only files: what ``adapter.sh`` and ``radio-witness`` read and run.

``iw`` says what was recorded of mac80211_hwsim (tests/vm/test_radio.py runs the scripts on the real one).
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from orchestrator.radio.adapter import SCRIPT, WITNESS

RECORDED = Path(__file__).parent / "recorded"
PROGRAMS = ("ip", "iw", "wpa_supplicant", "wpa_cli", "arping", "nmcli", "setpriv", "busybox", "python3")
_LOG = 'echo "$(basename "$0") $*" >> "$FAKES/log"\n'
_FAKES = {
    "ip": 'case "$*" in "netns exec"*) shift 3; exec "$@" ;; "netns add"*) : > "$FAKES/run/netns/$3" ;; '
    '"netns delete"*) rm -f "$FAKES/run/netns/$3" ;; esac',
    "iw": 'case "$*" in *" info") cat "$FAKES/$1" ;; "reg get") echo country FR: ;; esac',
    "python3": 'cat "$FAKES/heard"',
    "wpa_supplicant": 'cp "$FAKES/run/epreuve-radio/work/1.conf" "$FAKES/conf"',
    "nmcli": 'cat "$FAKES/nmcli" 2>/dev/null',
    "setpriv": 'shift 7; exec env FAKES= "$@"',
}


@dataclass
class Host:
    """The folder in which it is."""

    folder: Path

    def __post_init__(self) -> None:
        programs = self.folder / "bin"
        programs.mkdir()
        for name in PROGRAMS:
            (programs / name).write_text(f"#!/bin/sh\n{_LOG}{_FAKES.get(name, ':')}\n")
            (programs / name).chmod(0o755)
        self.write("phy", (RECORDED / "phy-info.txt").read_text())
        self.write("dev", "Interface wlan1\n\ttype managed\n")
        device = self.folder / "sys/class/net/wlan1"
        for file, text in {
            "sys/class/net/wlan1/address": "02:00:00:00:02:00",
            "sys/class/net/wlan1/flags": "0x1002",
            "sys/class/ieee80211/phy1/name": "phy1",
            "sys/class/ieee80211/phy1/macaddress": "02:00:00:00:02:00",
            "sys/class/ieee80211/phy1/rfkill1/soft": "0",
            "sys/class/ieee80211/phy1/rfkill1/hard": "0",
        }.items():
            self.write(file, f"{text}\n")
        (device / "phy80211").symlink_to(self.folder / "sys/class/ieee80211/phy1")

    def write(self, file: str, text: str) -> None:
        """Have a file there."""
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    @property
    def log(self) -> list[str]:
        """What was run."""
        return (self.folder / "log").read_text().splitlines()

    def adapter(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run the adapter's script on it."""
        text = SCRIPT.read_text().replace("/run/", f"{self.folder}/run/").replace("/sys/", f"{self.folder}/sys/")
        (self.folder / "run/netns").mkdir(parents=True, exist_ok=True)
        return self._run(text, *arguments, stdin=stdin)

    def witness(self, *arguments: str, own: str = "02:00:00:00:00:00") -> subprocess.CompletedProcess[str]:
        """Run the witness' script with its adapter."""
        text = WITNESS.read_text().replace("/run/", f"{self.folder}/run/")
        given = {"WITNESS_SPACE": "epreuve-radio", "WITNESS_DEVICE": "wlan1", "WITNESS_OWN": own, "WITNESS_COUNTRY": ""}
        return self._run(text, *arguments, **given)

    def _run(self, text: str, *arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        text = text.replace("\nPATH=", f"\nPATH={self.folder}/bin:")
        return subprocess.run(
            ["sh", "-c", text, str(SCRIPT), *arguments],
            input=stdin,
            env={"PATH": "/usr/bin:/bin", "FAKES": str(self.folder), **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
