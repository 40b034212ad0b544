"""A probe's twin on Windows: a PowerShell script of ours and a reader of the object that it returns."""

from __future__ import annotations

import json
import re
from abc import abstractmethod
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from checkers.dialect import Twin
from checkers.facts import Raw
from checkers.probe import Probe, Unreadable, V
from labs.text import Text

SCRIPTS = Path(__file__).parent / "scripts"
PART = re.compile(r"^# part: ([a-z-]+)$", re.MULTILINE)
"""Where a script takes in functions that it shares with others: after its parameters."""


class WindowsTwin(Twin[V]):
    """A question in PowerShell.

    script: the name of a file in ``scripts/`` without ``.ps1``. It begins with a ``param()`` block on lines of its own,
    returns one object (numbers for enumerations, SIDs for principals, ISO 8601 text in UTC for times, plain arrays),
    works in Windows PowerShell 5.1 and in PowerShell 7, on Windows in any language, and changes nothing.
    """

    script: ClassVar[str]
    parameters: ClassVar[tuple[str, ...]] = ()
    """The names of the script's parameters: the keys of ``arguments``."""

    def arguments(self, probe: Any) -> dict[str, Any]:
        """What the script's parameters are, as JSON values; by default the probe has none that the script needs."""
        return {}

    @abstractmethod
    def read(self, probe: Any, answer: Any) -> V:
        """The value in the object that the script returned (as JSON gives it). Pure, bounded: a candidate can forge it.
        Raises Unreadable when it says nothing."""

    def command(self, probe: Probe[V]) -> str:
        """The script and its arguments, as they stand in the evidence."""
        arguments = self.arguments(probe)
        given = f"# {json.dumps(arguments, ensure_ascii=False, sort_keys=True)}\n" if arguments else ""
        return given + source(self.script)

    def parse(self, probe: Probe[V], raw: Raw) -> V:
        """The value in an answer. Raises Unreadable when the script failed: ``stderr`` begins with the error's id."""
        if raw.exit_code != 0:
            name, _, _ = raw.stderr.partition("\n")
            raise Unreadable(
                Text("la question a échoué sous Windows ({why})", "the question failed on Windows ({why})").format(
                    why=name[:120] or "?"
                )
            )
        return self.read(probe, json.loads(raw.stdout))


@cache
def source(script: str) -> str:
    """The text of one of our scripts; its lines ``# part: cards`` stand for ``scripts/parts/cards.ps1``."""

    def text(name: str) -> str:
        return (SCRIPTS / f"{name}.ps1").read_text(encoding="utf-8")

    return PART.sub(lambda line: text(f"parts/{line[1]}").rstrip("\n"), text(script))
