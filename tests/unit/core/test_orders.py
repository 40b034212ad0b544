"""What is run on each kind of machine: in its language, with what it may use in its environment alone."""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
from typing import Any, get_args

import pytest

from checkers.channel import Program
from checkers.families import DIALECTS
from labs.model import Machine
from orchestrator.orders import QUESTIONS, SCRIPTS, WHICH_START

SECRET = "p'a\"s$w`ord é"


def call(order: Program) -> dict[str, Any]:
    """The script and its arguments as PowerShell reads them from standard input."""
    read: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(order.stdin)))
    return read


@pytest.mark.parametrize("known", [SCRIPTS, QUESTIONS, WHICH_START], ids=["scripts", "questions", "starts"])
def test_every_kind_of_machine_can_be_told(known: dict[str, object]) -> None:
    assert set(known) == set(get_args(Machine.model_fields["family"].annotation)) <= set(DIALECTS)


@pytest.mark.parametrize("family", sorted(SCRIPTS))
def test_a_secret_is_in_no_list_of_processes(family: str) -> None:
    assert SECRET not in " ".join(SCRIPTS[family]("true", {"INITIAL": SECRET}).argv)


def test_a_shell_script_finds_its_environment_and_answers_with_its_status() -> None:
    order = SCRIPTS["linux"]('[ "$INITIAL" = "$1" ] || printf %s "$INITIAL"; exit 7', {"INITIAL": SECRET})
    done = subprocess.run(order.argv, input=order.stdin, capture_output=True, check=False)
    assert (done.returncode, done.stderr.decode()) == (7, SECRET)


def test_a_powershell_script_is_handed_over_whole() -> None:
    order = SCRIPTS["windows"]("exit 7", {"INITIAL": SECRET})
    assert call(order)["arguments"] == {"Body": "exit 7", "Environment": {"INITIAL": SECRET}}
    assert all(argument.isascii() for argument in order.argv)


def test_a_windows_machine_is_ready_when_the_command_says_true() -> None:
    body = call(QUESTIONS["windows"]("Test-Path C:\\ready"))["arguments"]["Body"]
    assert body == "if (-not (& { Test-Path C:\\ready })) { exit 1 }"
