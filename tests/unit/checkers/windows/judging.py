"""From what our scripts return to a verdict: the twin of the probe reads the answer, and the check judges the facts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checkers.check import Check
from checkers.checks.fact import FactIs
from checkers.facts import Raw
from checkers.probe import Unreadable, Value
from checkers.windows.twins.catalog import TWINS
from tests.unit.checkers.local.judging import LINKED, Judged
from tests.unit.checkers.local.judging import judged as judged_values

GOLDENS = Path(__file__).parents[3] / "goldens" / "windows"
AWAKE = {"uptime_s": 4000, "ready": True}


def golden(probe: str, case: str) -> Any:
    """The answer of a golden, to be changed at will."""
    return json.loads((GOLDENS / probe / f"{case}.json").read_text("utf-8"))["answer"]


def judged(check: Check, answers: Mapping[str, Any], links: Mapping[str, Mapping[str, bool]] | None = LINKED) -> Judged:
    """The verdict on answers by the name of the probe; None: the question failed on the machine."""
    found: dict[str, Value | None] = {}
    for question in check.questions():
        answer = answers.get(question.probe.name, AWAKE if question.probe.name == "awake" else None)
        raw = Raw(stdout=json.dumps(answer)) if answer is not None else Raw(stdout="", stderr="Failed", exit_code=1)
        try:
            found[question.probe.name] = TWINS[type(question.probe)].parse(question.probe, raw)
        except Unreadable:
            found[question.probe.name] = None
    return judged_values(check, found, links)


def fact(probe: str, expect: Mapping[str, Any], **args: Any) -> FactIs:
    """The check that a trainer writes about a probe."""
    return FactIs.model_validate({"on": "client", "probe": probe, "args": args, "expect": expect})
