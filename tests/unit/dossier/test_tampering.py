"""Whatever is changed in a dossier is found: every byte of the file is covered by the seal."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from orchestrator.dossier.manifest import open_dossier
from orchestrator.sealed.container import Entry, pack
from orchestrator.sealed.seal import seal
from orchestrator.sealed.verify import Fault, Unsound
from tests.unit.dossier.samples import FILES, KEY, OTHER_KEY, dossier, entries, manifest

SEALED = dossier()
KEYS = [KEY.public]


def fault(content: bytes, *, closely: bool = False) -> Fault:
    with pytest.raises(Unsound) as caught:
        open_dossier(content, KEYS, closely=closely)
    return caught.value.fault


def altered(at: int, to: int | None = None) -> bytes:
    """The dossier with one byte changed."""
    changed = bytearray(SEALED)
    changed[at] = changed[at] ^ 0xFF if to is None else to
    return bytes(changed)


def test_a_dossier_as_it_was_sealed_is_sound() -> None:
    found = open_dossier(SEALED, [OTHER_KEY.public, *KEYS])
    assert found.files == FILES
    assert found.key == KEY.public
    assert found.manifest.candidate == "c01"


def test_sealing_the_same_twice_gives_the_same_bytes() -> None:
    assert seal(manifest(), dict(reversed(FILES.items())), KEY) == SEALED


def test_two_thousand_single_byte_changes_are_all_found() -> None:
    chance = random.Random(20260615)  # noqa: S311 - the same changes each time
    for _ in range(2000):
        at = chance.randrange(len(SEALED))
        to = (SEALED[at] + chance.randrange(1, 256)) % 256
        found = fault(altered(at, to))
        assert found.what.fr


def test_every_byte_of_the_archive_around_the_files_counts() -> None:
    """All that is no content: headers, directory and end, where a lenient reader looks away."""
    inside = {at for entry in entries(SEALED) for at in range(entry.offset, entry.end)}
    around = [at for at in range(len(SEALED)) if at not in inside]
    assert len(around) > 800
    for at in around:
        fault(altered(at))


@pytest.mark.parametrize("name", ["journal.jsonl", "screens/server.png", "LISEZMOI.txt", "manifest.json"])
def test_a_changed_byte_is_named_to_the_byte(name: str) -> None:
    entry = next(one for one in entries(SEALED) if one.name == name)
    offset = len(entry.content) * 2 // 3
    found = fault(altered(entry.offset + offset), closely=True)
    assert (found.entry, found.offset, found.length, found.at) == (name, offset, 1, entry.offset + offset)
    assert (found.expected, found.found) == (entry.content[offset], entry.content[offset] ^ 0xFF)


def test_several_changed_bytes_are_named_to_the_block() -> None:
    entry = next(one for one in entries(SEALED) if one.name == "journal.jsonl")
    changed = bytearray(SEALED)
    changed[entry.offset + 1500 : entry.offset + 1510] = b"\0" * 10
    found = fault(bytes(changed), closely=True)
    assert (found.entry, found.offset, found.length) == ("journal.jsonl", 1024, 1024)


@pytest.mark.parametrize("part", [0.0, 0.2, 0.5, 0.9, 0.999])
def test_a_file_cut_off_anywhere_is_found(part: float) -> None:
    fault(SEALED[: int(len(SEALED) * part)])
    fault(SEALED[:-1])


@pytest.mark.parametrize("more", [b"\0", b"PK\5\6" + b"\0" * 18, SEALED])
def test_bytes_before_or_behind_are_found(more: bytes) -> None:
    assert fault(SEALED + more).at is not None
    fault(more + SEALED)


def _without(name: str) -> Callable[[list[Entry]], list[Entry]]:
    return lambda found: [one for one in found if one.name != name]


def _renamed(found: list[Entry]) -> list[Entry]:
    return [replace(one, name="observation2.json") if one.name == "observation.json" else one for one in found]


def _added(found: list[Entry]) -> list[Entry]:
    return [*found, Entry("zzz.txt", b"more")]


def _exchanged(found: list[Entry]) -> list[Entry]:
    return [*found[:-2], found[-1], found[-2]]


def _truncated_journal(found: list[Entry]) -> list[Entry]:
    def cut(one: Entry) -> Entry:
        lines = one.content.splitlines(keepends=True)
        return replace(one, content=b"".join(lines[:-3]))

    return [cut(one) if one.name == "journal.jsonl" else one for one in found]


@pytest.mark.parametrize(
    ("change", "entry"),
    [
        *((_without(name), name) for name in (*FILES, "manifest.json", "seal.json", "seal.sig")),
        (_renamed, "observation.json"),
        (_added, "zzz.txt"),
        (_exchanged, "screens/server.png"),
        (_truncated_journal, "journal.jsonl"),
    ],
)
def test_added_removed_renamed_moved_and_cut_entries_are_named(
    change: Callable[[list[Entry]], list[Entry]], entry: str
) -> None:
    assert fault(pack(change(entries(SEALED)))).entry == entry


def test_entries_of_another_candidates_sound_dossier_are_found() -> None:
    other = dossier("c02")
    open_dossier(other, KEYS)
    mine, theirs = entries(SEALED), {one.name: one for one in entries(other)}
    differ = [one.name for one in mine if theirs[one.name].content != one.content]
    assert set(differ) == {"manifest.json", "seal.json", "seal.sig", "journal.jsonl", "observation.json"}
    for name in differ:
        fault(pack([theirs[name] if one.name == name else one for one in mine]))
    sealing = {"manifest.json", "seal.json", "seal.sig"}
    swapped = pack([theirs[one.name] if one.name in sealing else one for one in mine])
    assert fault(swapped).entry == "journal.jsonl"


def test_a_dossier_sealed_by_another_key_is_not_ours() -> None:
    forged = dossier(key=OTHER_KEY)
    assert OTHER_KEY.public.hex in fault(forged).what.fr
    signature = next(one for one in entries(SEALED) if one.name == "seal.sig")
    fault(pack([signature if one.name == "seal.sig" else one for one in entries(forged)]))


def test_the_same_name_twice_is_found() -> None:
    content = bytearray()
    first = entries(SEALED)
    double = next(one for one in first if one.name == "observation.json")
    content += SEALED[: double.end] + SEALED[double.begin : double.end] + SEALED[double.end :]
    assert fault(bytes(content)).entry == "observation.json"
