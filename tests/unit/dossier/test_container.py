"""The archive is a ZIP that everybody's tools read, and that only we write."""

from __future__ import annotations

import io
import zipfile

import pytest

from orchestrator.sealed.container import Broken, Entry, first_difference, must_be_exact, pack, unpack
from tests.unit.dossier.samples import FILES

PACKED = pack([Entry(name, content) for name, content in FILES.items()])


def test_ordinary_tools_read_it() -> None:
    with zipfile.ZipFile(io.BytesIO(PACKED)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == FILES
        assert all(one.compress_type == zipfile.ZIP_STORED and not one.extra for one in archive.infolist())


def test_what_was_packed_is_read_back() -> None:
    found = unpack(PACKED)
    assert {one.name: one.content for one in found} == FILES
    assert all(PACKED[one.offset : one.end] == one.content for one in found)
    must_be_exact(PACKED, found)


@pytest.mark.parametrize(
    "name", ["", "/etc/passwd", "../x", "a/../b", "a//b", "a/", ".x", "a/.x", "é", "a b", "a\\b", "x" * 201]
)
def test_a_name_that_could_mean_something_else_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        pack([Entry(name, b"")])


def test_names_that_differ_in_capitals_only_are_refused() -> None:
    with pytest.raises(ValueError, match="not a name"):
        pack([Entry("a.txt", b""), Entry("A.txt", b"")])


def test_what_other_tools_write_is_not_exact() -> None:
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", method) as archive:
            for name, content in FILES.items():
                archive.writestr(name, content)
        with pytest.raises(Broken):
            must_be_exact(made.getvalue(), unpack(made.getvalue()))


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\3\4", b"%PDF-1.7", b"PK\5\6" + b"\0" * 18])
def test_what_is_no_dossier_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(Broken):
        unpack(content)


def test_the_first_difference_is_found_by_halves() -> None:
    for at in (0, 1, 511, 512, 1023):
        changed = bytearray(1024)
        changed[at] = 1
        assert first_difference(bytes(1024), bytes(changed)) == at
    assert first_difference(b"abc", b"abc") == 3
    assert first_difference(b"abc", b"abcd") == 3
    assert first_difference(b"", b"x") == 0
