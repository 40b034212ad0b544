"""Write goldens from a stored observation. See README.md."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def golden(fact: dict[str, Any]) -> dict[str, Any]:
    """One fact as a golden."""
    raw = fact["raw"]
    value = fact["value"] if fact["status"] == "seen" else None
    return {"args": fact["args"], "exit_code": raw["exit_code"], "stdout": raw["stdout"].split("\n"), "value": value}


def main() -> None:
    """Write the goldens that were asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("observation", type=Path)
    parser.add_argument("name", help="state of the machine: untouched, solved, …")
    parser.add_argument("--at", help="only facts taken there")
    parser.add_argument("--probe", action="append", help="only these probes")
    given = parser.parse_args()
    facts = json.loads(given.observation.read_text("utf-8"))
    for fact in facts["facts"] if isinstance(facts, dict) else facts:
        if fact["raw"] is None or (given.at and fact["at"] != given.at):
            continue
        if given.probe and fact["probe"] not in given.probe:
            continue
        words = [given.name, fact["at"], *(str(value) for value in fact["args"].values())]
        file = HERE / fact["probe"] / (re.sub(r"[^a-z0-9]+", "-", " ".join(words).lower()).strip("-")[:80] + ".json")
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(golden(fact), indent=1, ensure_ascii=False) + "\n", "utf-8")
        print(file.relative_to(HERE))


if __name__ == "__main__":
    main()
