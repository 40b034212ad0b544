"""A Windows machine that answers our collector with goldens: what its shells run, and its certificate."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checkers.windows import powershell
from checkers.windows.twin import source
from checkers.windows.twins.catalog import TWINS

GOLDENS = Path(__file__).parents[1] / "goldens" / "windows"
Answers = Mapping[tuple[str, str], Any]
"""What each script returns, by its text and its arguments as sorted JSON."""


def answers(*goldens: str) -> dict[tuple[str, str], Any]:
    """The answers in these goldens (``host-name/server-solved``)."""
    probes = {probe.name: probe for probe in TWINS}
    found = {}
    for name in goldens:
        golden = json.loads((GOLDENS / f"{name}.json").read_text("utf-8"))
        probe = probes[name.partition("/")[0]].model_validate(golden["args"])
        twin = TWINS[type(probe)]
        found[source(twin.script), json.dumps(twin.arguments(probe), sort_keys=True)] = golden["answer"]
    return found


class Windows:
    """Runs one program only: PowerShell, as ``checkers.windows.powershell`` asks for it, with our collector."""

    def __init__(self, known: Answers) -> None:
        self._known = known
        self.batches: list[int] = []

    def __call__(self, line: str, stdin: bytes) -> tuple[bytes, bytes, int]:
        if line != " ".join(powershell.argv()):
            return b"", b"not the bootstrap", 1
        call = json.loads(gzip.decompress(base64.b64decode(stdin)))
        if call["script"] != source("collector"):
            return b"", b"not the collector", 1
        questions = json.loads(call["arguments"]["Batch"])["questions"]
        self.batches.append(len(questions))
        said = {str(question["id"]): self._one(question) for question in questions}
        text = json.dumps({"format": 1, "powershell": "5.1.20348.2227", "answers": said})
        return base64.b64encode(gzip.compress(text.encode())) + b"\r\n", b"", 0

    def _one(self, question: Mapping[str, Any]) -> dict[str, Any]:
        blank = {"json": None, "failure": None, "late": False, "large": False, "ms": 12}
        try:
            answer = self._known[question["script"], json.dumps(question["arguments"], sort_keys=True)]
        except KeyError:
            return blank | {"failure": {"id": "CommandNotFoundException", "type": "x", "hresult": -1, "message": ""}}
        return blank | {"json": json.dumps(answer)}
