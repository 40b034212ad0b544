"""The settings that an answer file may use (``settings.yml``), and what is wrong with a rendered one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

from ruamel.yaml import YAML

NAMESPACE = "urn:schemas-microsoft-com:unattend"
WCM = "http://schemas.microsoft.com/WMIConfig/2002/State"
PASSES = ("windowsPE", "offlineServicing", "generalize", "specialize", "auditSystem", "auditUser", "oobeSystem")
"""In the order in which Windows System Image Manager numbers them."""
_TABLE = Path(__file__).with_name("settings.yml")
_IDENTITY = {
    "processorArchitecture": "amd64",
    "publicKeyToken": "31bf3856ad364e35",
    "language": "neutral",
    "versionScope": "nonSxS",
}
_ORDERED = ("CreatePartition", "ModifyPartition", "RunSynchronousCommand", "SynchronousCommand")
_LISTED = (*_ORDERED, "Disk", "PathAndCredentials", "MetaData", "LocalAccount")


@cache
def table() -> dict[tuple[str, str, str], str]:
    """Every setting that may be used: (pass, component, path) → the page that documents it."""
    raw = YAML(typ="safe").load(_TABLE.read_text("utf-8"))
    return {
        (in_, component, path): raw["page"] + "-".join([component, *path.split("/")]).lower()
        for component, passes in raw["components"].items()
        for in_, paths in passes.items()
        for path in paths
    }


def faults(document: bytes) -> list[str]:
    """What Windows Setup would reject, ignore or misread in an answer file, as sentences for developers."""
    try:
        root = ET.fromstring(document)  # noqa: S314 - we have just written it
    except ET.ParseError as error:
        return [f"not well-formed: {error}"]
    if root.tag != _name("unattend"):
        return [f"the root is {root.tag}"]
    found: list[str] = []
    passes = [settings.get("pass", "") for settings in root]
    if passes != [one for one in PASSES if one in passes]:
        found.append(f"passes are repeated, unknown or out of order: {passes}")
    for settings in root:
        in_ = settings.get("pass", "")
        components = [component.get("name", "") for component in settings]
        found += [f"{in_}: {name} twice" for name, count in Counter(components).items() if count > 1]
        for component in settings:
            found += _component(in_, component)
    return found


def leaves(element: ET.Element, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every setting below an element: its path without namespaces, and its text."""
    for child in element:
        here = (*path, child.tag.removeprefix(_name("")))
        if len(child):
            yield from leaves(child, here)
        else:
            yield here, (child.text or "").strip()


def _component(in_: str, component: ET.Element) -> Iterator[str]:
    name = component.get("name", "")
    where = f"{in_}, {name}"
    for key, value in _IDENTITY.items():
        if component.get(key) != value:
            yield f"{where}: {key} is {component.get(key)}"
    for path, text in leaves(component):
        if (in_, name, "/".join(path)) not in table():
            yield f"{where}: {'/'.join(path)} is not documented in this pass"
        if not text:
            yield f"{where}: {'/'.join(path)} is empty"
        if path[-1] == "PlainText" and text != "false":
            yield f"{where}: {'/'.join(path)}: a password in plain text"
    for parent in component.iter():
        tags = Counter(child.tag.removeprefix(_name("")) for child in parent)
        for tag, count in tags.items():
            if count > 1 and tag not in _LISTED:
                yield f"{where}: {tag} twice"
            items = parent.findall(_name(tag))
            if tag in _LISTED and any(item.get(f"{{{WCM}}}action") != "add" for item in items):
                yield f"{where}: {tag} without wcm:action"
            orders = [item.findtext(_name("Order")) for item in items]
            if tag in _ORDERED and orders != [str(number + 1) for number in range(count)]:
                yield f"{where}: {tag} in the order {orders}"
            keys = [item.get(f"{{{WCM}}}keyValue") for item in items]
            if tag == "PathAndCredentials" and len(set(keys)) != count:
                yield f"{where}: {tag} with the keys {keys}"


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"
