"""Identifiers, points, competencies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from labs.nodes import Node
from labs.problems import Problem, one_of
from labs.referential import load_referential, referential_names
from labs.rules.draft import Draft, number
from labs.text import Text


def unique_ids(draft: Draft) -> Iterator[Problem]:
    """No two tasks, checks (proofs are some) or incidents have one id: verdicts, reports and solutions go by them."""
    checks = [check.node for check in draft.all_checks()]
    yield from _unique(draft, draft.tasks, Text("la tâche", "task"))
    yield from _unique(draft, checks, Text("le contrôle", "check"))
    yield from _unique(draft, draft.incidents, Text("l'incident", "incident"))


def _unique(draft: Draft, nodes: Iterable[Node], noun: Text) -> Iterator[Problem]:
    seen: dict[str, Node] = {}
    for node in nodes:
        found = node.get("id")
        if found is None or found.text is None:
            continue
        first = seen.setdefault(found.text, found)
        if first is not found:
            yield draft.problem(
                "duplicate-id",
                found,
                Text(
                    f"{noun.fr} « {found.text} » existe déjà (ligne {first.line})",
                    f"{noun.en} “{found.text}” already exists (line {first.line})",
                ),
            )


def points_add_up(draft: Draft) -> Iterator[Problem]:
    """A task is worth the sum of its checks, the lab the sum of its tasks."""
    totals: list[Decimal | None] = []
    for task in draft.tasks:
        checks = task.get("checks")
        yield from _sum(
            draft,
            task.get("points"),
            [number(check.get("points")) for check in (checks.items if checks else [])],
            Text("les contrôles de cette tâche", "the checks of this task"),
        )
        totals.append(number(task.get("points")))
    yield from _sum(draft, draft.root.get("points"), totals, Text("les tâches du sujet", "the tasks of the lab"))


def _sum(draft: Draft, place: Node | None, parts: list[Decimal | None], noun: Text) -> Iterator[Problem]:
    declared = number(place)
    known = [part for part in parts if part is not None]
    if place is None or declared is None or len(known) != len(parts) or not parts:
        return
    total = sum(known, Decimal(0))
    if total != declared:
        shown = f"{total.normalize():f}"
        yield draft.problem(
            "points",
            place,
            Text(
                f"{declared} point(s) annoncé(s), mais {noun.fr} en font {shown}",
                f"{declared} point(s) declared, but {noun.en} make {shown}",
            ),
            Text(shown, shown),
        )


def known_competencies(draft: Draft) -> Iterator[Problem]:
    """The referential is one that is shipped, and it holds every competency that tasks, checks and incidents name."""
    place = draft.root.get("referential")
    if place is None or place.text is None:
        return
    if place.text not in referential_names():
        yield draft.problem(
            "unknown-referential",
            place,
            Text(f"référentiel inconnu « {place.text} »", f"unknown referential “{place.text}”"),
            one_of(referential_names(), place.text),
        )
        return
    known = load_referential(place.text).competencies()
    for node in [*draft.tasks, *(check.node for check in draft.all_checks()), *draft.incidents]:
        found = node.get("competency")
        if found is not None and found.text is not None and found.text not in known:
            yield draft.problem(
                "unknown-competency",
                found,
                Text(
                    f"la compétence « {found.text} » n'existe pas dans {place.text}",
                    f"competency “{found.text}” does not exist in {place.text}",
                ),
                one_of(known, found.text),
            )
