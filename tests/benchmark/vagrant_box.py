"""Vagrant boxes of a lab's machines and the Vagrantfile that brings them up: what a trainer would write by hand.

A box is our image with what Vagrant needs in it: a key for root, and DHCP on a card of its own, the last one, so that
the lab's cards keep their names. It is changed with debugfs(8), without mounting or booting it.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import tarfile
from pathlib import Path
from textwrap import dedent

from labs.model import Lab, Machine
from orchestrator.golden import BaseImage

PREFIX = "bench-mark-vagrant-"
"""Of every libvirt object that Vagrant makes for us."""

POOL = "bench-mark-vagrant"
_LIMIT_S = 300


def make_box(machine: Machine, image: BaseImage, key: str, place: Path) -> Path:
    """The box file of one machine. ``key``: root's, as a line of authorized_keys."""
    place.mkdir()
    raw, disk, box = place / "disk.raw", place / "box.img", place / "machine.box"
    _run(["qemu-img", "convert", "-O", "raw", str(image.disk), str(raw)])
    _run(["debugfs", "-w", "-f", str(_changes(machine, key, place)), str(raw)])
    _run(["qemu-img", "convert", "-O", "qcow2", str(raw), str(disk)])
    size_gib = -(-raw.stat().st_size // 2**30)
    raw.unlink()
    metadata = place / "metadata.json"
    metadata.write_text(json.dumps({"provider": "libvirt", "format": "qcow2", "virtual_size": size_gib}))
    (place / "Vagrantfile").write_text('Vagrant.configure("2") { |config| }\n')
    with tarfile.open(box, "w") as archive:
        for file in (metadata, place / "Vagrantfile", disk):
            archive.add(file, file.name)
    disk.unlink()
    return box


def vagrantfile(lab: Lab, images: dict[str, BaseImage], *, uri: str, key_file: Path, driver: str) -> str:
    """The Vagrantfile of a lab's machines, as quick as Vagrant can be: no synced folder, provisioner or graphics."""
    head = f"""
        Vagrant.configure("2") do |config|
          config.vm.synced_folder ".", "/vagrant", disabled: true
          config.vm.boot_timeout = 600
          config.ssh.username = "root"
          config.ssh.private_key_path = {_ruby(key_file)}
          config.ssh.insert_key = false
          config.vm.provider :libvirt do |libvirt|
            libvirt.uri = {_ruby(uri)}
            libvirt.driver = {_ruby(driver)}
            libvirt.default_prefix = {_ruby(PREFIX)}
            libvirt.storage_pool_name = {_ruby(POOL)}
            libvirt.management_network_name = {_ruby(PREFIX + "management")}
            libvirt.management_network_address = "192.168.233.0/24"
            libvirt.management_network_mode = "none"
            libvirt.management_network_pci_bus = "0x00"
            libvirt.management_network_pci_slot = "0x0f"
            libvirt.graphics_type = "none"
        """
    if driver == "qemu":  # under TCG the default model makes recent kernels panic
        head += """
            libvirt.cpu_mode = "custom"
            libvirt.cpu_model = "Nehalem"
            libvirt.cpu_fallback = "allow"
        """
    text = "".join(f"{line}\n" for line in dedent(head).splitlines() if line.strip()) + "  end\n"
    for name, machine in lab.machines.items():
        text += _machine(name, machine, images[machine.image])
    return text + "end\n"


def _machine(name: str, machine: Machine, image: BaseImage) -> str:
    lines = [f"config.vm.define {_ruby(name)} do |machine|", f"  machine.vm.box = {_ruby(PREFIX + name)}"]
    for number, nic in enumerate(machine.nics.values(), start=1):
        # Vagrant wants an address even where it configures none.
        address = str(nic.address.ip) if nic.address is not None else f"192.0.2.{number}"
        lines.append(
            f'  machine.vm.network :private_network, ip: "{address}", mac: "{nic.mac}", auto_config: false,'
            f" libvirt__network_name: {_ruby(PREFIX + nic.network)}, libvirt__dhcp_enabled: false,"
            ' libvirt__forward_mode: "veryisolated"'
        )
    lines += [
        "  machine.vm.provider :libvirt do |libvirt|",
        f"    libvirt.memory = {machine.memory_mib}",
        f"    libvirt.cpus = {machine.vcpus}",
        f"    libvirt.kernel = {_ruby(image.kernel)}",
        f"    libvirt.initrd = {_ruby(image.initrd)}",
        f"    libvirt.cmd_line = {_ruby(image.cmdline)}",
        "  end",
        "end",
    ]
    return "".join(f"  {line}\n" for line in lines)


def _changes(machine: Machine, key: str, place: Path) -> Path:
    """A script for debugfs: root's key, DHCP on the last card, root by SSH, an identity (no "first boot")."""
    card = f"eth{len(machine.nics)}"
    files = {
        "authorized_keys": key + "\n",
        "30-management.network": f"[Match]\nName={card}\n\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=no\n",
        "00-vagrant.conf": "PermitRootLogin prohibit-password\nAllowUsers root\n",
        "machine-id": secrets.token_hex(16) + "\n",
    }
    for name, content in files.items():
        (place / name).write_text(content, encoding="utf-8")
        (place / name).chmod(0o600 if name == "authorized_keys" else 0o644)

    def write(folder: str, name: str) -> list[str]:
        return [f"cd {folder}", f"rm {name}", f"write {place / name} {name}"]

    wants = "/etc/systemd/system/multi-user.target.wants"
    commands = [
        "cd /root",
        "mkdir .ssh",
        *write("/root/.ssh", "authorized_keys"),
        *write("/etc/systemd/network", "30-management.network"),
        *write("/etc/ssh/sshd_config.d", "00-vagrant.conf"),
        "cd /etc/ssh/sshd_config.d",
        "rm netbox.conf",  # the access point's: nobody but its administrator comes in
        *write("/etc", "machine-id"),
        f"cd {wants}",
        "symlink systemd-networkd.service /usr/lib/systemd/system/systemd-networkd.service",
    ]
    script = place / "changes"
    script.write_text("\n".join(commands) + "\n", encoding="utf-8")
    return script


def _ruby(value: object) -> str:
    """A Ruby string (none of ours has ``#{``)."""
    return json.dumps(str(value))


def _run(argv: list[str]) -> None:
    try:
        subprocess.run(argv, check=True, capture_output=True, text=True, timeout=_LIMIT_S)
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"{argv[0]}: {error.stderr.strip()[-300:]}") from error
