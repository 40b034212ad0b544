"""The criteria that tasks, checks and incidents say they are evidence for."""

from __future__ import annotations

from collections.abc import Iterator

from labs.nodes import Node
from labs.problems import Problem, one_of
from labs.referential import load_referential, referential_names
from labs.rules.draft import Draft
from labs.text import Text


def criteria_fit(draft: Draft) -> Iterator[Problem]:
    """A criterion is one of the competency beside it, and a machine can show at least a part of it."""
    place = draft.root.get("referential")
    if place is None or place.text not in referential_names():
        return
    seen_by = {name: item.seen_by for name, item in load_referential(place.text).criteria().items()}
    for node, competency in _named(draft):
        found = node.get("criterion")
        if found is None or found.text is None or competency is None:
            continue
        if found.text not in seen_by or not found.text.startswith(f"{competency}."):
            yield draft.problem(
                "unknown-criterion",
                found,
                Text(
                    f"{competency} n'a pas de critère « {found.text} »", f"{competency} has no criterion “{found.text}”"
                ),
                one_of((name for name in seen_by if name.startswith(f"{competency}.")), found.text),
            )
        elif seen_by[found.text] == "person":
            yield draft.problem(
                "criterion-for-people",
                found,
                Text(
                    f"seule une personne peut voir le critère {found.text} : aucune machine n'en prouve rien",
                    f"only a person can see criterion {found.text}: no machine proves anything of it",
                ),
            )


def _named(draft: Draft) -> Iterator[tuple[Node, str | None]]:
    """Every task, check and incident, with the competency that it is evidence for."""
    for incident in draft.incidents:
        yield incident, _text(incident.get("competency"))
    for task in draft.tasks:
        whole = _text(task.get("competency"))
        yield task, whole
        checks = task.get("checks")
        for check in checks.items if checks else []:
            yield check, _text(check.get("competency")) or whole


def _text(node: Node | None) -> str | None:
    return node.text if node is not None else None
