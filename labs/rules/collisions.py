"""No two values collide: whatever is drawn, no name, address or SSID means two things in one lab or to two candidates.

Texts are compared as directories, DNS and people do: without case, without spaces around; addresses by themselves,
without a prefix. A number in a value that has parts may be another's, too: channels and lengths are few.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Interface, NetmaskValueError

from labs.nodes import Node
from labs.placeholders import PLACEHOLDER
from labs.problems import Problem
from labs.rules.draft import Draft
from labs.rules.variants import value_nodes
from labs.text import Text


@dataclass(frozen=True)
class _Said:
    """A text of a value. number: of the value, from 1."""

    variant: str
    number: int
    node: Node

    @property
    def whose(self) -> tuple[str, int]:
        return self.variant, self.number


def values_differ(draft: Draft) -> Iterator[Problem]:
    """No two values of one variant are the same, nor two that different variants may draw at once."""
    seen: dict[str, _Said] = {}
    for said in _texts(draft):
        before = seen.setdefault(_as_compared(str(said.node.value)), said)
        if before.whose != said.whose:
            yield draft.problem(
                "variant-collision",
                said.node,
                Text(
                    f"« {said.node.value} » est déjà dans la valeur n° {before.number} de « {before.variant} » "
                    f"(ligne {before.node.line})",
                    f"“{said.node.value}” is in value number {before.number} of “{before.variant}” already "
                    f"(line {before.node.line})",
                ),
            )


def values_are_free(draft: Draft) -> Iterator[Problem]:
    """No value is an address, a hardware address or a name that the lab gives to something for everybody."""
    fixed = {_as_compared(text): node for text, node in _fixed(draft)}
    for said in _texts(draft):
        taken = fixed.get(_as_compared(str(said.node.value)))
        if taken is not None:
            yield draft.problem(
                "variant-collision",
                said.node,
                Text(
                    f"« {said.node.value} » est déjà pris dans ce sujet, pour tous (ligne {taken.line})",
                    f"“{said.node.value}” is taken in this lab already, for everybody (line {taken.line})",
                ),
            )


def _texts(draft: Draft) -> Iterator[_Said]:
    for name in draft.variants:
        for number, node in enumerate(value_nodes(draft, name), start=1):
            if not node.map:
                yield _Said(name, number, node)
            for part in node.map.values():
                if part.text is not None:
                    yield _Said(name, number, part)


def _fixed(draft: Draft) -> Iterator[tuple[str, Node]]:
    """What is the same for everybody: names of machines, addresses of cards and witnesses, addresses that checks
    expect."""
    for name in draft.machines:
        yield name, draft.place_of_key("machines", name)
    cards = [node for nic in draft.nics for node in (nic.node.get("address"), nic.node.get("mac"))]
    witnesses = [network.get("witness") for network in draft.networks.values()]
    for node in (*cards, *witnesses):
        if node is not None and node.text is not None:
            yield node.text, node
    for node in draft.expected():
        if node.text is not None and not PLACEHOLDER.search(node.text) and _address(node.text):
            yield node.text, node


def _as_compared(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).strip().casefold()
    return _address(folded) or folded


def _address(text: str) -> str | None:
    """An address without its prefix; None when it is none, or that of a whole network."""
    try:
        found = IPv4Interface(text)
    except (AddressValueError, NetmaskValueError, ValueError):
        return None
    return None if found.ip == found.network.network_address and found.network.prefixlen < 31 else str(found.ip)
