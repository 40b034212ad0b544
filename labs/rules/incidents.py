"""Incidents: their machines and checks are the lab's, their playbooks sound, their tickets do not tell the cause."""

from __future__ import annotations

from collections.abc import Iterator

from labs.folder import inside
from labs.nodes import Node, read_yaml
from labs.problems import Problem, one_of
from labs.rules.devices import untouched
from labs.rules.draft import Draft
from labs.rules.solution import plays_are_for_machines
from labs.text import Text


def incidents_fit(draft: Draft) -> Iterator[Problem]:
    """Every machine and check that incidents name is there, and no incident has the id of a task or a check."""
    taken = _ids(draft.tasks)
    checks = _ids([check for task in draft.tasks for check in _items(task, "checks")])
    proofs = _ids([proof for incident in draft.incidents for proof in _items(incident, "proof")])
    for incident in draft.incidents:
        yield from _own_id(draft, incident, {**proofs, **checks, **taken})
        for place in (("machine",), ("break", "on"), ("repair", "on")):
            yield from _machine(draft, incident.get(*place))
            yield from untouched(draft, incident.get(*place))
        for check in _items(incident, "affects"):
            if check.text is not None and check.text not in checks:
                yield draft.problem(
                    "unknown-affected",
                    check,
                    Text(
                        f"« {check.text} » n'est pas un contrôle d'une tâche du sujet",
                        f"“{check.text}” is no check of a task of the lab",
                    ),
                    one_of(checks, check.text),
                )


def tickets_keep_the_cause(draft: Draft) -> Iterator[Problem]:
    """What the candidate reads does not hold the title, which says the cause."""
    for incident in draft.incidents:
        title = incident.get("title")
        for key in ("subject", "text"):
            told = incident.get("ticket", key)
            if title and title.text and told and told.text and title.text.casefold() in told.text.casefold():
                yield draft.problem(
                    "ticket-tells-cause",
                    told,
                    Text(
                        "le ticket contient le titre, qui dit la cause",
                        "the ticket holds the title: it tells the cause",
                    ),
                    Text("les mots de l'utilisateur", "the user's words"),
                )


def changes_are_sound(draft: Draft) -> Iterator[Problem]:
    """The scripts and playbooks that break and repair can be read; plays are for machines of the lab."""
    for node in draft.changes("shell"):
        yield from draft.text_at(node)[2]
    for node in draft.changes("playbook"):
        path = inside(draft.folder, node.text or "")
        if path is None or not path.is_file():
            continue  # told already
        file = path.relative_to(draft.folder.resolve())
        root, problems = read_yaml(path, file, tags=True)
        yield from problems
        if root is not None:
            yield from plays_are_for_machines(draft, root, file)


def _own_id(draft: Draft, incident: Node, others: dict[str, Node]) -> Iterator[Problem]:
    found = incident.get("id")
    first = others.get(found.text) if found and found.text else None
    if found is not None and first is not None:
        yield draft.problem(
            "duplicate-id",
            found,
            Text(
                f"« {found.text} » est déjà le nom d'une tâche ou d'un contrôle (ligne {first.line})",
                f"“{found.text}” is already the id of a task or a check (line {first.line})",
            ),
        )


def _machine(draft: Draft, node: Node | None) -> Iterator[Problem]:
    if node is not None and node.text is not None and node.text not in draft.machines:
        yield draft.problem(
            "unknown-machine",
            node,
            Text(f"machine inconnue « {node.text} »", f"unknown machine “{node.text}”"),
            one_of(draft.machines, node.text),
        )


def _items(node: Node, key: str) -> list[Node]:
    found = node.get(key)
    return found.items if found else []


def _ids(nodes: list[Node]) -> dict[str, Node]:
    return {found.text: found for node in nodes if (found := node.get("id")) is not None and found.text}
