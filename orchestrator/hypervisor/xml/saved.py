"""The XML inside a save image, turned into that of a clone.

Only what makes the clone another machine on the host is changed; all that the guest saw (addresses of devices, CPU,
machine type, MAC) stays, for the guest's RAM knows it.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from orchestrator.hypervisor.port import DomainSpec
from orchestrator.hypervisor.xml.domain import cache_mode
from orchestrator.hypervisor.xml.stamp import add_stamp


class UnfitError(ValueError):
    """This saved machine cannot become the machine asked for."""


def clone_xml(saved: str, spec: DomainSpec) -> str:
    """The saved machine's XML, renamed and re-plugged as ``spec`` says.

    :raises UnfitError: the saved machine is not of the spec's shape (memory, processors, disks, cards).
    """
    try:
        root = ET.fromstring(saved)  # noqa: S314 - libvirt wrote it
    except ET.ParseError as error:
        raise UnfitError(f"the XML in the save image is not well-formed: {error}") from error
    if root.tag != "domain":
        raise UnfitError(f"the save image holds <{root.tag}>, not a domain")
    _same(root, "memory", spec.memory_mib * 1024)
    _same(root, "vcpu", spec.vcpus)
    _one(root, "name").text = spec.name
    _one(root, "uuid").text = spec.uuid
    add_stamp(root, spec.stamp)
    if spec.kernel is None:
        _one(root, "os/nvram").text = str(spec.nvram)
    else:
        _one(root, "os/kernel").text = str(spec.kernel)
        _one(root, "os/initrd").text = str(spec.initrd)
    for genid in root.findall("genid"):
        root.remove(genid)
    _disk(_one(root, "devices/disk"), spec)
    _nics(root, spec)
    for tag in ("serial", "console"):
        for source in root.findall(f"devices/{tag}[@type='file']/source"):
            source.set("path", str(spec.serial_log))
    for channel in root.findall("devices/channel"):
        _drop(channel, "source")
    for graphics in root.findall("devices/graphics"):
        graphics.attrib.pop("socket", None)
    return ET.tostring(root, encoding="unicode")


def _disk(disk: ET.Element, spec: DomainSpec) -> None:
    _one(disk, "source").set("file", str(spec.disk))
    _one(disk, "driver").set("cache", cache_mode(spec))
    _drop(disk, "backingStore")


def _nics(root: ET.Element, spec: DomainSpec) -> None:
    wanted = {nic.mac: nic for nic in spec.nics}
    interfaces = root.findall("devices/interface")
    found = {_one(interface, "mac").get("address", "").lower() for interface in interfaces}
    if found != set(wanted) or len(interfaces) != len(wanted):
        raise UnfitError(f"cards of the save image: {sorted(found)}, wanted: {sorted(wanted)}")
    for interface in interfaces:
        nic = wanted[_one(interface, "mac").get("address", "").lower()]
        source = _one(interface, "source")
        source.attrib.clear()
        source.set("network", nic.network)
        _drop(interface, "target")


def _same(root: ET.Element, tag: str, value: int) -> None:
    text = _one(root, tag).text or ""
    if text.strip() != str(value):
        raise UnfitError(f"<{tag}> of the save image is {text}, wanted {value}")


def _one(parent: ET.Element, path: str) -> ET.Element:
    found = parent.findall(path)
    if len(found) != 1:
        raise UnfitError(f"the save image has {len(found)} times <{path}>, wanted one")
    return found[0]


def _drop(parent: ET.Element, tag: str) -> None:
    for child in parent.findall(tag):
        parent.remove(child)
