"""From what is on a disk to a verdict, as the observer and the judge do it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checkers.channel import ExecResult
from checkers.check import Check, View
from checkers.disk.dialect import DISKS
from checkers.disk.hives import Reader
from checkers.disk.plan import Card, Entry, Found, Key, RegistryKey, Tree, Wanted
from checkers.disk.twin import DiskTwin
from checkers.facts import Fact
from checkers.judge import Conclusion, conclude
from checkers.observe import fact_of
from checkers.probe import Probe, Question

GOLDENS = Path(__file__).parents[3] / "goldens" / "disk"
CARDS = (Card(name="eth0", mac="52:54:00:00:00:01"),)
LINKS = {"server": {"lan": True}, "client": {"lan": True}}

Files = Mapping[str, str | None]
"""What is on a Linux disk: the text of a file, or ``-> target`` for a link, by its path."""


def on_linux(files: Files) -> Any:
    """Who finds what these files say."""

    def entry(text: str) -> Entry:
        return Entry(kind="link", text=text[3:]) if text.startswith("-> ") else Entry(kind="file", text=text)

    def tree(asked: Tree) -> dict[str, Entry] | None:
        under = {path[len(asked.path) + 1 :]: text for path, text in files.items() if path.startswith(f"{asked.path}/")}
        told = {
            path: entry(text)
            for path, text in under.items()
            if text is not None and any(path.lower().endswith(end) or text.lower().endswith(end) for end in asked.names)
        }
        return told if under else None

    def find(wanted: Wanted) -> Found:
        return Found(
            files={path: None if (text := files.get(path)) is None else entry(text) for path in wanted.files},
            trees={one.path: tree(one) for one in wanted.trees},
            stores={path: tuple((files.get(path) or "").split()) for path in wanted.stores},
            cards=CARDS if wanted.cards else (),
            ended="clean",
        )

    return find


def on_windows(hives: Mapping[str, Path]) -> Any:
    """Who finds what is in these hives."""

    def read(key: Key) -> RegistryKey | None:
        found = Reader(str(hives[key.hive])).key(key) if key.hive in hives else None
        return None if found is None else RegistryKey.model_validate(found)

    def find(wanted: Wanted) -> Found:
        keys = {f"{key.hive} {key.path}": read(key) for key in wanted.keys}
        return Found(keys=keys, cards=CARDS if wanted.cards else (), ended="clean")

    return find


def fact(question: Question, find: Any, family: str = "linux", channel: str = "disk") -> Fact:
    """The fact that the observer makes of what a disk says."""
    dialect = DISKS[family]
    [wanted] = json.loads(dialect.order([question]).stdin)["questions"]
    found = find(Wanted.model_validate(wanted)).model_dump(mode="json", exclude_defaults=True)
    raw = dialect.answers(ExecResult(0, json.dumps({"answers": [found]}).encode(), b""), 1)[0]
    return fact_of(question, raw, channel, {}, dialect)


def value(probe: Probe[Any], find: Any, family: str = "linux") -> Any:
    """What a twin finds; fails the test when it finds nothing."""
    told = fact(Question("server", probe), find, family)
    assert told.status == "seen", told.why
    return probe.value.model_validate(told.value)


def verdict(check: Check, find: Any, family: str = "linux", channel: str = "disk") -> Conclusion:
    """What a check concludes where every answer that a disk can give comes from it, and no other."""
    facts = {}
    for question in check.questions():
        if isinstance(DISKS[family].twin(question.probe), DiskTwin):
            facts[question.key] = fact(question, find, family, channel)
    return conclude(check, View(facts, LINKS))
