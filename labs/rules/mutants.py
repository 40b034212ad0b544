"""Mutants: their machines and checks are the lab's, and together they show that each check can see something."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from labs.mutant import parse_mutants
from labs.nodes import Node
from labs.problems import Problem, one_of
from labs.rules.devices import looks_at_device, untouched
from labs.rules.draft import Draft
from labs.text import Text


def mutants_fit(draft: Draft) -> Iterator[Problem]:
    """The file is one of mutants; machines and checks that it names are the lab's; no two have one id."""
    file, root, problems = draft.mutants_file
    yield from problems
    if root is None:
        return
    yield from parse_mutants(root, file)[1]
    checks, first = _checks(draft), dict[str, Node]()
    for mutant in draft.mutants:
        on, own = mutant.get("on"), mutant.get("id")
        if on is not None and on.text is not None and on.text not in draft.machines:
            what = Text(f"machine inconnue « {on.text} »", f"unknown machine “{on.text}”")
            yield _problem(file, "unknown-machine", on, what, one_of(draft.machines, on.text))
        yield from untouched(draft, on, file)
        if own is not None and own.text and (before := first.setdefault(own.text, own)) is not own:
            yield _twice(file, own, before, Text("le mutant", "mutant"))
        yield from _flips_fit(draft, file, mutant, checks)


def mutants_are_enough(draft: Draft) -> Iterator[Problem]:
    """Each check is flipped by a mutant, and as many mutants flip something as there are checks.

    A lab that misses this can be used like one without mutants: it is not proved, that is all.
    """
    file, root, _ = draft.mutants_file
    if root is None:
        return
    checks = {name: place for name, (place, check) in _checks(draft).items() if not looks_at_device(draft, check)}
    flips = [{one.text for one in _flips(mutant)} & checks.keys() for mutant in draft.mutants]
    flipped = {name for names in flips for name in names}
    for name, place in checks.items():
        if name not in flipped:
            yield draft.problem(
                "check-without-mutant",
                place,
                Text(f"aucun mutant ne fait tomber « {name} »", f"no mutant flips “{name}”"),
                Text(f"un mutant dont « flips » nomme ce contrôle, dans {file}", f"one that names it, in {file}"),
            )
    able = sum(bool(names) for names in flips)
    if able < len(checks):
        yield _problem(
            file,
            "too-few-mutants",
            root.key("mutants"),
            Text(f"mutants qui font tomber un contrôle : {able}", f"mutants that flip a check: {able}"),
            Text(f"{len(checks)} au moins, autant que de contrôles", f"at least {len(checks)}, as many as checks"),
        )


def _flips_fit(draft: Draft, file: PurePath, mutant: Node, checks: dict[str, tuple[Node, Node]]) -> Iterator[Problem]:
    first: dict[str, Node] = {}
    for flip in _flips(mutant):
        name = flip.text or ""
        if name not in checks:
            what = Text(
                f"« {name} » n'est pas un contrôle d'une tâche du sujet", f"“{name}” is no check of a task of the lab"
            )
            yield _problem(file, "unknown-flip", flip, what, one_of(checks, name))
        elif looks_at_device(draft, checks[name][1]):
            what = Text(
                f"« {name} » regarde une machine physique : aucun mutant ne peut le faire tomber",
                f"“{name}” looks at a physical machine: no mutant can make it fall",
            )
            yield _problem(file, "flip-on-device", flip, what)
        elif (before := first.setdefault(name, flip)) is not flip:
            yield _twice(file, flip, before, Text("le contrôle", "check"))


def _twice(file: PurePath, node: Node, before: Node, noun: Text) -> Problem:
    what = Text(
        f"{noun.fr} « {node.text} » est déjà donné (ligne {before.line})",
        f"{noun.en} “{node.text}” is given already (line {before.line})",
    )
    return _problem(file, "duplicate-id", node, what)


def _problem(file: PurePath, code: str, node: Node, what: Text, allowed: Text | None = None) -> Problem:
    return Problem(code, file, node.line, node.column, what, allowed)


def _flips(mutant: Node) -> list[Node]:
    flips = mutant.get("flips")
    return [node for node in flips.items if node.text is not None] if flips else []


def _checks(draft: Draft) -> dict[str, tuple[Node, Node]]:
    """The id of every check of a task, and the check, by the id's text."""
    found = ((check.get("id"), check) for task in draft.tasks for check in (task.get("checks") or Node(1, 1)).items)
    return {node.text: (node, check) for node, check in found if node is not None and node.text}
