"""What was written to a hive's logs only is put in place as Windows does it, and nothing else is.

The readers were held against dirty hives of real Windows, and what Windows 10 itself made of them (the test files of
yarp and regipy, which are not ours to ship): byte for byte the same.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.disk.hive_logs import hashed, is_closed, recovered, with_logs
from checkers.disk.hives import Reader
from checkers.disk.plan import Key
from tests.unit.checkers.disk.hive import hive, log, number

OLD, NEW = hive({"Start": {"": number(4)}}, closed=False), hive({"Start": {"": number(2)}})
SIZE = len(OLD) - 4096
WRITTEN = 6
"""The number in the second place of a hive that is not closed; that of what it lacks is the same or above."""
PAGES = {0: NEW[4096:]}
STALE = {0: b"hbin" + bytes(4092)}


def start(content: bytes | None, folder: Path) -> str:
    assert content is not None
    assert is_closed(content)
    (folder / "hive").write_bytes(content)
    found = Reader(str(folder / "hive")).key(Key(hive="SYSTEM", path="\\Start"))
    assert found is not None
    text: str = found["values"]["(default)"][1]
    return text


def test_the_hash_is_that_of_windows() -> None:
    assert hashed(b"") == 0xB39EFCA403966E08
    assert hashed(b"regf\x01") == 0x6607EB80ACE46483


@pytest.mark.parametrize(
    "logs",
    [
        [log(6, PAGES, size=SIZE)],
        [log(6, STALE, PAGES, size=SIZE)],  # the later one wins
        [log(6, STALE, size=SIZE), log(7, PAGES, size=SIZE)],  # the second goes on
        [log(7, PAGES, size=SIZE), log(6, STALE, size=SIZE)],  # in whichever file it is
        [log(6, PAGES, size=SIZE), log(9, STALE, size=SIZE)],  # does not go on from there
        [log(4, STALE, STALE, STALE, STALE, size=SIZE), log(8, PAGES, size=SIZE)],  # begun before: all of it is in it
        [log(1000, PAGES, size=SIZE)],  # what is between was in logs that were written back
        [b"", log(6, PAGES, size=SIZE)],
        [log(6, PAGES, size=SIZE) + log(7, STALE, size=SIZE)[512:1000]],  # cut in the middle
    ],
)
def test_what_is_in_the_logs_is_put_in_place(logs: list[bytes], tmp_path: Path) -> None:
    assert start(with_logs(OLD, logs), tmp_path) == "2"


def spoiled(at: int) -> bytes:
    content = bytearray(log(6, PAGES, size=SIZE))
    content[at] ^= 1
    return bytes(content)


@pytest.mark.parametrize(
    "logs",
    [
        [],
        [b"regf"],
        [log(5, STALE, size=SIZE)],
        [spoiled(10)],  # its base block
        [spoiled(28)],  # of another kind
        [spoiled(512 + 12)],  # the number of the entry
        [spoiled(512 + 100)],  # a page
    ],
)
def test_logs_that_say_nothing_leave_it_unread(logs: list[bytes]) -> None:
    assert with_logs(OLD, logs) is None


def test_a_hive_grows_with_its_log(tmp_path: Path) -> None:
    big = hive({"Start": {"": number(2)}, **{f"k{n}": {"v": number(n)} for n in range(200)}})
    size = len(big) - 4096
    assert size > SIZE
    assert start(with_logs(OLD, [log(6, {0: big[4096:]}, size=size)]), tmp_path) == "2"


def test_by_the_program(tmp_path: Path) -> None:
    for name, content in (("SYSTEM", OLD), ("LOG1", log(6, PAGES, size=SIZE)), ("LOG2", b"")):
        (tmp_path / name).write_bytes(content)
    paths = [str(tmp_path / name) for name in ("LOG1", "LOG2")]
    assert start(recovered(str(tmp_path / "SYSTEM"), paths), tmp_path) == "2"
    assert recovered(str(tmp_path / "SYSTEM"), paths[1:]) is None
    forged = log(6, {2**31: bytes(512)}, size=SIZE)
    (tmp_path / "LOG1").write_bytes(forged)
    assert recovered(str(tmp_path / "SYSTEM"), paths) is None


@given(
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=6),
    st.integers(0, 2**32 - 1),
)
def test_forged_logs_do_no_harm(spots: list[tuple[int, int]], at: int) -> None:
    content = bytearray(log(6, {at: bytes(512)}, size=SIZE))
    for spot, byte in spots:
        content[spot % len(content)] = byte
    try:
        found = with_logs(OLD, [bytes(content)])
    except ValueError:
        return
    assert found is None or len(found) <= len(OLD) + 64 * 1024 * 1024
