"""Networks, cards, addresses, images."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from labs.nodes import Node
from labs.problems import Problem, one_of
from labs.rules.draft import Draft, interface, subnet
from labs.text import Text


def networks_and_addresses(draft: Draft) -> Iterator[Problem]:
    """Cards are on networks that exist; addresses belong to them; nothing is given twice on one network."""
    subnets = {name: subnet(node.get("subnet")) for name, node in draft.networks.items()}
    addresses: dict[tuple[str, IPv4Address], Node] = {}
    macs: dict[tuple[str, str], Node] = {}
    yield from _overlaps(draft, subnets)
    for name, node in draft.networks.items():
        witness = node.get("witness")
        yield from _address(draft, name, subnets[name], witness, interface(witness), addresses)
    for nic in draft.nics:
        place = nic.node.get("network")
        if nic.network is None or place is None:
            continue
        if nic.network not in draft.networks:
            yield draft.problem(
                "unknown-network",
                place,
                Text(f"réseau inconnu « {nic.network} »", f"unknown network “{nic.network}”"),
                one_of(draft.networks, nic.network),
            )
        yield from _address(
            draft, nic.network, subnets.get(nic.network), nic.node.get("address"), nic.address, addresses
        )
        mac = nic.node.get("mac")
        if nic.mac and mac:
            first = macs.setdefault((nic.network, nic.mac), mac)
            if first is not mac:
                yield draft.problem(
                    "duplicate-mac",
                    mac,
                    Text(
                        f"l'adresse matérielle {nic.mac} est déjà prise sur le réseau « {nic.network} » "
                        f"(ligne {first.line})",
                        f"hardware address {nic.mac} is already taken on network “{nic.network}” (line {first.line})",
                    ),
                )


def _address(
    draft: Draft,
    network: str,
    expected: IPv4Network | None,
    place: Node | None,
    found: IPv4Interface | None,
    taken: dict[tuple[str, IPv4Address], Node],
) -> Iterator[Problem]:
    if place is None or found is None:
        return
    if expected is not None and (
        found.network != expected or found.ip in (expected.network_address, expected.broadcast_address)
    ):
        hosts = f"{expected.network_address + 1}–{expected.broadcast_address - 1}"
        yield draft.problem(
            "address-outside",
            place,
            Text(
                f"l'adresse {found} n'est pas une adresse d'hôte du réseau « {network} »",
                f"address {found} is no host address of network “{network}”",
            ),
            Text(f"{hosts}, avec /{expected.prefixlen}", f"{hosts}, with /{expected.prefixlen}"),
        )
    first = taken.setdefault((network, found.ip), place)
    if first is not place:
        yield draft.problem(
            "duplicate-address",
            place,
            Text(
                f"l'adresse {found.ip} est déjà prise sur le réseau « {network} » (ligne {first.line})",
                f"address {found.ip} is already taken on network “{network}” (line {first.line})",
            ),
        )


def _overlaps(draft: Draft, subnets: dict[str, IPv4Network | None]) -> Iterator[Problem]:
    seen: list[tuple[str, IPv4Network]] = []
    for name, found in subnets.items():
        place = draft.networks[name].get("subnet")
        if found is None or place is None:
            continue
        for other, earlier in seen:
            if found.overlaps(earlier):
                yield draft.problem(
                    "overlapping-networks",
                    place,
                    Text(
                        f"{found} recouvre {earlier}, le réseau « {other} »",
                        f"{found} overlaps {earlier}, network “{other}”",
                    ),
                )
        seen.append((name, found))


def known_images(draft: Draft) -> Iterator[Problem]:
    """Every machine boots from an image that exists."""
    for node in draft.machines.values():
        image = node.get("image")
        if image and image.text is not None and image.text not in draft.images:
            yield draft.problem(
                "unknown-image",
                image,
                Text(f"image inconnue « {image.text} »", f"unknown image “{image.text}”"),
                one_of(draft.images, image.text),
            )
