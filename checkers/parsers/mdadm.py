"""Software RAID on Linux: /proc/mdstat, ``mdadm --detail --export`` and mdadm.conf(5)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_ARRAY = re.compile(r"^(md[0-9A-Za-z_.-]{1,60}) : (active|inactive)\b(.{0,4000})$")
_MEMBER = re.compile(r"(\S{1,80})\[[0-9]{1,5}\](\([A-Z]\))*")
_COUNT = re.compile(r"\[([0-9]{1,4})/([0-9]{1,4})\] \[[U_]{1,4000}\]")
_ACTION = re.compile(r"(recovery|resync|reshape|check|repair)\s*=")
_MARKS = re.compile(r"\(([A-Z])\)")
_LIMIT = 64


@dataclass
class Stat:
    """One array of /proc/mdstat. members: device → its marks (F: failed, S: spare). action: recovery, resync…"""

    name: str
    active: bool
    level: str = ""
    members: dict[str, str] = field(default_factory=dict)
    wanted: int = 0
    working: int = 0
    action: str = ""


def mdstat(text: str) -> dict[str, Stat]:
    """The arrays of /proc/mdstat by name, at most 64."""
    found: dict[str, Stat] = {}
    current: Stat | None = None
    for line in text.split("\n"):
        head = _ARRAY.match(line)
        if head is not None:
            current = Stat(head[1], head[2] == "active")
            for member in _MEMBER.finditer(head[3]):
                current.members[member[1]] = "".join(_MARKS.findall(member[0]))
            words = [word for word in head[3].split() if "[" not in word and not word.startswith("(")]
            current.level = words[0] if words else ""
            if len(found) < _LIMIT:
                found[current.name] = current
        elif current is not None and line.startswith(" "):
            count, action = _COUNT.search(line), _ACTION.search(line)
            if count is not None:
                current.wanted, current.working = int(count[1]), int(count[2])
            if action is not None:
                current.action = action[1]
    return found


def exports(text: str) -> list[dict[str, str]]:
    """The blocks of several ``mdadm --detail --export``, each after a line ``MD=name``."""
    found: list[dict[str, str]] = []
    for line in text.split("\n"):
        name, equals, value = line.partition("=")
        if not equals:
            continue
        if name == "MD":
            found.append({})
        if found and len(found) <= _LIMIT:
            found[-1][name] = value
    return found[:_LIMIT]


@dataclass(frozen=True)
class Declared:
    """An ARRAY line of mdadm.conf: the device it makes, and by what the array is known."""

    device: str
    uuid: str = ""
    name: str = ""


@dataclass(frozen=True)
class Conf:
    """What mdadm.conf says. others: whether arrays that it does not name are put together too (AUTO)."""

    arrays: tuple[Declared, ...] = ()
    mail: str = ""
    program: str = ""
    others: bool = True


def conf(text: str) -> Conf:
    """mdadm.conf(5): a keyword may be shortened to three letters, a line goes on when the next is indented."""
    arrays: list[Declared] = []
    mail = program = ""
    others = True
    for words in _lines(text):
        key = words[0].upper()
        if _is(key, "ARRAY") and len(words) > 1:
            named = dict(word.split("=", 1) for word in words[1:] if "=" in word)
            device = words[1] if "=" not in words[1] else ""
            folded = {name.lower(): value for name, value in named.items()}
            if device not in ("<ignore>",):
                arrays.append(Declared(device, uuid(folded.get("uuid", "")), folded.get("name", "")))
        elif _is(key, "MAILADDR") and len(words) > 1:
            mail = words[1]
        elif _is(key, "PROGRAM") and len(words) > 1:
            program = words[1]
        elif key == "AUTO" and "-all" in words[1:]:
            others = False
    return Conf(tuple(arrays[:_LIMIT]), mail, program, others)


def uuid(text: str) -> str:
    """A UUID of an array in one form: mdadm writes four groups, others five."""
    digits = re.sub(r"[^0-9a-f]", "", text.lower())
    return digits if len(digits) == 32 else ""


def _is(key: str, keyword: str) -> bool:
    return len(key) >= 3 and keyword.startswith(key)


def _lines(text: str) -> list[list[str]]:
    found: list[list[str]] = []
    for raw in text.split("\n")[:2000]:
        words = [word.strip("\"'") for word in raw.split("#", 1)[0].split()]
        if not words:
            continue
        if raw[:1].isspace() and found:
            found[-1].extend(words)
        else:
            found.append(words)
    return found
