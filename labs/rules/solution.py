"""The reference solution: an Ansible playbook whose tags are the tasks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from labs.folder import inside
from labs.nodes import Node, read_yaml
from labs.problems import Problem, one_of
from labs.rules.devices import on_device
from labs.rules.draft import Draft
from labs.text import Text

_ALWAYS = {"always", "never"}
_GROUPS = {"all", "localhost"}


def solution_covers_the_tasks(draft: Draft) -> Iterator[Problem]:
    """Each task has a tag in the solution, each tag is a task, and plays are for machines of the lab."""
    file, text, _ = draft.text_of("solution", "playbook")
    if text is None:
        return
    path = inside(draft.folder, str(file))
    if path is None:
        return
    root, problems = read_yaml(path, file, tags=True)
    yield from problems
    if root is None:
        return
    tags = list(_tags(root))
    tasks = {found.text: found for task in draft.tasks if (found := task.get("id")) is not None and found.text}
    done = {name for name, _ in tags}
    for name, place in tasks.items():
        if name not in done:
            yield draft.problem(
                "task-without-solution",
                place,
                Text(f"aucune étape de {file} ne porte l'étiquette « {name} »", f"no step of {file} has tag “{name}”"),
            )
    for name, node in tags:
        if name not in tasks and name not in _ALWAYS:
            yield Problem(
                "tag-without-task",
                file,
                node.line,
                node.column,
                Text(f"l'étiquette « {name} » n'est pas une tâche du sujet", f"tag “{name}” is no task of the lab"),
                one_of(tasks, name),
            )
    yield from plays_are_for_machines(draft, root, file)


def plays_are_for_machines(draft: Draft, root: Node, file: PurePath) -> Iterator[Problem]:
    """The plays of a playbook are for machines of the lab."""
    for play in root.items:
        hosts = play.get("hosts")
        for name in (hosts.text or "").replace(",", ":").split(":") if hosts else []:
            if hosts and name.strip() in draft.devices:
                yield on_device(name.strip(), hosts, file)
            if name.strip() and name.strip() not in draft.machines and name.strip() not in _GROUPS:
                yield Problem(
                    "unknown-machine",
                    file,
                    hosts.line if hosts else 1,
                    hosts.column if hosts else 1,
                    Text(f"machine inconnue « {name.strip()} »", f"unknown machine “{name.strip()}”"),
                    one_of(draft.machines, name.strip()),
                )


def _tags(root: Node) -> Iterator[tuple[str, Node]]:
    """Every tag of plays, blocks and steps: a list or words separated by commas."""
    for node in root.walk():
        tags = node.get("tags")
        if tags is None:
            continue
        for item in [tags] if tags.text else tags.items:
            for name in (item.text or "").split(","):
                if name.strip():
                    yield name.strip(), item
