"""Vagrant itself, for tests and measures: a home and a place of its own, where the hypervisor's bridges are."""

from __future__ import annotations

import os
import re
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import libvirt

from checkers.channel import ExecResult
from labs.text import Text
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.hypervisor.process import bounded_run
from orchestrator.settings import Settings
from orchestrator.vagrant.place import VAGRANTFILE_DIR, VagrantPlace
from orchestrator.vagrant.plan import stored_plan

ROOT = VAGRANTFILE_DIR.parent
_ASK_LIMIT_S = 180.0


@dataclass(frozen=True)
class Vagrant:
    """The Vagrantfile of this checkout. work: a folder of its own; prepare: whether "up" sets the machines up."""

    work: Path
    lab: str
    hypervisor: Hypervisor
    settings: Settings
    prepare: bool = True

    @property
    def place(self) -> VagrantPlace:
        return VagrantPlace((self.work / "place").resolve())

    def missing(self) -> Text | None:
        """Why there is no Vagrant here."""
        if shutil.which("vagrant") is None:
            return Text("Vagrant n'est pas installé", "Vagrant is not installed")
        if self.hypervisor.namespace() is None:
            return Text("l'hyperviseur est sur un autre hôte", "the hypervisor is on another host")
        if b"vagrant-libvirt" not in self.run("plugin", "list").stdout:
            return Text("le greffon vagrant-libvirt n'est pas installé", "the plugin vagrant-libvirt is not installed")
        return None

    def run(self, *arguments: str, timeout_s: float = _ASK_LIMIT_S) -> ExecResult:
        """Run a Vagrant command."""
        return self._inside(["vagrant", *arguments, "--no-color"], timeout_s)

    def epreuve(self, *arguments: str, timeout_s: float = _ASK_LIMIT_S) -> ExecResult:
        """Run a command of Épreuve as its user would, beside Vagrant."""
        return self._inside([sys.executable, "-m", "orchestrator", *arguments], timeout_s)

    def need(self, *arguments: str, timeout_s: float = _ASK_LIMIT_S) -> str:
        """A Vagrant command that must succeed, and what it said. Raises RuntimeError with its last words."""
        result = self.run(*arguments, timeout_s=timeout_s)
        said = (result.stdout + result.stderr).decode("utf-8", "replace")
        if result.exit_code != 0:
            raise RuntimeError(f"vagrant {arguments[0]}: exit={result.exit_code} {said[-1500:]}")
        return said

    def versions(self) -> dict[str, str]:
        """Of Vagrant and its plugin."""
        plugins, said = self.need("plugin", "list"), self.need("--version")
        found = {"vagrant": re.search(r"Vagrant (\S+)", said)}
        found["vagrant-libvirt"] = re.search(r"vagrant-libvirt \(([^,)]+)", plugins)
        return {name: match[1] for name, match in found.items() if match}

    def left(self) -> list[str]:
        """Machines, networks and disks of this place that libvirt has."""
        return sorted(one.name() for one in self._objects())

    def sweep(self) -> None:
        """Remove what is left of them, whatever Vagrant thinks; the files of this place too."""
        for one in self._objects():
            if not isinstance(one, libvirt.virStorageVol):
                with suppress(libvirt.libvirtError):  # it stands still
                    one.destroy()
        for one in self._objects():
            one.delete() if isinstance(one, libvirt.virStorageVol) else one.undefine()
        shutil.rmtree(self.work, ignore_errors=True)

    def _objects(self) -> list[Any]:
        plan = stored_plan(self.place)
        if plan is None:
            return []
        connection = libvirt.open(self.hypervisor.info().uri)  # lives as long as what it found
        pools = [pool for pool in connection.listAllStoragePools() if pool.isActive()]
        disks = [volume for pool in pools for volume in pool.listAllVolumes()]
        found = [*connection.listAllDomains(), *connection.listAllNetworks(), *disks]
        return [one for one in found if one.name().startswith(plan.prefix)]

    def _inside(self, argv: list[str], timeout_s: float) -> ExecResult:
        self.work.mkdir(parents=True, exist_ok=True)
        settings = {
            "LAB": self.lab,
            "EPREUVE": f"{sys.executable} -m orchestrator",
            "EPREUVE_PREPARE": "yes" if self.prepare else "no",
            "EPREUVE_LANG": "fr",
            "EPREUVE_DATA": str(self.settings.data_dir),
            "EPREUVE_LIBVIRT_URI": self.hypervisor.info().uri,
            "PYTHONPATH": str(ROOT),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "VAGRANT_DOTFILE_PATH": str(self.place.folder),
            "VAGRANT_HOME": str(self.work / "home"),
            "VAGRANT_CHECKPOINT_DISABLE": "1",
        }
        words = [f"{name}={value}" for name, value in settings.items()]
        enter = ["nsenter", f"--net={self.hypervisor.namespace()}"]
        return bounded_run(["env", "-C", str(VAGRANTFILE_DIR), *words, *enter, *argv], timeout_s=timeout_s)
