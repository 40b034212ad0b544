"""The published JSON Schemas, made from the models: ``python -m checkers.report.schema docs/schema``."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from checkers.facts import Observation
from checkers.report.model import CandidateReport, SessionReport
from labs.files import write_atomic

SCHEMAS: Mapping[str, type[BaseModel]] = {
    "report": CandidateReport,
    "session": SessionReport,
    "observation": Observation,
}
"""The models behind ``report.json``, ``session.json`` and ``observation.json``."""

_DESCRIPTIONS: Mapping[tuple[str, str], str] = {
    ("Text", "fr"): "The sentence in French.",
    ("Text", "en"): "The sentence in English.",
    ("Raw", "stdout"): "Standard output, as text; secrets are replaced by ‹secret:name›.",
    ("Raw", "stderr"): "Standard error, as text.",
    ("Raw", "exit_code"): "Exit code; null when the command was ended by a signal.",
    ("Raw", "duration_ms"): "Milliseconds that the command took, by the machine's own clock.",
    ("Raw", "timed_out"): "True when the command ran past its time limit.",
    ("Raw", "truncated"): "True when the output was longer than allowed and was cut.",
    ("Raw", "not_utf8"): "True when the output was not UTF-8: unreadable bytes are replaced by U+FFFD.",
    ("Fact", "key"): "The question: where, which probe, which arguments.",
    ("Fact", "at"): "Where it was asked: a machine, wire:<network>, radio:<machine> or bench.",
    ("Fact", "probe"): "Name of the probe.",
    ("Fact", "args"): "Arguments of the probe.",
    ("Fact", "status"): "Whether the fact could be seen.",
    ("Fact", "value"): "What the probe read in the output; null when unseen.",
    ("Fact", "why"): "Why it was not seen; null when seen.",
    ("Fact", "command"): "The command that was run.",
    ("Fact", "raw"): "The command's output; null when nothing was run.",
    ("Fact", "channel"): "agent, ssh, winrm, witness, radio, hypervisor, simulated or none.",
    ("Fact", "taken_at"): "When the answer came.",
    ("Fact", "again"): "What was answered when a check that waits had it asked again; absent when it was asked once.",
    ("Again", "times"): "How often it was asked again.",
    ("Again", "until"): "When it was answered last.",
    ("Again", "looks"): "The answers that were other than the one before.",
    ("Look", "round"): "Which asking of the observation, from 1.",
    ("Look", "status"): "Whether it could be seen then.",
    ("Look", "value"): "What the probe read in the output; null when unseen.",
    ("Look", "why"): "Why it was not seen; null when seen.",
    ("Look", "raw"): "The command's output; null when nothing was run.",
    ("Look", "channel"): "agent, ssh or none.",
    ("Look", "taken_at"): "When the answer came.",
    ("Observation", "format"): "Version of this format.",
    ("Observation", "session"): "Name of the session.",
    ("Observation", "bench"): "Name of the bench.",
    ("Observation", "candidate"): "The candidate, as the session names them.",
    ("Observation", "lab"): "Identifier of the lab that the bench was made from.",
    ("Observation", "lab_version"): "Version of that lab.",
    ("Observation", "lab_hash"): "SHA-256 of that lab's files, hexadecimal.",
    ("Observation", "variants"): "The candidate's values of the lab's variants, by name; left out when it has none.",
    ("Observation", "simulated"): "True when no real machine was observed.",
    ("Observation", "started_at"): "When the observation began.",
    ("Observation", "ended_at"): "When the observation ended.",
    ("Observation", "software"): "Versions that matter to read it again.",
    ("Observation", "facts"): "Every fact.",
}
"""For models of other packages, whose fields are described in prose."""


def schema(name: str) -> dict[str, Any]:
    """One schema, as it is published."""
    made = SCHEMAS[name].model_json_schema(mode="serialization")
    for title, model in {SCHEMAS[name].__name__: made, **made.get("$defs", {})}.items():
        for field, described in model.get("properties", {}).items():
            if "description" not in described and (title, field) in _DESCRIPTIONS:
                described["description"] = _DESCRIPTIONS[title, field]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:epreuve:schema:{name}:1",
        **made,
    }


def schema_text(name: str) -> str:
    """The text of a published file."""
    return json.dumps(schema(name), ensure_ascii=False, indent=2) + "\n"


def publish(folder: Path) -> list[Path]:
    """Write every schema into a folder."""
    return [write_atomic(folder / f"{name}.schema.json", schema_text(name)) for name in SCHEMAS]


if __name__ == "__main__":
    for path in publish(Path(sys.argv[1])):
        print(path)
