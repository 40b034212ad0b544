"""Whether a dossier is, byte for byte, what was sealed; and if not, the first thing that is not.

Needs the file and a public key, nothing else. Every byte of the file is in one of these: the seal, which the key
signed; the manifest, whose hash the seal holds; the files, whose hashes the manifest holds; or the archive around them,
which can be written in one way only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256 as hasher
from itertools import zip_longest
from typing import Generic, TypeVar

from labs.text import Text
from orchestrator.sealed.container import Broken, Entry, must_be_exact, unpack
from orchestrator.sealed.keys import PublicKey
from orchestrator.sealed.manifest import (
    BLOCK,
    MANIFEST,
    SEAL,
    SIGNATURE,
    TIMESTAMP,
    Listed,
    Seal,
    SealedManifest,
    blocks,
    parsed,
    sha256,
)

M = TypeVar("M", bound=SealedManifest)


@dataclass(frozen=True)
class Fault:
    """The first thing that does not match.

    entry: the file of the dossier that it is in. offset, length: the bytes of that file that were altered, as closely
    as can be known. at: where that is in the dossier. expected, found: the byte, where it is one alone.
    """

    what: Text
    entry: str = ""
    offset: int | None = None
    length: int | None = None
    at: int | None = None
    expected: int | None = None
    found: int | None = None


class Unsound(Exception):  # noqa: N818 - a finding, told by whoever asked
    """The dossier is not what was sealed."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.what.en)
        self.fault = fault


@dataclass(frozen=True)
class Sealed(Generic[M]):
    """An archive that is what was sealed. key: the one that sealed it. files: by name."""

    manifest: M
    seal: Seal
    key: PublicKey
    files: dict[str, bytes]
    timestamp: bytes | None


def open_sealed(kind: type[M], content: bytes, keys: Sequence[PublicKey], *, closely: bool = True) -> Sealed[M]:
    """An archive of this kind that one of these keys sealed. closely: look for the very byte: up to a second more.

    :raises Unsound: it is not, with the first thing that does not match.
    """
    try:
        entries = unpack(content)
    except Broken as broken:
        raise Unsound(_of_archive(broken)) from broken
    by_name = {entry.name: entry for entry in entries}
    key, seal = _signed(by_name, keys)
    _must_match(seal.manifest, by_name.get(MANIFEST), closely)
    manifest = parsed(kind, by_name[MANIFEST].content)
    if manifest is None:
        raise Unsound(Fault(_UNREADABLE.format(name=MANIFEST), MANIFEST))
    stamp = by_name.get(TIMESTAMP)
    if (None if stamp is None else sha256(stamp.content)) != seal.timestamp:
        raise Unsound(_whole(_NOT_SEALED.format(name=TIMESTAMP), TIMESTAMP, stamp))
    for file in manifest.files:
        _must_match(file, by_name.get(file.name), closely)
    first = [MANIFEST, SEAL, SIGNATURE, *([TIMESTAMP] if stamp else [])]
    _must_be_in_order([*first, *(file.name for file in manifest.files)], entries)
    try:
        must_be_exact(content, entries)
    except Broken as broken:
        raise Unsound(_of_archive(broken)) from broken
    files = {file.name: by_name[file.name].content for file in manifest.files}
    return Sealed(manifest, seal, key, files, stamp.content if stamp else None)


def _signed(entries: dict[str, Entry], keys: Sequence[PublicKey]) -> tuple[PublicKey, Seal]:
    """The seal, and which of these keys made it."""
    for name in (SEAL, SIGNATURE):
        if name not in entries:
            raise Unsound(Fault(_MISSING.format(name=name), name))
    content, signature = entries[SEAL].content, entries[SIGNATURE].content
    for key in keys:
        if key.has_signed(content, signature):
            seal = parsed(Seal, content)
            if seal is None or seal.public_key != key.hex or seal.manifest.name != MANIFEST:
                raise Unsound(_whole(_UNREADABLE.format(name=SEAL), SEAL, entries[SEAL]))
            return key, seal
    seal = parsed(Seal, content)
    if seal is not None and seal.public_key not in {key.hex for key in keys}:
        raise Unsound(_whole(_OTHER_KEY.format(key=seal.public_key), SEAL, entries[SEAL]))
    raise Unsound(_whole(_BAD_SIGNATURE, SEAL, entries[SEAL]))


def _must_match(file: Listed, entry: Entry | None, closely: bool) -> None:
    """Raises Unsound at the first block of an entry that is not the one named."""
    if entry is None:
        raise Unsound(Fault(_MISSING.format(name=file.name), file.name))
    if len(entry.content) == file.size and sha256(entry.content) == file.sha256:
        return
    pairs = zip_longest(blocks(entry.content), file.blocks)
    differ = (number for number, (block, known) in enumerate(pairs) if block is None or sha256(block) != known)
    number = next(differ, 0)
    offset = number * BLOCK
    block = entry.content[offset : offset + BLOCK]
    searched = closely and len(entry.content) == file.size and number < len(file.blocks)
    if searched and (single := _single_byte(block, file.blocks[number])):
        at, byte = offset + single[0], single[1]
        raise Unsound(Fault(_BYTE, file.name, at, 1, entry.offset + at, byte, entry.content[at]))
    raise Unsound(Fault(_BLOCK, file.name, offset, len(block), entry.offset + offset))


def _single_byte(block: bytes, known: str) -> tuple[int, int] | None:
    """Where a block differs from the one of a hash, when that is one byte alone: its place and what it was."""
    before, wanted = hasher(), bytes.fromhex(known)
    for at in range(len(block)):
        rest = block[at + 1 :]
        for byte in range(256):
            tried = before.copy()
            tried.update(bytes([byte]) + rest)
            if tried.digest() == wanted:
                return at, byte
        before.update(block[at : at + 1])
    return None


def _must_be_in_order(names: list[str], entries: list[Entry]) -> None:
    """Nothing that is not named, nothing twice, nothing in another place."""
    known = set(names)
    for name, entry in zip_longest(names, entries):
        if entry is None:
            raise Unsound(Fault(_MISSING.format(name=name), name))  # never: each was found by its name
        if entry.name == name:
            continue
        what = _PLACE if entry.name in known else _ADDED
        raise Unsound(Fault(what.format(name=entry.name), entry.name, at=entry.begin))


def _of_archive(broken: Broken) -> Fault:
    return Fault(broken.what, broken.entry, at=broken.offset)


def _whole(what: Text, name: str, entry: Entry | None) -> Fault:
    return Fault(what, name, 0, len(entry.content), entry.offset) if entry else Fault(what, name)


_MISSING = Text("Le fichier {name} manque.", "The file {name} is missing.")
_ADDED = Text("Le fichier {name} a été ajouté.", "The file {name} was added.")
_PLACE = Text("Le fichier {name} n'est pas à sa place.", "The file {name} is not in its place.")
_NOT_SEALED = Text(
    "L'horodatage ({name}) n'est pas celui qui est scellé.", "The timestamp ({name}) is not the sealed one."
)
_UNREADABLE = Text("Le fichier {name} est signé, mais illisible ici.", "The file {name} is signed but unreadable here.")
_BLOCK = Text("Ces octets ne sont pas ceux qui sont scellés.", "These bytes are not the sealed ones.")
_BYTE = Text("Cet octet n'est pas celui qui est scellé.", "This byte is not the sealed one.")
_OTHER_KEY = Text("L'archive est scellée par une autre clé : {key}.", "The archive is sealed by another key: {key}.")
_BAD_SIGNATURE = Text(
    "Le sceau ou sa signature a été modifié (seal.json, seal.sig).",
    "The seal or its signature was altered (seal.json, seal.sig).",
)
