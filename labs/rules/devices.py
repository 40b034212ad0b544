"""Physical machines: on a network and with a password that the lab has, and asked for nothing but to be looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from pydantic import ValidationError

from labs.device import CODE
from labs.nodes import Node
from labs.problems import Problem, one_of
from labs.rules.draft import Draft
from labs.text import Text


def devices_fit(draft: Draft) -> Iterator[Problem]:
    """Their networks and secrets are there, and a bench has a machine of its own besides."""
    for node in draft.devices.values():
        network = node.get("network")
        if network is not None and network.text is not None and network.text not in draft.networks:
            what = Text(f"réseau inconnu « {network.text} »", f"unknown network “{network.text}”")
            yield draft.problem("unknown-network", network, what, one_of(draft.networks, network.text))
        passwords = [
            name for name, one in draft.secrets.items() if (kind := one.get("kind")) and kind.text == "password"
        ]
        for secret in (node.get("secret"), node.get("enable")):
            if secret is not None and secret.text is not None and secret.text not in passwords:
                what = Text(f"mot de passe non déclaré « {secret.text} »", f"password “{secret.text}” is not declared")
                yield draft.problem("unknown-secret", secret, what, one_of(passwords, secret.text))
    if draft.devices and len(draft.devices) == len(draft.machines):
        yield draft.problem(
            "no-virtual-machine",
            draft.root.key("machines"),
            Text("ce sujet n'a que des machines physiques", "this lab has only physical machines"),
            Text("une machine virtuelle au moins", "at least one virtual machine"),
        )


def looks_at_device(draft: Draft, check: Node) -> bool:
    """Whether a check asks a physical machine, or what is heard of one: no mutant can make it fall."""
    kind, params = check.get("check"), check.get("with") or Node(check.line, check.column, {})
    found = draft.checks.get(kind.text) if kind is not None and kind.text else None
    if found is None or not isinstance(params.value, dict):
        return False
    try:
        asked = found.model_validate(params.plain()).questions()
    except ValidationError:  # told elsewhere
        return False
    return any(one.at.rpartition(":")[2] in draft.devices for one in asked)


def untouched(draft: Draft, node: Node | None, file: PurePath | None = None) -> Iterator[Problem]:
    """The fault of a node that names a physical machine where something would be run on it."""
    if node is not None and node.text is not None and node.text in draft.devices:
        yield on_device(node.text, node, file or draft.file)


def on_device(name: str, node: Node, file: PurePath) -> Problem:
    """The fault that something would be run on a physical machine."""
    return Problem(
        CODE,
        file,
        node.line,
        node.column,
        Text(
            f"« {name} » est une machine physique : Épreuve ne fait que la regarder",
            f"“{name}” is a physical machine: Épreuve only looks at it",
        ),
        Text("une machine virtuelle du sujet", "a virtual machine of the lab"),
    )
