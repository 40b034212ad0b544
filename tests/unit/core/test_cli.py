"""The command line as a user meets it: help that teaches, errors that say what to do, never a stack trace."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestrator.cli import COMMANDS

ROOT = Path(__file__).parents[3]


def epreuve(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "orchestrator", *arguments],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


_ALL_HELP = """
import contextlib, io, json
from orchestrator.cli import COMMANDS, group
told = {}
for name in ("", *COMMANDS):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        group.main([*filter(None, [name]), "--help"], prog_name="epreuve", standalone_mode=False)
    told[name] = out.getvalue()
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    """The help of every command, from one process: each is tried in its own in French."""
    environment = {**os.environ, "COLUMNS": "200", "EPREUVE_LANG": "en"}
    argv = [sys.executable, "-c", _ALL_HELP]
    done = subprocess.run(argv, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=True)
    told: dict[str, str] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_command_has_help_in_both_languages(command: str, english: dict[str, str]) -> None:
    french = epreuve(*filter(None, [command]), "--help")
    assert french.returncode == 0
    assert french.stdout != english[command]
    assert "Usage" in english[command]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["nothing"], 2, "No such command"),
        (["lab", "show", "no-such-lab"], 2, "tai-complet"),
        (["judge", "pyproject.toml"], 1, "observation"),
        (["bench", "destroy"], 2, "--all"),
        (["bench", "run", "a/b"], 2, "--solution"),
    ],
)
def test_errors_are_sentences_with_what_to_do(arguments: list[str], code: int, says: str) -> None:
    done = epreuve(*arguments)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_lint_shows_every_fault_and_exits_with_3(tmp_path: Path) -> None:
    (tmp_path / "lab.yml").write_text("id: x\nverzion: 1\n")
    done = epreuve("lab", "lint", str(tmp_path))
    assert done.returncode == 3
    assert "lab.yml:2:1" in done.stdout
    assert "version" in done.stdout


def test_lists_speak_json() -> None:
    labs = json.loads(epreuve("lab", "list", "--json").stdout)
    assert "tai-complet" in [lab["id"] for lab in labs]
    assert json.loads(epreuve("lab", "lint", "tai-complet", "--json").stdout) == []


def test_a_broken_pipe_is_no_error_message() -> None:
    script = f"{sys.executable} -m orchestrator lab show tai-complet --json | head -c 10"
    done = subprocess.run(["/bin/sh", "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr
