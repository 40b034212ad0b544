"""Preferences of a group policy (MS-GPPREF 2.2.1): drives, printers, values of the registry, local groups, tasks…

One XML file for each kind. An item says in ``Properties`` what it does and in ``Filters`` for whom. An item that is
switched off, or stands in something that is, does nothing and is left out.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_MAX_ITEMS, _MAX_PROPERTIES, _MAX_ELEMENTS = 500, 60, 20_000
_SECRETS = frozenset({"cpassword"})
"""A password whose key is published: nobody needs it."""
_FOR = {"machine": "HKEY_LOCAL_MACHINE", "user": "HKEY_CURRENT_USER"}


@dataclass(frozen=True)
class Preference:
    """One property of one item, as a setting. key: ``Preferences\\Drives\\S:``, value: its name (``path``), type:
    ``PREFERENCE``, or ``PREFERENCE-DELETE`` of an item that takes away. An item that sets a value of the registry is
    that: its key, value and type. only: for whom it is, in words; empty: for everybody."""

    key: str
    value: str
    type: str
    data: str
    only: str = ""


def parse(content: bytes, kind: str, scope: str) -> list[Preference]:
    """What the items of a file do. kind: the name of the file, ``Drives``. scope: ``machine`` or ``user``.

    Raises ValueError when it is no such file.
    """
    text = _text(content)
    if "<!DOCTYPE" in text:
        raise ValueError("a document type")
    try:
        top = ElementTree.fromstring(text)  # noqa: S314 - without a document type, nothing expands
    except ElementTree.ParseError as error:
        raise ValueError("not XML") from error
    found: list[Preference] = []
    for number, (item, only) in enumerate(_items(top)):
        if number >= _MAX_ITEMS:
            raise ValueError("too many items")
        found += _settings(item, only, kind, scope)
    return found


def _text(content: bytes) -> str:
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le")):
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding)
    return content.decode("utf-8")


def _items(top: Element) -> Iterator[tuple[Element, str]]:
    """Every item that is switched on, with for whom it is; those in a collection too."""
    waiting = [(top, "")]
    seen = 0
    while waiting:
        node, only = waiting.pop()
        seen += 1
        if seen > _MAX_ELEMENTS:
            raise ValueError("too many elements")
        if node.get("disabled") == "1":
            continue
        only = "; ".join(part for part in (only, _filters(node)) if part)[:400]
        if node.find("Properties") is not None:
            yield node, only
        waiting += [(child, only) for child in reversed(node) if child.tag not in ("Properties", "Filters")]


def _filters(node: Element) -> str:
    """Item-level targeting, in the words of its elements: ``FilterGroup KERBRAS\\GG-Compta``."""
    said = []
    for one in islice(node.iterfind("Filters/*"), 20):
        what = one.get("name") or one.get("value") or one.get("ip") or one.get("path") or ""
        said.append(f"{'not ' if one.get('not') == '1' else ''}{one.tag} {what}".strip())
    return "; ".join(said)


def _settings(item: Element, only: str, kind: str, scope: str) -> Iterator[Preference]:
    properties = item.find("Properties")
    assert properties is not None  # noqa: S101 - what makes it an item
    action = properties.get("action", "U").upper()
    if item.tag == "Registry" and action != "D" and properties.get("hive") == _FOR[scope]:
        yield _registry(properties, only)
        return
    key = f"Preferences\\{kind}\\{item.get('name', '')}"
    type_ = "PREFERENCE-DELETE" if action == "D" else "PREFERENCE"
    for name, data in islice(_properties(properties), _MAX_PROPERTIES):
        yield Preference(key, name, type_, data, only)


def _properties(properties: Element) -> Iterator[tuple[str, str]]:
    """The attributes of an item; of what is inside, its text, or its attributes in one."""
    for name, data in properties.items():
        if name.lower() not in _SECRETS:
            yield name, data
    waiting = [(child, _bare(child)) for child in reversed(properties)]
    while waiting:
        node, path = waiting.pop()
        words = [node.get(name, "") for name in ("action", "name") if node.get(name)]
        said = (node.text or "").strip() or " ".join(words)
        if said:
            yield path, said
        waiting += [(child, f"{path}/{_bare(child)}") for child in reversed(node)]


def _bare(node: Element) -> str:
    return node.tag.rpartition("}")[2]


def _registry(properties: Element, only: str) -> Preference:
    """A value of the registry, its data as Registry.pol's entries have it."""
    type_, data = properties.get("type", "REG_SZ"), properties.get("value", "")
    if type_ in ("REG_DWORD", "REG_QWORD"):
        data = str(int(data, 16)) if data else "0"
    elif type_ == "REG_MULTI_SZ":
        data = "\n".join(one.text or "" for one in properties.iterfind("Values/Value"))
    elif type_ == "REG_BINARY":
        data = data.lower()
    name = "" if properties.get("default") == "1" else properties.get("name", "")
    return Preference(properties.get("key", ""), name, type_, data, only)
