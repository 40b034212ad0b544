"""The parts of a domain's XML that Windows needs. https://libvirt.org/formatdomain.html

* UEFI on ``q35``: what Windows 11 installs on. The variables' file stands beside the disk: Windows' boot manager is at
  the fallback path of the EFI partition too, so that a machine with fresh variables starts.
* Hyper-V's interfaces under KVM only (there is no such thing under TCG): without them Windows idles badly.
* A clock in UTC: the image's Windows is told so (``RealTimeIsUniversal``).
"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from orchestrator.hypervisor.port import Accelerator

_HYPERV = ("relaxed", "vapic", "vpindex", "runtime", "synic", "stimer", "frequencies")
"""https://www.qemu.org/docs/master/system/i386/hyperv.html"""


def firmware(nvram: Path, *, secure: bool = False) -> ET.Element:
    """UEFI, chosen by libvirt among what the host has. secure: with Secure Boot and Microsoft's keys."""
    os = ET.Element("os", firmware="efi")
    ET.SubElement(os, "type", arch="x86_64", machine="q35").text = "hvm"
    features = ET.SubElement(os, "firmware")
    for name in ("secure-boot", "enrolled-keys"):
        ET.SubElement(features, "feature", enabled="yes" if secure else "no", name=name)
    ET.SubElement(os, "nvram").text = str(nvram)
    return os


def features(accelerator: Accelerator, *, secure: bool = False) -> ET.Element:
    """ACPI and, under KVM, what Windows knows of Hyper-V. secure: Secure Boot wants system management mode."""
    found = ET.Element("features")
    ET.SubElement(found, "acpi")
    ET.SubElement(found, "apic")
    if accelerator == "kvm":
        hyperv = ET.SubElement(found, "hyperv", mode="custom")
        for name in _HYPERV:
            ET.SubElement(hyperv, name, state="on")
        ET.SubElement(hyperv, "spinlocks", state="on", retries="8191")
    if secure:
        ET.SubElement(found, "smm", state="on")
    return found


def clock(accelerator: Accelerator) -> ET.Element:
    """In UTC, with the timers that Windows prefers."""
    found = ET.Element("clock", offset="utc")
    ET.SubElement(found, "timer", name="rtc", tickpolicy="catchup")
    ET.SubElement(found, "timer", name="pit", tickpolicy="delay")
    ET.SubElement(found, "timer", name="hpet", present="no")
    if accelerator == "kvm":
        ET.SubElement(found, "timer", name="hypervclock", present="yes")
    return found
