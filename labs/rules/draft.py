"""What a rule looks at: a lab file as nodes, with the catalogs it may name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from ipaddress import IPv4Interface, IPv4Network
from pathlib import Path, PurePath
from typing import Any, Protocol, Self

from labs.folder import LAB_FILE, inside
from labs.nodes import Node, read_yaml, try_text
from labs.placeholders import declared
from labs.problems import Problem
from labs.text import Text
from labs.variant import Value


class Asked(Protocol):
    """A question of a check. at: a machine, ``wire:NETWORK``, ``radio:MACHINE`` or ``bench``. families: the kinds of
    machines to which it can be put."""

    @property
    def at(self) -> str: ...

    @property
    def families(self) -> Collection[str]: ...


class CheckLike(Protocol):
    """What this layer needs of a check class (they live one layer up)."""

    @classmethod
    def model_validate(cls, obj: Any, /) -> Self: ...

    def questions(self) -> Sequence[Asked]: ...


CheckCatalog = Mapping[str, type[CheckLike]]
"""The checks a lab may name: their class under their kind."""


@dataclass(frozen=True)
class NicDraft:
    """A card, as far as it can be read."""

    machine: str
    name: str
    node: Node
    network: str | None
    address: IPv4Interface | None
    mac: str | None


@dataclass(frozen=True)
class CheckDraft:
    """A check, as far as it can be read, with the node of its ``with:``."""

    node: Node
    kind: Node | None
    params: Node


@dataclass(frozen=True)
class Draft:
    """A lab being linted."""

    folder: Path
    root: Node
    checks: CheckCatalog
    images: Collection[str]
    written: Node
    """The same as ``root``, as it is written: without values in the place of ``{{ variants.… }}``."""

    file = PurePath(LAB_FILE)

    def problem(self, code: str, node: Node, what: Text, allowed: Text | None = None) -> Problem:
        """A problem at a node of ``lab.yml``."""
        return Problem(code, self.file, node.line, node.column, what, allowed)

    @property
    def networks(self) -> dict[str, Node]:
        return self._section("networks")

    @property
    def machines(self) -> dict[str, Node]:
        return self._section("machines")

    @property
    def devices(self) -> dict[str, Node]:
        """The physical machines."""
        kinds = {name: node.get("kind") for name, node in self.machines.items()}
        return {
            name: self.machines[name] for name, kind in kinds.items() if kind is not None and kind.text == "physical"
        }

    def family(self, machine: str) -> str | None:
        """The kind of a machine; None when there is no such machine or none can be read."""
        node = self.machines.get(machine)
        family = node.get("family") if node else None
        return family.text if family else ("linux" if node else None)

    @property
    def secrets(self) -> dict[str, Node]:
        return self._section("secrets")

    @property
    def tasks(self) -> list[Node]:
        tasks = self.root.get("tasks")
        return tasks.items if tasks else []

    @property
    def incidents(self) -> list[Node]:
        incidents = self.root.get("incidents")
        return incidents.items if incidents else []

    @cached_property
    def mutants_file(self) -> tuple[PurePath, Node | None, list[Problem]]:
        """The file of mutants: its name, its root if it can be read, and its faults."""
        node = self.root.get("mutants")
        name = PurePath(node.text if node and node.text else "")
        target = inside(self.folder, str(name)) if node and node.text else None
        if target is None or not target.is_file():
            return name, None, []
        return name, *read_yaml(target, name)

    @property
    def mutants(self) -> list[Node]:
        root = self.mutants_file[1]
        mutants = root.get("mutants") if root else None
        return mutants.items if mutants else []

    def changes(self, what: str) -> list[Node]:
        """Every file of this kind (``shell`` or ``playbook``) that breaks or repairs an incident."""
        found = (incident.get(change, what) for incident in self.incidents for change in ("break", "repair"))
        return [node for node in found if node is not None]

    @cached_property
    def variants(self) -> dict[str, list[Value]]:
        """The values of each variant, as far as they can be read."""
        return declared(self.written)

    def _section(self, name: str) -> dict[str, Node]:
        node = self.root.get(name)
        return node.map if node else {}

    def place_of_key(self, section: str, key: str) -> Node:
        """The place of a key of a section, such as the name of a machine."""
        node = self.root.get(section)
        return node.key(key) if node else self.root

    @cached_property
    def nics(self) -> list[NicDraft]:
        """Every card of every machine."""
        found = []
        for machine, node in self.machines.items():
            cards = node.get("nics")
            for name, card in (cards.map if cards else {}).items():
                network, address, mac = card.get("network"), card.get("address"), card.get("mac")
                found.append(
                    NicDraft(
                        machine,
                        name,
                        card,
                        network.text if network else None,
                        interface(address),
                        mac.text.lower() if mac and mac.text else None,
                    )
                )
        return found

    def all_checks(self) -> Iterator[CheckDraft]:
        """Every check: of every task, then every proof of every incident."""
        for nodes in (*(task.get("checks") for task in self.tasks), *(one.get("proof") for one in self.incidents)):
            for check in nodes.items if nodes else []:
                params = check.get("with")
                yield CheckDraft(check, check.get("check"), params or Node(check.line, check.column, {}))

    def expected(self) -> Iterator[Node]:
        """Everything that checks take, as it is written."""
        for check in replace(self, root=self.written).all_checks():
            yield from check.params.walk()

    def secret_names(self) -> set[str]:
        """The names under which the values of the secrets are known: a WireGuard pair has two."""
        names = set(self.secrets)
        for name, node in self.secrets.items():
            kind = node.get("kind")
            if kind and kind.text == "wireguard":
                names.add(f"{name}_public")
        return names

    def text_of(self, *path: str) -> tuple[PurePath, str | None, list[Problem]]:
        """The text of a file that ``lab.yml`` names: its name, its text if it can be read, and why not."""
        return self.text_at(self.root.get(*path))

    def text_at(self, node: Node | None) -> tuple[PurePath, str | None, list[Problem]]:
        """The same of the file that a node names."""
        name = PurePath(node.text if node and node.text else "")
        target = inside(self.folder, str(name)) if node and node.text else None
        if target is None or not target.is_file():
            return name, None, []
        text, problems = try_text(target, name)
        return name, text, problems


def interface(node: Node | None) -> IPv4Interface | None:
    """An address with its prefix, when the node holds one."""
    try:
        return IPv4Interface(node.text) if node and node.text and "/" in node.text else None
    except ValueError:
        return None


def subnet(node: Node | None) -> IPv4Network | None:
    """A network, when the node holds one."""
    try:
        return IPv4Network(node.text) if node and node.text else None
    except ValueError:
        return None


def number(node: Node | None) -> Decimal | None:
    """Points, when the node holds a number."""
    if node is None or isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
        return None
    return Decimal(str(node.value))
