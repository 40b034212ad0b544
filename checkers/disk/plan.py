"""What is read from a disk, and what was found there: the words between the twins and whoever opens the disk.

Paths are the guest's own (``/etc/hostname``, ``/Windows/System32``), whatever else holds them. Everything found is a
candidate's: bounded where it is read, believed nowhere.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

FILE_LIMIT = 256 * 1024
"""Bytes of one file that are read; one that is longer is not read at all."""

Hive = Literal["SYSTEM", "SOFTWARE", "SECURITY"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Tree(_Part):
    """A folder with what is under it. names: only what has a path, or is a link to one, that ends so (in lower case) is
    told. binary: what files hold is wanted as base64 and not as text. discreet: without lines that may hold a key."""

    path: str
    binary: bool = False
    discreet: bool = False
    names: tuple[str, ...] = ("",)


class Key(_Part):
    """A key of a registry hive with its values, and its subkeys down to ``depth`` levels. ``\\CurrentControlSet`` at
    its start means the control set that the next boot takes. values: only those of these names are told (none: all);
    holding: only those with all of these in their text."""

    hive: Hive
    path: str
    depth: Annotated[int, Field(ge=0, le=3)] = 0
    values: tuple[str, ...] = ()
    holding: tuple[str, ...] = ()


class Wanted(_Part):
    """What one question needs. stores: files of keys and passwords (secrets.tdb, a keytab), of which only names are
    told. cards: what the hypervisor says of the machine's network cards."""

    files: tuple[str, ...] = ()
    trees: tuple[Tree, ...] = ()
    keys: tuple[Key, ...] = ()
    stores: tuple[str, ...] = ()
    cards: bool = False


class Entry(_Part):
    """Something in a folder, or a file asked for by name. kind: ``other`` is a folder asked for as a file, a socket,
    pipe or device; ``large`` is a file that was not read for its size."""

    kind: Literal["file", "link", "other", "large"]
    text: str = ""
    """What a file holds (UTF-8, or base64 where it was wanted so), or where a link leads."""


class RegistryKey(_Part):
    """One key: values as (type, text) under their name, subkeys under theirs. Text as ``checkers.disk.hives`` says."""

    values: dict[str, tuple[str, str]] = Field(default_factory=dict)
    keys: dict[str, RegistryKey] = Field(default_factory=dict)

    def text(self, name: str) -> str:
        """The text of a value, its name without case; empty when it is not there."""
        return self.value(name)[1]

    def value(self, name: str) -> tuple[str, str]:
        """Type and text of a value, its name without case; both empty when it is not there."""
        return next((found for known, found in self.values.items() if known.lower() == name.lower()), ("", ""))

    def number(self, name: str) -> int | None:
        """A value that is a REG_DWORD; None when it is none or not there."""
        kind, text = self.value(name)
        return int(text) if kind == "REG_DWORD" else None

    def key(self, name: str) -> RegistryKey | None:
        """A subkey, its name without case."""
        return next((found for known, found in self.keys.items() if known.lower() == name.lower()), None)


class Card(_Part):
    """A network card that the hypervisor gives the machine: the name that the lab gives it, and its address."""

    name: str
    mac: str


class Found(_Part):
    """What was found for one question.

    files: None for a path where nothing is. trees: entries by their path inside the folder; None for a folder that is
    not there. keys: under ``HIVE path`` as asked; None for a key that is not there. stores: names, none where there is
    no such file. failed: what could not be read, by
    the path asked for, and why: it proves nothing.
    """

    files: dict[str, Entry | None] = Field(default_factory=dict)
    trees: dict[str, dict[str, Entry] | None] = Field(default_factory=dict)
    keys: dict[str, RegistryKey | None] = Field(default_factory=dict)
    stores: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    cards: tuple[Card, ...] = ()
    failed: dict[str, str] = Field(default_factory=dict)
    ended: str = ""
    """How the machine had been ended: ``off`` (by the candidate), ``clean`` (asked to), ``cut``."""
