"""Checks: known, with parameters that fit, about machines, networks, secrets and tests that the lab has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from labs.faults import validation_problems
from labs.folder import inside
from labs.nodes import Node
from labs.problems import Problem, nearest, one_of
from labs.rules.draft import CheckDraft, CheckLike, Draft
from labs.text import Text

_TEST = re.compile(r"^(test_[a-z0-9_]+\.py)::(test_[A-Za-z0-9_]+)\Z")
_MACHINE_KEYS = ("on", "machine", "server", "client")
"""Parameters that name a machine; ``network`` names a network and ``…_secret`` a secret."""


def checks_fit(draft: Draft) -> Iterator[Problem]:
    """Every check exists, takes its parameters, and asks only places and names only things that the lab has."""
    for check in draft.all_checks():
        yield from _secrets(draft, check.params)
        yield from _test(draft, check.params)
        if check.kind is None or check.kind.text is None:
            continue
        found = draft.checks.get(check.kind.text)
        if found is None:
            yield draft.problem(
                "unknown-check",
                check.kind,
                Text(f"contrôle inconnu « {check.kind.text} »", f"unknown check “{check.kind.text}”"),
                one_of(draft.checks, check.kind.text),
            )
            continue
        yield from _parameters(draft, check, found)


def _parameters(draft: Draft, check: CheckDraft, kind: type[CheckLike]) -> Iterator[Problem]:
    if not isinstance(check.params.value, dict):
        return
    try:
        instance = kind.model_validate(check.params.plain())
    except ValidationError as error:
        if check.node.get("with") is None:
            yield from _no_parameters(draft, check, [str(one["loc"][0]) for one in error.errors() if one["loc"]])
        else:
            yield from validation_problems(error, check.params, draft.file, cast(type[BaseModel], kind))
        return
    told: set[tuple[str, str]] = set()
    for asked in instance.questions():
        yield from _place(draft, check, asked.at, told)
    yield from _families(draft, check, instance)
    yield from _named(draft, check, told)


def _families(draft: Draft, check: CheckDraft, instance: CheckLike) -> Iterator[Problem]:
    """Every machine that the check asks is of a kind to which its questions can be put."""
    deaf = {
        asked.at: family
        for asked in instance.questions()
        if (family := draft.family(asked.at)) is not None and family not in asked.families
    }
    for machine, family in deaf.items():
        yield draft.problem(
            "wrong-family",
            _where(check, machine),
            Text(
                f"ce contrôle ne sait pas interroger la machine « {machine} » (family: {family})",
                f"this check cannot ask machine “{machine}” (family: {family})",
            ),
            Text(
                "« epreuve lab docs » dit à quelles machines chaque contrôle peut s'appliquer",
                "“epreuve lab docs” says to which machines each check can be applied",
            ),
        )


def _no_parameters(draft: Draft, check: CheckDraft, needed: list[str]) -> Iterator[Problem]:
    """A check that says nothing of what it needs: told once; not at all when ``with`` is there, misspelt."""
    if any(nearest(key, ["with"]) for key in check.node.map):
        return
    keys = ", ".join(needed)
    yield draft.problem(
        "missing-key",
        check.node,
        Text("il manque la clé « with »", "key “with” is missing"),
        Text(f"with: avec au moins {keys}", f"with: and at least {keys}"),
    )


def _place(draft: Draft, check: CheckDraft, at: str, told: set[tuple[str, str]]) -> Iterator[Problem]:
    if at == "bench":
        return
    where, _, name = at.rpartition(":")
    kind = "network" if where == "wire" else "machine"
    yield from _known(draft, check, kind, name, told)


def _named(draft: Draft, check: CheckDraft, told: set[tuple[str, str]]) -> Iterator[Problem]:
    """Machines and networks named by the usual parameters, and whether the one is on the other."""
    network = _text(check.params, "network")
    machines = [name for key in _MACHINE_KEYS if (name := _text(check.params, key)) and "." not in name]
    if network:
        yield from _known(draft, check, "network", network, told)
    for machine in machines:
        yield from _known(draft, check, "machine", machine, told)
        if network and machine in draft.devices:
            yield draft.problem(
                "device-on-wire",
                _where(check, machine),
                Text(
                    f"le témoin du réseau « {network} » ne voit pas « {machine} » : c'est une machine physique",
                    f"the witness on network “{network}” does not see “{machine}”: it is a physical machine",
                ),
                Text("une machine virtuelle du sujet", "a virtual machine of the lab"),
            )
        elif network in draft.networks and machine in draft.machines:
            on = {nic.network for nic in draft.nics if nic.machine == machine and nic.network}
            if network not in on:
                yield draft.problem(
                    "not-on-network",
                    _where(check, network),
                    Text(
                        f"la machine « {machine} » n'est pas sur le réseau « {network} »",
                        f"machine “{machine}” is not on network “{network}”",
                    ),
                    one_of(on),
                )


def _known(draft: Draft, check: CheckDraft, kind: str, name: str, told: set[tuple[str, str]]) -> Iterator[Problem]:
    known: Any = draft.networks if kind == "network" else draft.machines
    if name in known or (kind, name) in told:
        return
    told.add((kind, name))
    what = (
        Text(f"réseau inconnu « {name} »", f"unknown network “{name}”")
        if kind == "network"
        else Text(f"machine inconnue « {name} »", f"unknown machine “{name}”")
    )
    yield draft.problem(f"unknown-{kind}", _where(check, name), what, one_of(known, name))


def _where(check: CheckDraft, name: str) -> Node:
    """The parameter that holds this name, or the check itself."""
    for node in check.params.walk():
        if node.text == name:
            return node
    return check.kind or check.node


def _text(params: Node, key: str) -> str | None:
    node = params.get(key)
    return node.text if node else None


def _secrets(draft: Draft, params: Node) -> Iterator[Problem]:
    names = draft.secret_names()
    for node in params.walk():
        for key, value in node.map.items():
            if key.endswith("_secret") and value.text is not None and value.text not in names:
                yield draft.problem(
                    "unknown-secret",
                    value,
                    Text(f"secret non déclaré « {value.text} »", f"secret “{value.text}” is not declared"),
                    one_of(names, value.text),
                )


def _test(draft: Draft, params: Node) -> Iterator[Problem]:
    """A test that a check names exists in the lab's folder of tests."""
    node, tests = params.get("test"), draft.root.get("tests")
    match = _TEST.match(node.text) if node and node.text else None
    if node is None or match is None:
        return
    path = inside(draft.folder, f"{tests.text}/{match[1]}") if tests and tests.text else None
    functions: list[str] = []
    if path is not None and path.is_file():
        try:
            tree = ast.parse(path.read_bytes())
        except SyntaxError as error:
            line = error.lineno or 1
            yield draft.problem(
                "unknown-test",
                node,
                Text(
                    f"{match[1]} n'est pas du Python : ligne {line} ({error.msg})",
                    f"{match[1]} is not Python: line {line} ({error.msg})",
                ),
            )
            return
        except (ValueError, RecursionError, MemoryError):
            tree = ast.Module([], [])
        functions = [item.name for item in tree.body if isinstance(item, ast.FunctionDef)]
    if match[2] not in functions:
        yield draft.problem(
            "unknown-test",
            node,
            Text(f"test introuvable « {node.text} »", f"test “{node.text}” not found"),
            one_of([f"{match[1]}::{name}" for name in functions if name.startswith("test_")], node.text or ""),
        )
