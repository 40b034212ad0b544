"""Key files as GLib programs write them: ``[group]`` lines and ``key=value`` lines."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_GROUPS = 200
MAX_KEYS = 200


@dataclass(frozen=True)
class Group:
    """One group; of a key that stands twice the last value counts."""

    name: str
    values: dict[str, str] = field(default_factory=dict)


def groups(text: str) -> list[Group]:
    """The groups in order, those of one name apart. Lines outside a group and past the bounds are left out."""
    found: list[Group] = []
    for line in text.split("\n"):
        line = line.strip()
        if line.startswith("[") and line.endswith("]"):
            if len(found) >= MAX_GROUPS:
                raise ValueError("too many groups")
            found.append(Group(line[1:-1]))
            continue
        name, equals, value = line.partition("=")
        if equals and found and len(found[-1].values) < MAX_KEYS:
            found[-1].values[name.strip()] = value.strip()
    return found
