"""Which system a machine has, for the heading of its recording. Nothing is judged by it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any, Literal

from checkers.channel import ChannelError, ExecResult
from checkers.observe import Channel, Place
from checkers.parsers.clean import clip
from checkers.windows import powershell
from checkers.windows.twin import source

_LIMIT_S = 60.0
_LINUX = ["/bin/sh", "-c", '. /etc/os-release; echo "$PRETTY_NAME, $(uname -r)"']
_WORKSTATION = 1
"""Win32_OperatingSystem.ProductType of a client; 2 is a domain controller, 3 a server."""


@dataclass(frozen=True)
class System:
    """title: name and build; empty when it could not be asked. role: which of the two Windows it is."""

    title: str = ""
    role: Literal["server", "client"] = "server"


def system_of(place: Place) -> System:
    """The system of the machine at a place. Never raises for a machine's fault."""
    for channel in place.channels:
        try:
            if channel.agent.ping():
                return _windows(channel) if channel.dialect.name == "windows" else _linux(channel)
        except (ChannelError, ValueError, KeyError, TypeError, LookupError):
            continue  # the questions will say what is wrong with it
    return System()


def _linux(channel: Channel) -> System:
    result = channel.agent.run(_LINUX, timeout_s=_LIMIT_S)
    return System(_line(result) if result.exit_code == 0 else "")


def _windows(channel: Channel) -> System:
    script = powershell.stdin(source("system"), {})
    result = channel.agent.run(powershell.argv(), stdin=script, timeout_s=_LIMIT_S)
    found: dict[str, Any] = json.loads(base64.b64decode(_line(result, 100_000), validate=True))
    title = f"{found['caption']}, {found['build']}.{found['revision']}, {found['language']}"
    return System(clip(title), "client" if found["product_type"] == _WORKSTATION else "server")


def _line(result: ExecResult, limit: int = 200) -> str:
    lines = result.stdout.decode("utf-8", "replace").split("\n")
    return clip(next((line.strip() for line in reversed(lines) if line.strip()), ""), limit)
