"""Registry hives: what others write is read as it was, and a forged one says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkers.disk.hives import Reader, read_keys
from checkers.disk.plan import Key
from tests.unit.checkers.disk.asking import GOLDENS
from tests.unit.checkers.disk.hive import hive, number, several, text

HIVEX = GOLDENS / "hivex-system.hive"
SMALL = {"Select": {"Default": number(1)}, "ControlSet001": {"A": {"B": {"C": {"x": text("y")}}, "n": number(7)}}}

names = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="\\"), min_size=1, max_size=20)
values = st.one_of(
    st.integers(0, 2**32 - 1).map(lambda one: (number(one), ("REG_DWORD", str(one)))),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40).map(
        lambda one: (text(one), ("REG_SZ", one))
    ),
    st.lists(st.text("abcé€", min_size=1, max_size=9), min_size=1, max_size=4).map(
        lambda some: (several(*some), ("REG_MULTI_SZ", "\n".join(some)))
    ),
)


def key(path: str, depth: int = 0) -> Key:
    return Key(hive="SYSTEM", path=path, depth=depth)


def test_a_hive_of_hivex_is_read_by_the_program() -> None:
    asked = [key("\\CurrentControlSet\\Services\\w32time", 2), key("\\Nowhere")]
    answer = read_keys(str(HIVEX), asked)
    assert answer["keys"]["\\Nowhere"] is None
    assert answer["keys"]["\\CurrentControlSet\\Services\\w32time"] == {
        "values": {"Start": ["REG_DWORD", "3"], "DisplayName": ["REG_SZ", "Temps Windows"]},
        "keys": {
            "TriggerInfo": {
                "values": {},
                "keys": {"0": {"values": {"Type": ["REG_DWORD", "3"], "Action": ["REG_DWORD", "1"]}, "keys": {}}},
            }
        },
    }


def test_depth_is_kept_to(tmp_path: Path) -> None:
    (tmp_path / "hive").write_bytes(hive(SMALL))
    found = Reader(str(tmp_path / "hive")).key(key("\\ControlSet001", 1))
    assert found == {"values": {}, "keys": {"A": {"values": {"n": ("REG_DWORD", "7")}, "keys": {}}}}


@given(tree=st.dictionaries(names, values, max_size=6))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_is_read(
    tmp_path: Path, tree: dict[str, tuple[tuple[int, bytes], tuple[str, str]]]
) -> None:
    file = tmp_path / "hive"
    file.write_bytes(hive({"K": {name: given for name, (given, _) in tree.items()}}))
    found = Reader(str(file)).key(key("\\K"))
    assert found is not None
    assert found["values"] == {name: told for name, (_, told) in tree.items()}


def test_a_hive_that_was_not_closed_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "hive").write_bytes(hive(SMALL, closed=False))
    assert read_keys(str(tmp_path / "hive"), [key("\\Select")]) == {"failed": "not closed"}


@pytest.mark.parametrize("content", [b"", b"regf", b"\0" * 8192, hive(SMALL)[:4200]])
def test_no_hive_says_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "hive").write_bytes(content)
    assert "failed" in read_keys(str(tmp_path / "hive"), [key("\\Select")])


def test_a_key_below_itself_ends(tmp_path: Path) -> None:
    """The list of subkeys of the last key leads back to the first: without a depth nobody would ever be done."""
    content = bytearray(hive({"A": {"B": {}}}))
    root, b = content.index(b"nk"), content.rindex(b"nk")
    content[b + 20 : b + 32] = content[root + 20 : root + 32]
    (tmp_path / "hive").write_bytes(content)
    found = Reader(str(tmp_path / "hive")).key(key("\\", 3))
    assert found is None or len(str(found)) < 10_000


@given(spots=st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 255)), min_size=1, max_size=12))
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_garbled_hive_ends_in_an_answer_or_an_error(tmp_path: Path, spots: list[tuple[int, int]]) -> None:
    """The program says ``failed`` for any error; what must not be is a loop, or an answer without bounds."""
    content = bytearray(HIVEX.read_bytes())
    for at, byte in spots:
        content[at % len(content)] = byte
    (tmp_path / "hive").write_bytes(content)
    try:
        found = Reader(str(tmp_path / "hive")).key(key("\\ControlSet001\\Services", 3))
    except Exception:  # noqa: BLE001 - as the program takes it
        return
    assert len(str(found)) < 5_000_000
