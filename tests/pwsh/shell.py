"""PowerShell itself: our scripts run in it, with stand-ins for what only Windows has (README.md)."""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from checkers.channel import ExecResult
from checkers.dialect import Order
from checkers.facts import Raw
from checkers.probe import Probe, Question
from checkers.windows import powershell
from checkers.windows.dialect import WINDOWS
from checkers.windows.twin import source
from checkers.windows.twins.catalog import TWINS

STANDINS = Path(__file__).parent / "standins"
TYPES = {
    "Microsoft.Win32.RegistryKey": "Key",
    "Microsoft.Win32.Registry": "Registry",
    "Security.Principal.SecurityIdentifier": "SecurityIdentifier",
    "Security.Principal.NTAccount": "NTAccount",
    "Security.Principal.IdentityNotMappedException": "IdentityNotMappedException",
    "Security.AccessControl.RawSecurityDescriptor": "RawSecurityDescriptor",
    "DirectoryServices.DirectoryEntry": "DirectoryEntry",
    "DirectoryServices.DirectorySearcher": "DirectorySearcher",
    "DirectoryServices.SearchScope": "SearchScope",
    "DirectoryServices.ReferralChasingOption": "ReferralChasingOption",
    "DirectoryServices.SecurityMasks": "SecurityMasks",
    "ADSI": "Adsi",
    "IO.DriveInfo": "Drive",
    "IO.Path": "WindowsPath",
    "IO.File": "Files",
    "IO.Directory": "Folders",
    "Net.Dns": "Dns",
    "Net.Sockets.UdpClient": "UdpClient",
    "Net.Sockets.TcpClient": "TcpClient",
    "Net.NetworkInformation.Ping": "Ping",
    "Threading.EventWaitHandle": "EventWaitHandle",
}
"""Types that .NET has only on Windows (or that know Windows' paths only there), and which of ours plays them."""
_TYPE = re.compile(r"(?<=\[|\s)(?:" + "|".join(map(re.escape, TYPES)) + r")(?=[\]\s])")
_PATIENCE_S = 600
"""A busy machine compiles the stand-ins slowly; a question's own limit is the collector's to keep."""
_PROLOGUE = "$shell.AddScript($Prologue)"


def program() -> str:
    """The PowerShell to run. Fails the test where there is none: these tests are asked for by their mark."""
    found = os.environ.get("EPREUVE_PWSH") or shutil.which("pwsh")
    if not found:
        pytest.fail("these tests run our scripts in PowerShell 7: put pwsh on PATH or its path in EPREUVE_PWSH")
    return found


@dataclass(frozen=True)
class Case:
    """A question, and the Windows that is asked. answer: what it must say (its golden). bounds: arguments that are set
    lower, to be reached. fails: a command that is refused there. more: what else is so there, in PowerShell."""

    probe: Probe[Any]
    answer: Any
    work: Path
    bounds: Mapping[str, int] = field(default_factory=dict)
    fails: str = ""
    more: str = ""

    @property
    def script(self) -> str:
        return TWINS[type(self.probe)].script

    def standins(self) -> str:
        """The text that makes this Windows."""
        parts = {"Answer": self.answer, "Arguments": TWINS[type(self.probe)].arguments(self.probe)}
        lines = [f"$Standins = '{STANDINS}'", f"$Work = '{self.work}'"]
        for name, value in parts.items():
            packed = base64.b64encode(json.dumps(value).encode()).decode()
            text = f"[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('{packed}'))"
            lines.append(f"${name} = ConvertFrom-Json ({text})")
        lines += [f". '{STANDINS}/windows.ps1'", f". '{STANDINS}/{self.script}.ps1'"]
        if self.fails:
            lines.append(
                f"function {self.fails} {{ if (\"$args\" -notmatch '-ErrorAction:? *(SilentlyContinue|Ignore)') "
                "{ throw (New-Object UnauthorizedAccessException 'refused') } }"
            )
        return "\n" + "\n".join([*lines, self.more])


def ask(cases: Sequence[Case], environment: Mapping[str, str] | None = None) -> dict[int, Raw]:
    """The answers of all cases, by their numbers, asked at once as the dialect asks a machine."""
    order = WINDOWS.order([Question(f"case-{number}", one.probe) for number, one in enumerate(cases)])
    call = json.loads(gzip.decompress(base64.b64decode(order.stdin)))
    batch = json.loads(call["arguments"]["Batch"])
    for question, case in zip(batch["questions"], cases, strict=True):
        question["script"] = with_types(question["script"])
        question["arguments"].update(case.bounds)
        question["standins"] = case.standins()
    call["arguments"]["Batch"] = json.dumps(batch, ensure_ascii=False)
    assert call["script"] == source("collector")
    assert call["script"].count(_PROLOGUE) == 1
    call["script"] = _collector().replace(_PROLOGUE, "$shell.AddScript($Prologue + [string] $question.standins)")
    stdin = base64.b64encode(gzip.compress(json.dumps(call, ensure_ascii=False).encode())) + b"\n"
    return WINDOWS.answers(run(Order(order.argv, stdin, order.timeout_s), environment), len(cases))


def collect(scripts: Sequence[str], limit_s: int = 20, environment: Mapping[str, str] | None = None) -> dict[int, Raw]:
    """What the collector answers to scripts of a test, each with this time limit."""
    questions = [
        {"id": number, "limit": limit_s, "script": f"param(\n)\n{text}", "arguments": {}}
        for number, text in enumerate(scripts)
    ]
    given = {"Batch": json.dumps({"questions": questions}, ensure_ascii=False), "AnswerLimit": 1000}
    order = Order(powershell.argv(), powershell.stdin(_collector(), given), 120.0)
    return WINDOWS.answers(run(order, environment), len(scripts))


def _collector() -> str:
    """The collector as it runs in 5.1, as far as 7 can tell."""
    parameters, rest = source("collector").split("\n)\n", 1)
    return f"{parameters}\n)\n. '{STANDINS}/five.ps1'\n{rest}"


def with_types(script: str) -> str:
    """A script with the stand-ins of types that are not here."""
    return _TYPE.sub(lambda found: f"Standin.{TYPES[found[0]]}", script)


def run(order: Order, environment: Mapping[str, str] | None = None) -> ExecResult:
    """What PowerShell here answers to an order for a Windows machine."""
    argv = [program(), *order.argv[1:]]
    # fmt: off
    done = subprocess.run(
        argv, input=order.stdin, capture_output=True, timeout=max(order.timeout_s, _PATIENCE_S), check=False,
        env={**os.environ, **(environment or {})},
    )
    # fmt: on
    return ExecResult(exit_code=done.returncode, stdout=done.stdout, stderr=done.stderr)
