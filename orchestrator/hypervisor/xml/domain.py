"""A domain's XML from its spec. https://libvirt.org/formatdomain.html

What is chosen here and why:

* ``pc`` machine, no USB, no balloon, no sound: fewer devices start and are saved faster.
* Under TCG exactly one CPU model is known to run current guests (others make the 6.12 kernel panic).
* A virtio tablet says where the pointer is, not how far it moved: the console's pointer and the machine's are one.
  On USB it would bring back the controller that is left out.
* No keymap for VNC: consoles send keys, the machine's own layout says what they mean. With one, QEMU would ignore the
  keys and guess them from characters.
* VNC without any listener: the console is reached through ``virDomainOpenGraphicsFD`` only; no port, no password.
* No ``<genid>``: a new generation id makes a restored domain controller reset its invocation id.
* Cards leave checksums to the guest: frames on the wire are whole, whoever captures or forges them.
* Windows boots through UEFI (``xml/windows.py``): all else is the same.
* A golden's disk may forget on a host crash (it is built again), a candidate's may not.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from orchestrator.hypervisor.port import Accelerator, DomainSpec, NicSpec
from orchestrator.hypervisor.xml import windows
from orchestrator.hypervisor.xml.stamp import add_stamp

AGENT_CHANNEL = "org.qemu.guest_agent.0"
_NO_OFFLOAD_OUT = dict.fromkeys(("csum", "gso", "tso4", "tso6", "ecn", "ufo"), "off")
_NO_OFFLOAD_IN = dict.fromkeys(("csum", "tso4", "tso6", "ecn", "ufo"), "off")


def domain_xml(spec: DomainSpec, accelerator: Accelerator) -> str:
    """The definition of a machine."""
    root = ET.Element("domain", type="kvm" if accelerator == "kvm" else "qemu")
    _text(root, "name", spec.name)
    _text(root, "uuid", spec.uuid)
    add_stamp(root, spec.stamp)
    _text(root, "memory", str(spec.memory_mib), unit="MiB")
    _text(root, "vcpu", str(spec.vcpus))
    _boot(root, spec)
    root.append(windows.features(accelerator) if spec.kernel is None else _features())
    root.append(cpu(accelerator))
    root.append(windows.clock(accelerator) if spec.kernel is None else ET.Element("clock", offset="utc"))
    _text(root, "on_poweroff", "destroy")
    _text(root, "on_reboot", "restart")
    _text(root, "on_crash", "destroy")
    devices = ET.SubElement(root, "devices")
    devices.append(_disk(spec))
    ET.SubElement(devices, "controller", type="usb", model="none")
    devices.extend(_nic(nic) for nic in sorted(spec.nics, key=lambda nic: nic.device))
    devices.append(_serial(spec))
    ET.SubElement(devices, "input", type="tablet", bus="virtio")
    channel = ET.SubElement(devices, "channel", type="unix")
    ET.SubElement(channel, "target", type="virtio", name=AGENT_CHANNEL)
    ET.SubElement(ET.SubElement(devices, "graphics", type="vnc"), "listen", type="none")
    ET.SubElement(ET.SubElement(devices, "video"), "model", type="vga", vram="8192")
    rng = ET.SubElement(devices, "rng", model="virtio")
    _text(rng, "backend", "/dev/urandom", model="random")
    ET.SubElement(devices, "memballoon", model="none")
    ET.indent(root)
    return ET.tostring(root, encoding="unicode")


def cache_mode(spec: DomainSpec) -> str:
    """How the host's page cache is used for the disk."""
    return "unsafe" if spec.stamp.role == "golden" else "writeback"


def _text(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = text


def _boot(root: ET.Element, spec: DomainSpec) -> None:
    if spec.kernel is None:
        root.append(windows.firmware(spec.nvram))
        return
    os = ET.SubElement(root, "os")
    _text(os, "type", "hvm", arch="x86_64", machine="pc")
    _text(os, "kernel", str(spec.kernel))
    _text(os, "initrd", str(spec.initrd))
    _text(os, "cmdline", spec.cmdline)


def _features() -> ET.Element:
    features = ET.Element("features")
    ET.SubElement(features, "acpi")
    return features


def cpu(accelerator: Accelerator) -> ET.Element:
    """The processor."""
    if accelerator == "kvm":
        return ET.Element("cpu", mode="host-model")
    cpu = ET.Element("cpu", mode="custom", match="exact", check="none")
    _text(cpu, "model", "Nehalem", fallback="allow")
    return cpu


def _disk(spec: DomainSpec) -> ET.Element:
    disk = ET.Element("disk", type="file", device="disk")
    ET.SubElement(disk, "driver", name="qemu", type="qcow2", cache=cache_mode(spec), discard="unmap")
    ET.SubElement(disk, "source", file=str(spec.disk))
    ET.SubElement(disk, "target", dev="vda", bus="virtio")
    return disk


def _nic(nic: NicSpec) -> ET.Element:
    interface = ET.Element("interface", type="network")
    ET.SubElement(interface, "mac", address=nic.mac)
    ET.SubElement(interface, "source", network=nic.network)
    ET.SubElement(interface, "model", type="virtio")
    driver = ET.SubElement(interface, "driver")
    ET.SubElement(driver, "host", _NO_OFFLOAD_OUT)
    ET.SubElement(driver, "guest", _NO_OFFLOAD_IN)
    ET.SubElement(interface, "link", state="up")
    return interface


def _serial(spec: DomainSpec) -> ET.Element:
    serial = ET.Element("serial", type="file")
    ET.SubElement(serial, "source", path=str(spec.serial_log), append="on")
    ET.SubElement(serial, "target", port="0")
    return serial
