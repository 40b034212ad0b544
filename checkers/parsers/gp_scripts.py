"""scripts.ini and psscripts.ini, the scripts that a group policy runs (MS-GPSCR 2.2): ``[Logon]``, then for each
``0CmdLine=`` and ``0Parameters=``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from checkers.parsers.gpt_tmpl import decoded

_MAX = 200
_LINE = re.compile(r"\s*([0-9]{1,4})(CmdLine|Parameters)\s*=(.*)", re.IGNORECASE)
WHEN = ("Startup", "Shutdown", "Logon", "Logoff")
"""When a script runs; the folder where its own files are is called so too."""


@dataclass(frozen=True)
class Script:
    """One script. when: one of ``WHEN``."""

    when: str
    command: str
    parameters: str

    @property
    def is_elsewhere(self) -> bool:
        """Whether its path leads somewhere else than to the policy's own folder."""
        return self.command.startswith("\\\\") or ":" in self.command or "%" in self.command


def parse(content: bytes) -> list[Script]:
    """The scripts in a file, in their order, at most 200 of them; what is none is left out."""
    when, found = "", dict[tuple[str, int], dict[str, str]]()
    for line in decoded(content).splitlines():
        bare = line.strip()
        if bare.startswith("[") and bare.endswith("]"):
            when = next((name for name in WHEN if name.lower() == bare[1:-1].strip().lower()), "")
        elif when and (match := _LINE.fullmatch(line)) is not None and len(found) < _MAX:
            found.setdefault((when, int(match[1])), {})[match[2].lower()] = match[3].strip()
    return [
        Script(when, texts["cmdline"].strip('"'), texts.get("parameters", ""))
        for (when, _), texts in sorted(found.items())
        if texts.get("cmdline")
    ]
