"""The same three machines brought up by Vagrant with vagrant-libvirt, where both are installed."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import libvirt

from checkers.channel import ExecResult
from labs.text import Text
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.hypervisor.process import bounded_run
from orchestrator.workshop import ensure_images
from tests.benchmark.ground import Ground
from tests.benchmark.measure import Goal, Measure
from tests.benchmark.vagrant_box import POOL, PREFIX, make_box, vagrantfile

VAGRANT = Measure(
    "vagrant",
    Text("« vagrant up » des trois mêmes (vagrant-libvirt)", "“vagrant up” of the same three (vagrant-libvirt)"),
    "s",
    goal=Goal(25.0),
    ratio_to="clone",
)

_UP_LIMIT_S = 900.0
_LIMIT_S = 180.0


def measure_vagrant(ground: Ground) -> Measure:
    """Seconds of ``vagrant up``, the boxes being imported already: the first time imports them and is not counted."""
    ground.release()
    namespace = ground.hypervisor.namespace()
    work = ground.work_dir / "vagrant"
    (work / "pool").mkdir(parents=True)
    vagrant = _Vagrant(work, namespace)
    if why := missing(vagrant):
        return replace(VAGRANT, note=why)
    sweep(ground.hypervisor)
    versions = vagrant.versions()
    samples: list[float] = []
    first = 0.0
    try:
        with ground.progress.step(str(Text("boîtes Vagrant", "Vagrant boxes"))):
            _prepare(ground, vagrant)
        for number in range(ground.rounds + 1):
            with ground.progress.step(f"vagrant up {number or Text('(importation)', '(import)')}"):
                began = perf_counter()
                vagrant.need("up", "--provider=libvirt", timeout_s=_UP_LIMIT_S)
                took = perf_counter() - began
            vagrant.need("destroy", "--force", timeout_s=_LIMIT_S)
            if number:
                samples.append(took)
            else:
                first = took
    finally:
        sweep(ground.hypervisor)
        shutil.rmtree(work, ignore_errors=True)
    details = tuple({"first_with_import_s": round(first, 1), **versions} for _ in samples)
    return replace(VAGRANT, samples=tuple(samples), details=details)


def missing(vagrant: _Vagrant) -> Text | None:
    """Why Vagrant cannot be measured here."""
    if shutil.which("vagrant") is None:
        return Text("Vagrant n'est pas installé", "Vagrant is not installed")
    if b"vagrant-libvirt" not in vagrant.run("plugin", "list", timeout_s=_LIMIT_S).stdout:
        return Text("le greffon vagrant-libvirt n'est pas installé", "the plugin vagrant-libvirt is not installed")
    if vagrant.namespace is None:
        return Text("l'hyperviseur est sur un autre hôte", "the hypervisor is on another host")
    return None


def sweep(hypervisor: Hypervisor) -> None:
    """Remove every libvirt object that Vagrant made for us, a killed run's included."""
    connection = libvirt.open(hypervisor.info().uri)
    try:
        for domain in connection.listAllDomains():
            if domain.name().startswith(PREFIX):
                with suppress(libvirt.libvirtError):
                    domain.destroy()
                domain.undefine()
        for network in connection.listAllNetworks():
            if network.name().startswith(PREFIX):
                with suppress(libvirt.libvirtError):
                    network.destroy()
                network.undefine()
        for pool in connection.listAllStoragePools():
            if pool.name() == POOL:
                with suppress(libvirt.libvirtError):
                    pool.destroy()
                pool.undefine()
    finally:
        connection.close()


class _Vagrant:
    """Vagrant with a home of its own, in the network namespace where libvirt's bridges are."""

    def __init__(self, work: Path, namespace: Path | None) -> None:
        self.work = work
        self.namespace = namespace

    def run(self, *arguments: str, timeout_s: float) -> ExecResult:
        """Run a Vagrant command."""
        inside = [] if self.namespace is None else ["nsenter", f"--net={self.namespace}"]
        settings = [f"VAGRANT_HOME={self.work / 'home'}", "VAGRANT_CHECKPOINT_DISABLE=1", f"HOME={self.work}"]
        argv = ["env", "-C", str(self.work), *settings, *inside, "vagrant", *arguments, "--no-color"]
        return bounded_run(argv, timeout_s=timeout_s)

    def need(self, *arguments: str, timeout_s: float) -> None:
        """The same, and it must succeed. Raises RuntimeError with its last words."""
        result = self.run(*arguments, timeout_s=timeout_s)
        if result.exit_code != 0:
            said = (result.stderr.strip() or result.stdout.strip())[-600:].decode("utf-8", "replace")
            raise RuntimeError(f"vagrant {arguments[0]}: exit={result.exit_code} timeout={result.timed_out} {said}")

    def versions(self) -> dict[str, str]:
        """Of Vagrant and its plugin."""
        plugins = self.run("plugin", "list", timeout_s=_LIMIT_S).stdout.decode("utf-8", "replace")
        said = self.run("version", timeout_s=_LIMIT_S).stdout.decode("utf-8", "replace")
        found = {"vagrant": re.search(r"Installed Version: (\S+)", said)}
        found["vagrant-libvirt"] = re.search(r"vagrant-libvirt \(([^,)]+)", plugins)
        return {name: match[1] for name, match in found.items() if match}


def _prepare(ground: Ground, vagrant: _Vagrant) -> None:
    """Boxes, Vagrantfile, storage pool."""
    lab = ground.lab.lab
    images = ensure_images(ground.lab, ground.settings)
    info = ground.hypervisor.info()
    pool = f"<pool type='dir'><name>{POOL}</name><target><path>{vagrant.work / 'pool'}</path></target></pool>"
    connection = libvirt.open(info.uri)
    try:
        connection.storagePoolDefineXML(pool).create()
    finally:
        connection.close()
    for name, machine in lab.machines.items():
        place = vagrant.work / name
        box = make_box(machine, images[machine.image], ground.session.ssh_public_key, place)
        vagrant.need("box", "add", "--provider=libvirt", "--name", PREFIX + name, str(box), timeout_s=_LIMIT_S)
        shutil.rmtree(place)
    key_file = vagrant.work / "key"
    descriptor = os.open(key_file, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(ground.session.ssh_key)
    text = vagrantfile(
        lab, images, uri=info.uri, key_file=key_file, driver="kvm" if info.accelerator == "kvm" else "qemu"
    )
    (vagrant.work / "Vagrantfile").write_text(text, encoding="utf-8")
