"""Ansible plays on Windows machines: the real plugins, Ansible's and ours, over a fake guest agent."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checkers.windows.powershell import argv
from orchestrator.playbooks import PlayResult, run_playbook
from tests.pwsh.shell import program as powershell

FAKE = Path(__file__).parent / "fake"
ROOT = Path(__file__).parents[3]
SECRET = "Tkhd=Rnfg=Gbjp"
Play = Callable[[str], PlayResult]


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Play:
    """Plays these tasks on a Windows machine whose agent is a folder of the test."""
    monkeypatch.setenv("FAKE_AGENT", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(FAKE), str(ROOT)]))

    def run(tasks: str) -> PlayResult:
        head = "- hosts: server\n  gather_facts: false\n  tasks:\n"
        (tmp_path / "play.yml").write_text(head + tasks, encoding="utf-8")
        return run_playbook(
            tmp_path / "play.yml",
            domains={"server": "bench-server"},
            uri="test:///default",
            families={"server": "windows"},
            variables={"secrets": {"initial": SECRET}},
        )

    return run


def programs(folder: Path) -> list[dict[str, Any]]:
    """What the agent was asked to run."""
    return [json.loads(line) for line in (folder / "programs").read_text().splitlines()]


TEXT = """\
    - name: A text
      vars:
        do: |
          # Ne sert qu'au mode de réparation
          '{{ secrets.initial }} $x "it''s" élève'
      ansible.builtin.raw: "{{ do }}"
      register: done
    - ansible.builtin.assert: { that: "secrets.initial in done.stdout and 'élève' in done.stdout" }
    - name: One that fails
      ansible.builtin.raw: throw 'no'
"""


def test_a_text_is_read_from_standard_input_whatever_stands_in_it(play: Play, tmp_path: Path) -> None:
    done = play(TEXT)
    assert len(done.failed) == 1, done.log
    assert "One that fails: non-zero return code throw 'no'" in done.failed[0]
    lines = [[program["path"], *program["arg"]] for program in programs(tmp_path)]
    assert lines == [argv()] * 2, "one fixed line: nothing of a text is in the list of processes"


WAIT = "    - ansible.builtin.wait_for_connection: { sleep: 0, timeout: 60 }\n"


def test_a_machine_that_starts_again_is_waited_for(play: Play, tmp_path: Path) -> None:
    (tmp_path / "silent").write_text("3")
    done = play(WAIT)
    assert done.ok, done.log
    assert (tmp_path / "silent").read_text() == "0"
    assert b"input-data" in (tmp_path / "programs").read_bytes()


def test_a_machine_that_is_busy_is_asked_again(play: Play, tmp_path: Path) -> None:
    (tmp_path / "silent-while-it-runs").write_text("1")
    assert play("    - ansible.builtin.raw: '1'\n").ok
    assert (tmp_path / "silent-while-it-runs").read_text() == "0"


def test_a_restart_is_over_when_another_start_answers(play: Play, tmp_path: Path) -> None:
    done = play("    - ansible.windows.win_reboot: { reboot_timeout: 60 }\n")
    assert done.ok, done.log
    assert (tmp_path / "starts").read_text() == "2"
    assert (tmp_path / "silent").read_text() == "0"


@pytest.mark.long
def test_a_text_in_powershell(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules cannot be run here: Ansible's own wrapper needs types that PowerShell has on Windows only."""
    monkeypatch.setenv("FAKE_AGENT_PWSH", powershell())
    done = play(TEXT.replace("throw 'no'", "throw 'élan'"))
    assert len(done.failed) == 1, done.log
    assert "élan" in done.failed[0]
