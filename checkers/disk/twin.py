"""A probe's twin on a disk at rest: what it has read there, and a reader of what was found."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from pydantic import ValidationError

from checkers.dialect import Twin
from checkers.disk.plan import Entry, Found, RegistryKey, Wanted
from checkers.facts import Raw
from checkers.parsers.clean import clip
from checkers.probe import Probe, Unreadable, V
from labs.text import Text


class DiskTwin(Twin[V]):
    """A question to a disk. What only a running machine has is said to be not seen (``Value.not_seen``)."""

    @abstractmethod
    def wanted(self, probe: Any) -> Wanted:
        """What is read."""

    @abstractmethod
    def read(self, probe: Any, found: Found) -> V:
        """The value in what was found. Pure, bounded. Raises Unreadable when it says nothing."""

    def command(self, probe: Probe[V]) -> str:
        """What is read, as it stands in the evidence."""
        return self.wanted(probe).model_dump_json(exclude_defaults=True)

    def parse(self, probe: Probe[V], raw: Raw) -> V:
        """The value in an answer. What was wanted and could not be read makes the whole unreadable."""
        try:
            found = Found.model_validate_json(raw.stdout)
        except ValidationError as error:
            raise Unreadable(Text("la lecture du disque est illisible", "what the disk says is garbled")) from error
        for path, why in found.failed.items():
            raise unreadable(path, why)
        return self.read(probe, found)


def unreadable(path: str, why: str = "") -> Unreadable:
    """What says that something on the disk could not be read."""
    said = f" ({clip(why, 120)})" if why else ""
    return Unreadable(
        Text("illisible sur le disque : {what}", "cannot be read on the disk: {what}").format(
            what=clip(path, 120) + said
        )
    )


def file_text(found: Found, path: str) -> str | None:
    """What a file asked for by name holds; None when nothing is there. Raises Unreadable for anything but a file."""
    entry = found.files.get(path)
    if entry is None:
        return None
    return content(path, entry)


def content(path: str, entry: Entry) -> str:
    """What an entry holds. Raises Unreadable for anything but a file that was read."""
    if entry.kind != "file":
        raise unreadable(path, entry.kind)
    return entry.text


def key(found: Found, hive: str, path: str) -> RegistryKey | None:
    """A registry key that was asked for."""
    return found.keys.get(f"{hive} {path}")
