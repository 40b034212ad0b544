"""Save images: the header is read strictly, rewritten in a copy, and nothing else changes."""

from __future__ import annotations

import io
import os
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.hypervisor import warm
from orchestrator.hypervisor.warm import HEADER_LEN, MAGIC, SaveImageError, image_with_xml, read_header, write_xml

XML = "<domain><name>model</name></domain>"
COOKIE = b"<cookie><slirpHelper/></cookie>"
RAM = b"\x01RAM" * 5000


def image(
    *,
    magic: bytes = MAGIC,
    version: int = 2,
    data_len: int | None = None,
    was_running: int = 1,
    kind: int = 0,
    cookie: bytes | None = COOKIE,
    cookie_at: int | None = None,
    xml: bytes = XML.encode(),
    pad: int = 200,
    ram: bytes = RAM,
) -> bytes:
    """A save image as libvirt lays it out."""
    body = xml + b"\0"
    if cookie is not None:
        cookie_at = len(body) if cookie_at is None else cookie_at
        body += cookie + b"\0"
    body += b"\0" * pad
    numbers = (version, len(body) if data_len is None else data_len, was_running, kind, cookie_at or 0)
    return magic + struct.pack("<5I", *numbers) + b"\0" * 56 + body + ram


@pytest.mark.parametrize("kind", [warm.RAW, warm.SPARSE])
@pytest.mark.parametrize("cookie", [None, COOKIE])
def test_a_header_is_read(kind: int, cookie: bytes | None) -> None:
    header = read_header(io.BytesIO(image(kind=kind, cookie=cookie)))
    assert (header.xml, header.cookie, header.format, header.was_running) == (XML, cookie, kind, 1)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (b"", "no libvirt save image"),
        (image()[: HEADER_LEN - 1], "no libvirt save image"),
        (image(magic=b"LibvirtQemudPart"), "no libvirt save image"),
        (image(version=3), "version 3"),
        (image(version=0), "version 0"),
        (image(kind=1), "format 1"),
        (image(kind=5), "format 5"),
        (image(kind=2**32 - 1), "format"),
        (image(data_len=0), "0 bytes"),
        (image(data_len=2**32 - 1), "bytes of XML"),
        (image(data_len=warm.MAX_DATA_LEN + 1), "bytes of XML"),
        (image(ram=b"", data_len=len(XML) + 5000), "truncated"),
        (image(xml=b"x" * 400, data_len=100, cookie=None), "no end"),
        (image(xml=b"\xff\xfe<domain/>"), "UTF-8"),
        (image(cookie_at=3), "cookie"),
        (image(cookie_at=2**31), "cookie"),
        (image(cookie=b"c" * 10, pad=0, data_len=len(XML) + 6), "cookie"),
    ],
)
def test_a_header_of_any_other_layout_is_refused(made: bytes, says: str) -> None:
    with pytest.raises(SaveImageError, match=says):
        read_header(io.BytesIO(made))


@given(st.binary(max_size=400))
def test_noise_is_refused_and_nothing_else_happens(noise: bytes) -> None:
    for made in (noise, MAGIC + noise):
        try:
            read_header(io.BytesIO(made))
        except SaveImageError:
            continue


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=150), st.booleans())
def test_another_xml_takes_the_place_of_the_first(xml: str, has_cookie: bool) -> None:
    made = image(cookie=COOKIE if has_cookie else None, pad=700)
    file = io.BytesIO(made)
    header = read_header(file)
    write_xml(file, header, xml)
    again = read_header(file)
    assert (again.xml, again.cookie) == (xml, header.cookie)
    assert (again.data_len, again.was_running, again.format) == (header.data_len, header.was_running, header.format)
    assert len(file.getvalue()) == len(made)
    assert file.getvalue().endswith(RAM)


def test_an_xml_that_has_grown_too_long_changes_nothing() -> None:
    made = image(pad=10)
    file = io.BytesIO(made)
    header = read_header(file)
    write_xml(file, header, XML + "x" * 10)
    assert read_header(file).cookie == COOKIE
    file = io.BytesIO(made)
    with pytest.raises(SaveImageError, match="for a place of"):
        write_xml(file, header, XML + "x" * 11)
    assert file.getvalue() == made


def test_the_image_itself_never_changes(tmp_path: Path) -> None:
    saved = tmp_path / "m.save"
    saved.write_bytes(image())
    with image_with_xml(saved, lambda xml: xml.replace("model", "clone")) as copy:
        assert copy.stat().st_mode & 0o777 == 0o600
        assert copy.read_bytes() == image(xml=XML.replace("model", "clone").encode())
    assert saved.read_bytes() == image()


def test_a_free_copy_is_used_again(tmp_path: Path) -> None:
    saved = tmp_path / "m.save"
    saved.write_bytes(image())
    for name in ("longer-name", "n"):
        edited = XML.replace("model", name)
        with image_with_xml(saved, lambda _xml, edited=edited: edited) as copy, copy.open("rb") as file:  # type: ignore[misc]
            assert read_header(file).xml == edited
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.save", "m.save.stage-0"]


def test_two_clones_at_once_have_a_copy_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    saved = tmp_path / "m.save"
    saved.write_bytes(image())
    with image_with_xml(saved, lambda xml: xml) as one, image_with_xml(saved, lambda xml: xml) as other:
        assert one != other


def test_a_copy_that_was_cut_short_is_made_again(tmp_path: Path) -> None:
    saved = tmp_path / "m.save"
    saved.write_bytes(image())
    (tmp_path / "m.save.stage-0").write_bytes(image()[:300])
    with image_with_xml(saved, lambda xml: xml) as copy:
        assert copy.read_bytes() == image()


def test_an_edit_that_fails_leaves_no_copy_that_looks_whole(tmp_path: Path) -> None:
    saved = tmp_path / "m.save"
    saved.write_bytes(image())

    def edit(xml: str) -> str:
        raise SaveImageError("unfit")

    with pytest.raises(SaveImageError, match="unfit"), image_with_xml(saved, edit):
        pytest.fail("not reached")
    assert [path.name for path in tmp_path.iterdir()] == ["m.save"]


@pytest.mark.parametrize("layout", ["data", "hole-data-hole", "hole"])
def test_holes_stay_holes(tmp_path: Path, layout: str) -> None:
    source = tmp_path / "source"
    with source.open("wb") as file:
        if layout != "hole":
            file.seek(0 if layout == "data" else 8 << 20)
            file.write(os.urandom(1 << 20))
        file.truncate(32 << 20)
    target = tmp_path / "target"
    with source.open("rb") as read, target.open("wb") as write:
        warm.copy_sparse(read.fileno(), write.fileno())
    assert target.read_bytes() == source.read_bytes()
    assert target.stat().st_blocks <= source.stat().st_blocks + 64
