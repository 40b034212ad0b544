"""The same three machines brought up by Vagrant with vagrant-libvirt, where both are installed."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace

from labs.text import Text
from tests.benchmark.ground import Ground
from tests.benchmark.measure import Goal, Measure

VAGRANT = Measure(
    "vagrant",
    Text("« vagrant up » des trois mêmes (vagrant-libvirt)", "“vagrant up” of the same three (vagrant-libvirt)"),
    "s",
    goal=Goal(25.0),
    ratio_to="clone",
)


def measure_vagrant(ground: Ground) -> Measure:
    """Seconds of ``vagrant up``."""
    return replace(VAGRANT, note=missing())


def missing() -> Text | None:
    """Why Vagrant cannot be measured here."""
    if shutil.which("vagrant") is None:
        return Text("Vagrant n'est pas installé", "Vagrant is not installed")
    done = subprocess.run(["vagrant", "plugin", "list"], capture_output=True, text=True, check=False, timeout=120)
    if "vagrant-libvirt" not in done.stdout:
        return Text("le greffon vagrant-libvirt n'est pas installé", "the plugin vagrant-libvirt is not installed")
    return None
