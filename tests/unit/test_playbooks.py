"""Playbooks are run by ansible-runner; what it takes from the process is given back."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from orchestrator.playbooks import run_playbook
from tests.awaiting import await_

PLAY = """\
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.command: "{command}"
"""


def test_signals_are_ours_again_after_a_playbook(tmp_path: Path) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    (tmp_path / "play.yml").write_text(PLAY.format(command="/bin/true"))
    assert run_playbook(tmp_path / "play.yml", domains={}, uri="test:///default").ok
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_a_signal_ends_the_playbook_and_then_us(tmp_path: Path) -> None:
    (tmp_path / "play.yml").write_text(PLAY.format(command=f"sh -c 'kill -INT {os.getpid()}; sleep 600'"))
    with pytest.raises(KeyboardInterrupt):
        run_playbook(tmp_path / "play.yml", domains={}, uri="test:///default")
    await_(lambda: all(str(tmp_path) not in command_line(one) for one in Path("/proc").glob("[0-9]*")), "its end")


def command_line(process: Path) -> str:
    try:
        return (process / "cmdline").read_text(errors="replace")
    except OSError:
        return ""
