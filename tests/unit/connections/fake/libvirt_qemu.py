"""A guest agent in a folder ($FAKE_AGENT): it notes every program in ``programs``, is silent as often as ``silent``
says, and answers as Windows would, or runs the program with the PowerShell in $FAKE_AGENT_PWSH."""

import base64
import gzip
import json
import os
import re
import subprocess
from pathlib import Path

from libvirt import libvirtError

_FOLDER = Path(os.environ["FAKE_AGENT"])
_PWSH = os.environ.get("FAKE_AGENT_PWSH")
_NAMES = [f"guest-{name}" for name in ("exec", "exec-status", "file-close", "file-open", "file-read", "file-write")]


def qemuAgentCommand(domain, message, timeout, flags):  # noqa: N802 - libvirt's own name
    asked = json.loads(message)
    if asked["execute"] == "guest-info":
        commands = [{"enabled": True, "name": name, "success-response": True} for name in _NAMES]
        return json.dumps({"return": {"supported_commands": commands}})
    if asked["execute"] == "guest-exec-status":
        _silent("silent-while-it-runs")
        told = json.loads((_FOLDER / "told").read_text())
        return json.dumps({"return": {"exited": True, **told}})
    _silent("silent")
    program = asked["arguments"]
    with (_FOLDER / "programs").open("a") as notes:
        notes.write(json.dumps(program) + "\n")
    code, out, err = _run(program, base64.b64decode(program.get("input-data", "")))
    told = {"exitcode": code, "out-data": base64.b64encode(out).decode(), "err-data": base64.b64encode(err).decode()}
    (_FOLDER / "told").write_text(json.dumps(told))
    return json.dumps({"return": {"pid": 4711}})


def _silent(name):
    left = _FOLDER / name
    if left.exists() and (times := int(left.read_text())):
        left.write_text(str(times - 1))
        raise libvirtError("Guest agent is not responding")


def _run(program, given):
    if _PWSH:
        done = subprocess.run([_PWSH, *program["arg"]], input=given, capture_output=True, check=False)
        return done.returncode, done.stdout, done.stderr
    if b"{" in given:  # a module: JSON, where our own texts are packed
        return 0, b'{"ping": "pong", "changed": false}', b""
    if not given:
        return 0, _start(base64.b64decode(program["arg"][-1]).decode("utf-16-le")), b""
    body = json.loads(gzip.decompress(base64.b64decode(given)))["arguments"]["Body"]
    return (1, b"", body.encode()) if body.startswith("throw") else (0, body.encode(), b"")


def _start(script):
    """A restart: the agent is away for a while, then another start answers, and says what it is asked to."""
    starts = _FOLDER / "starts"
    if "shutdown.exe /r" in script:
        starts.write_text("2")
        (_FOLDER / "silent").write_text("1")
        return b'{"rc": 0, "stdout": "", "stderr": ""}'
    if "LastBootUpTime" in script:
        return starts.read_bytes() if starts.exists() else b"1"
    return "".join(re.findall("success-[0-9a-f-]+", script)).encode()
