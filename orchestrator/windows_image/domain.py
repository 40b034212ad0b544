"""The machine in which a Windows installs itself. https://libvirt.org/formatdomain.html

Disk first, then the disc: the disk does not start until Setup has written to it. Discs are on SATA, which Windows knows
without a driver. No network unless it is asked for: nothing is fetched, no account is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from orchestrator.hypervisor.port import Accelerator
from orchestrator.hypervisor.xml import windows
from orchestrator.hypervisor.xml.domain import AGENT_CHANNEL, cpu

INSTALL_DISC = "sda"


@dataclass(frozen=True)
class InstallSpec:
    """What is installed where. discs: Windows, drivers, answers. network: a libvirt network, to activate an evaluation.
    secure: with Secure Boot and a TPM, as Windows 11 asks where it is not told otherwise."""

    name: str
    memory_mib: int
    vcpus: int
    disk: Path
    discs: tuple[Path, Path, Path]
    secure: bool
    network: str | None = None


def install_xml(spec: InstallSpec, accelerator: Accelerator) -> str:
    """The machine's definition."""
    root = ET.Element("domain", type="kvm" if accelerator == "kvm" else "qemu")
    ET.SubElement(root, "name").text = spec.name
    ET.SubElement(root, "memory", unit="MiB").text = str(spec.memory_mib)
    ET.SubElement(root, "vcpu").text = str(spec.vcpus)
    root.append(windows.firmware(spec.disk.with_suffix(".nvram"), secure=spec.secure))
    root.append(windows.features(accelerator, secure=spec.secure))
    root.append(cpu(accelerator))
    root.append(windows.clock(accelerator))
    for event, then in (("on_poweroff", "destroy"), ("on_reboot", "restart"), ("on_crash", "destroy")):
        ET.SubElement(root, event).text = then
    devices = ET.SubElement(root, "devices")
    disk = _drive(devices, "disk", spec.disk, "vda", "virtio", format_="qcow2")
    ET.SubElement(disk, "boot", order="1")
    for number, path in enumerate(spec.discs):
        disc = _drive(devices, "cdrom", path, f"sd{'abc'[number]}", "sata", format_="raw")
        ET.SubElement(disc, "readonly")
        if number == 0:
            ET.SubElement(disc, "boot", order="2")
    ET.SubElement(devices, "controller", type="usb", model="none")
    if spec.network:
        card = ET.SubElement(devices, "interface", type="network")
        ET.SubElement(card, "source", network=spec.network)
        ET.SubElement(card, "model", type="virtio")
    ET.SubElement(devices, "input", type="tablet", bus="virtio")
    channel = ET.SubElement(devices, "channel", type="unix")
    ET.SubElement(channel, "target", type="virtio", name=AGENT_CHANNEL)
    if spec.secure:
        tpm = ET.SubElement(devices, "tpm", model="tpm-crb")
        ET.SubElement(tpm, "backend", type="emulator", version="2.0")
    ET.SubElement(ET.SubElement(devices, "graphics", type="vnc"), "listen", type="none")
    ET.SubElement(ET.SubElement(devices, "video"), "model", type="vga", vram="16384")
    rng = ET.SubElement(devices, "rng", model="virtio")
    ET.SubElement(rng, "backend", model="random").text = "/dev/urandom"
    ET.SubElement(devices, "memballoon", model="none")
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def _drive(devices: ET.Element, kind: str, path: Path, target: str, bus: str, *, format_: str) -> ET.Element:
    drive = ET.SubElement(devices, "disk", type="file", device=kind)
    driver = ET.SubElement(drive, "driver", name="qemu", type=format_)
    if kind == "disk":
        driver.attrib.update(cache="unsafe", discard="unmap")  # half an installation is begun again
    ET.SubElement(drive, "source", file=str(path))
    ET.SubElement(drive, "target", dev=target, bus=bus)
    return drive
