"""The stamp: a namespaced element in ``<metadata>`` by which every domain and network says whose it is."""

from __future__ import annotations

from dataclasses import fields
from xml.etree import ElementTree as ET

from orchestrator.hypervisor.port import Stamp

NAMESPACE = "urn:epreuve:stamp:1"
_TAG = f"{{{NAMESPACE}}}stamp"
_REQUIRED = ("session", "bench", "lab", "role", "golden_key", "store")

ET.register_namespace("epreuve", NAMESPACE)


def stamp_element(stamp: Stamp) -> ET.Element:
    """``<epreuve:stamp session=… bench=… …/>``; empty fields are left out."""
    attributes = {field.name: str(getattr(stamp, field.name)) for field in fields(stamp)}
    return ET.Element(_TAG, {name: value for name, value in attributes.items() if value})


def add_stamp(root: ET.Element, stamp: Stamp) -> None:
    """Put the stamp into a document's ``<metadata>``, in place of any older one."""
    metadata = root.find("metadata")
    if metadata is None:
        metadata = ET.Element("metadata")
        # libvirt accepts any order; after name and uuid is where it writes it itself.
        root.insert(1 + max((i for i, child in enumerate(root) if child.tag in ("name", "uuid")), default=-1), metadata)
    for old in metadata.findall(_TAG):
        metadata.remove(old)
    metadata.append(stamp_element(stamp))


def read_stamp(document: ET.Element) -> Stamp | None:
    """The stamp in a domain's or network's XML; None when it is not ours or not whole."""
    element = document.find(f"metadata/{_TAG}")
    if element is None or any(not element.get(name) for name in _REQUIRED):
        return None
    values = {field.name: element.get(field.name, "") for field in fields(Stamp)}
    if values["role"] not in ("golden", "bench"):
        return None
    return Stamp(**values)  # type: ignore[arg-type]  # the role was checked just above
