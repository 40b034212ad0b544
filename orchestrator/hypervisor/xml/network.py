"""A network's XML: one isolated bridge, no host address, no DHCP, no DNS, no forwarding.

https://libvirt.org/formatnetwork.html, "Isolated network config"
"""

from __future__ import annotations

import hashlib
from xml.etree import ElementTree as ET

from orchestrator.hypervisor.port import NetworkSpec
from orchestrator.hypervisor.xml.stamp import add_stamp


def bridge_name(network: str) -> str:
    """The bridge of a network: ``epb`` and 10 hexadecimal digits (an interface name has at most 15 characters)."""
    return "epb" + hashlib.sha256(network.encode()).hexdigest()[:10]


def network_xml(spec: NetworkSpec) -> str:
    """The definition of a bench's segment."""
    root = ET.Element("network")
    ET.SubElement(root, "name").text = spec.name
    ET.SubElement(root, "bridge", name=bridge_name(spec.name), stp="off", delay="0")
    ET.SubElement(root, "dns", enable="no")
    add_stamp(root, spec.stamp)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode")
