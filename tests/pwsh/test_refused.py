"""A command that Windows refuses makes the question fail: nothing that was not read is taken for "there is none"."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from checkers.facts import Raw
from checkers.windows.twin import source
from tests.pwsh.shell import STANDINS, Case, ask
from tests.pwsh.test_answers import FILES, case, comparable

pytestmark = pytest.mark.long

RICHEST = {file.parent.name: file for file in sorted(FILES, key=lambda file: file.stat().st_size)}
_FUNCTION = re.compile(r"^function ([A-Z]\w+-\w+)", re.MULTILINE)
ABSENT = "Get-Service", "Get-ItemProperty", "Get-LocalGroup"
"""Asked for one thing by its name, with -ErrorAction SilentlyContinue: what is not there is no error of theirs."""
TOLD = {
    ("dhcp-config", "Get-DhcpServerInDC"): '"listed":null',
    ("dhcp-config", "Get-DhcpServerv4Failover"): '"trouble":["refused"]',
    ("dhcp-config", "Get-DhcpServerv4OptionValue"): '"trouble":["refused"',
    ("dhcp-config", "Get-DhcpServerv4Policy"): '"trouble":["refused"',
    # A virtual disk that is not attached has no disk, a reserved partition no volume.
    ("raid", "Get-Disk"): '"offline":true',
    ("raid", "Get-Volume"): '"file_system":""',
    # Nobody is signed in.
    ("printers", "Get-ChildItem"): '"users":[]',
}
"""Commands whose refusal is told in the answer, and how."""


def commands(script: str) -> list[str]:
    """The commands of Windows that a script uses and a stand-in plays."""
    text = source(script)
    files = [STANDINS / "windows.ps1", STANDINS / f"{script}.ps1", *STANDINS.glob("*-common.ps1")]
    played = "".join(file.read_text("utf-8") for file in files)
    own = set(_FUNCTION.findall(text)) | {"New-Object", "Join-Path"}
    return sorted(
        name for name in set(_FUNCTION.findall(played)) - own if re.search(rf"(?<![\w-]){name}(?![\w-])", text)
    )


PAIRS = [(name, command) for name in RICHEST for command in commands(name)]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Raw]:
    folder = tmp_path_factory.mktemp("refused")
    cases: list[Case] = [
        replace(case(RICHEST[name], folder / f"{name}-{command}"), fails=command) for name, command in PAIRS
    ]
    status = {"STANDIN_NETLOGON": str(folder / "netlogon")}
    return dict(zip(PAIRS, ask(cases, status).values(), strict=True))


@pytest.mark.parametrize(("name", "command"), PAIRS, ids=[f"{name}/{command}" for name, command in PAIRS])
def test_a_refused_command(name: str, command: str, answers: dict[tuple[str, str], Raw]) -> None:
    raw = answers[name, command]
    if raw.exit_code == 1:
        assert raw.stderr.startswith("refused")
    elif (name, command) in TOLD:
        assert TOLD[name, command] in raw.stdout
    elif not (command in ABSENT and "-ErrorAction SilentlyContinue" in source(name)):
        golden = json.loads(RICHEST[name].read_text("utf-8"))["answer"]
        assert comparable(json.loads(raw.stdout)) == comparable(golden), "it was not needed here"
