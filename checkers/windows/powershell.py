"""Running PowerShell text on a Windows machine, whatever the channel: one program, and the text on its standard input.

Only a fixed line stands in the process' arguments (``-EncodedCommand``): it reads base64 of a gzip of UTF-8 JSON from
standard input and runs the script in it. So there is no limit of a command line, nothing to quote, and neither
questions nor secrets are ever seen in a list of processes. What it writes is UTF-8, where Windows would take the code
page of its language, and why it failed is a line of text, where PowerShell writes XML after an encoded command.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from typing import Any

POWERSHELL = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe"
"""Windows PowerShell 5.1, part of every Windows since 2016. By its path: a candidate may put another before it."""

_BOOTSTRAP = r"""
$ProgressPreference = 'SilentlyContinue'
try { [Console]::OutputEncoding = New-Object Text.UTF8Encoding $false } catch { }
$packed = New-Object IO.MemoryStream (, [Convert]::FromBase64String([Console]::In.ReadToEnd().Trim()))
$gzip = New-Object IO.Compression.GZipStream $packed, ([IO.Compression.CompressionMode]::Decompress)
$text = (New-Object IO.StreamReader $gzip, ([Text.Encoding]::UTF8)).ReadToEnd()
$call = ConvertFrom-Json $text
$arguments = @{}
foreach ($one in $call.arguments.PSObject.Properties) { $arguments[$one.Name] = $one.Value }
try { & ([ScriptBlock]::Create($call.script)) @arguments }
catch { [Console]::Error.WriteLine([string] $_); [Environment]::Exit(1) }
""".strip()


def argv(program: str = POWERSHELL) -> list[str]:
    """The program that runs what ``stdin`` gives it."""
    encoded = base64.b64encode(_BOOTSTRAP.encode("utf-16-le")).decode("ascii")
    return [
        program,
        "-NoLogo",
        "-NoProfile",
        "-NonInteractive",
        "-ExecutionPolicy",
        "Bypass",
        "-EncodedCommand",
        encoded,
    ]


def stdin(script: str, arguments: Mapping[str, Any]) -> bytes:
    """What the program reads: a script whose ``param()`` takes these arguments (JSON values)."""
    call = json.dumps({"script": script, "arguments": dict(arguments)}, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(call.encode("utf-8"), mtime=0)) + b"\n"
