"""The playbooks of tai-windows, which no Windows has played yet."""

from __future__ import annotations

import pytest

from tests.unit.checkers.windows.texts import playbooks

TASKS = [(file, task) for file, plays in playbooks().items() for play in plays for task in play["tasks"]]


@pytest.mark.parametrize(("file", "task"), TASKS, ids=[f"{file}-{task['name']}" for file, task in TASKS])
def test_a_task_does_one_thing(file: str, task: dict[str, object]) -> None:
    """Ansible refuses the whole file for a task that does nothing."""
    assert len([key for key in task if key.startswith("ansible.builtin.")]) == 1
