"""The steps of a lab's playbooks: each does something.

A module that stands one level too deep is no fault of YAML: the step has variables and no module, and Ansible refuses
the whole playbook, on the day it is played.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from labs.folder import inside
from labs.nodes import Node, read_yaml
from labs.problems import Problem
from labs.rules.draft import Draft
from labs.text import Text

_LISTS = ("tasks", "pre_tasks", "post_tasks", "handlers")
_BLOCKS = ("block", "rescue", "always")
_KEYWORDS = (
    "any_errors_fatal args async async_val become become_exe become_flags become_method become_user changed_when "
    "check_mode collections connection debugger delay delegate_facts delegate_to diff environment failed_when "
    "ignore_errors ignore_unreachable listen loop loop_control loop_with module_defaults name no_log notify poll port "
    "register remote_user retries run_once tags throttle timeout until vars when"
)
"""What a step may have besides its module (Ansible's playbook keywords)."""


def steps_do_something(draft: Draft) -> Iterator[Problem]:
    """Every step of the set-up, the solution and the incidents has a module."""
    prepares = (machine.get("prepare") for machine in draft.machines.values())
    for node in (draft.root.get("solution", "playbook"), *prepares, *draft.changes("playbook")):
        path = inside(draft.folder, node.text) if node and node.text else None
        if path is None or not path.is_file():
            continue  # told already
        file = path.relative_to(draft.folder.resolve())
        root, _ = read_yaml(path, file, tags=True)
        for play in root.items if root else []:
            for name in _LISTS:
                yield from _idle(play.get(name), file)


def _idle(steps: Node | None, file: PurePath) -> Iterator[Problem]:
    for step in steps.items if steps else []:
        if any(name in step.map for name in _BLOCKS):
            for name in _BLOCKS:
                yield from _idle(step.get(name), file)
        elif all(key in _KEYWORDS.split() or key.startswith("with_") for key in step.map):
            yield Problem(
                "step-without-module",
                file,
                step.line,
                step.column,
                Text("cette étape n'a pas de module : elle ne fait rien", "this step has no module: it does nothing"),
                Text(
                    "un module (« ansible.builtin.raw: … ») au même niveau que « name »",
                    "a module (“ansible.builtin.raw: …”) at the level of “name”",
                ),
            )
