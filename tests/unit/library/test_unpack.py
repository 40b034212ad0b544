"""Archives: honest ones come out as they went in; of the others nothing gets out of the folder, and not much in."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrator.library import entries
from orchestrator.library.errors import ArchiveError
from orchestrator.library.unpack import pack, unpack
from tests.unit.library.archives import files_of, rewound, tar_of, zip_of

Maker = Callable[[dict[str, bytes | str]], io.BytesIO]
FILES: dict[str, bytes | str] = {"lab.yml": "id: x", "setup/a.sh": b"true\n", "sujet.md": "é"}
BOTH = pytest.mark.parametrize("make", [zip_of, tar_of])


def refused(archive: io.BytesIO, place: Path) -> str:
    """What is said of an archive that is not taken; nothing was written beside its folder."""
    before = set(place.iterdir())
    with pytest.raises(ArchiveError) as caught:
        unpack(archive, place / "in")
    assert set(place.iterdir()) - before <= {place / "in"}
    assert all(not path.is_symlink() for path in place.rglob("*"))
    return str(caught.value)


def written(place: Path) -> int:
    return sum(path.stat().st_size for path in place.rglob("*") if path.is_file())


@BOTH
@pytest.mark.parametrize("top", ["", "my-lab/"])
def test_what_was_packed_comes_out(make: Maker, top: str, tmp_path: Path) -> None:
    lab = unpack(make({top + name: content for name, content in FILES.items()}), tmp_path / "in")
    assert files_of(lab) == {"lab.yml": b"id: x", "setup/a.sh": b"true\n", "sujet.md": "é".encode()}


def test_a_lab_packed_here_is_the_same_lab(tmp_path: Path) -> None:
    lab = unpack(zip_of(FILES), tmp_path / "in")
    again = unpack(io.BytesIO(pack(lab, "my-lab")), tmp_path / "again")
    assert files_of(again) == files_of(lab)
    assert pack(lab, "x") == pack(again, "x")


def test_a_folder_packed_from_within_comes_out(tmp_path: Path) -> None:
    here = tarfile.TarInfo("./")
    here.type = tarfile.DIRTYPE
    assert "lab.yml" in files_of(unpack(tar_of({"./lab.yml": "id: x"}, here), tmp_path / "in"))


@BOTH
def test_what_the_hash_does_not_count_is_not_kept(make: Maker, tmp_path: Path) -> None:
    """Else an approval, which is about a hash, would say nothing about a hidden playbook."""
    hidden: dict[str, bytes | str] = {".secret.yml": "x", ".git/config": "x", "__pycache__/a.pyc": "x", "a.yml~": "x"}
    lab = unpack(make({**FILES, **hidden}), tmp_path / "in")
    assert set(files_of(lab)) == set(FILES)


@BOTH
@pytest.mark.parametrize("name", [
    "../evil",
    "a/../../evil",
    "/etc/evil",
    "//evil",
    "C:/evil",
    "C:evil",
    "..\\evil",
    "a\\b",
    "a//b",
    "./../evil",
    "a/./b",
    " a",
    "a /b",
    "a\nb",
    "a\x1b[2J",
    "a" * 101,
    "/".join("abcdefghi"),
])  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(make: Maker, name: str, tmp_path: Path) -> None:
    refused(make({"lab.yml": "id: x", name: "evil"}), tmp_path)


def test_a_name_that_ends_before_its_end_is_refused(tmp_path: Path) -> None:
    refused(io.BytesIO(zip_of({"evil.ymlXtxt": "x"}).getvalue().replace(b"ymlX", b"yml\0")), tmp_path)


@BOTH
@pytest.mark.parametrize("pair", [("a.yml", "A.yml"), ("straße", "STRASSE"), ("dir/a", "DIR/b"), ("a", "a/b")])
def test_two_names_for_one_file_are_refused(make: Maker, pair: tuple[str, str], tmp_path: Path) -> None:
    refused(make(dict.fromkeys(pair, "x")), tmp_path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("lab.yml", "good")
        archive.writestr("lab.yml", "evil")
    refused(rewound(out), tmp_path)
    (tmp_path / "tar").mkdir()
    refused(tar_of({"lab.yml": "good"}, tarfile.TarInfo("lab.yml")), tmp_path / "tar")


@pytest.mark.parametrize("kind", [
    tarfile.SYMTYPE,
    tarfile.LNKTYPE,
    tarfile.CHRTYPE,
    tarfile.BLKTYPE,
    tarfile.FIFOTYPE,
    tarfile.GNUTYPE_SPARSE,
])  # fmt: skip
def test_a_tar_holds_files_and_folders_only(kind: bytes, tmp_path: Path) -> None:
    member = tarfile.TarInfo("link")
    member.type, member.linkname = kind, "/etc/shadow"
    refused(tar_of({"lab.yml": "id: x"}, member), tmp_path)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK, stat.S_IFDIR])
def test_a_zip_holds_files_and_folders_only(kind: int, tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.external_attr = (kind | 0o777) << 16
        archive.writestr(info, "/etc/shadow")
    refused(rewound(out), tmp_path)


def test_a_link_cannot_be_written_through(tmp_path: Path) -> None:
    """The classic: a link to a folder, then a file in it."""
    link = tarfile.TarInfo("out")
    link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path)
    refused(tar_of({}, link, tarfile.TarInfo("out/evil")), tmp_path)
    assert not (tmp_path / "evil").exists()


@BOTH
def test_a_bomb_of_zeros_stops_at_the_ratio(make: Maker, tmp_path: Path) -> None:
    archive = make({"lab.yml": bytes(15 << 20)})
    size = len(archive.getvalue())
    assert size < 100_000
    refused(archive, tmp_path)
    assert written(tmp_path) <= entries.RATIO_FREE + entries.MAX_RATIO * size


@BOTH
def test_no_file_and_no_archive_unfolds_beyond_its_bound(
    make: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "MAX_RATIO", 1 << 20)
    refused(make({"lab.yml": bytes(entries.MAX_FILE + 1)}), tmp_path)
    assert written(tmp_path) <= entries.MAX_FILE
    (tmp_path / "many").mkdir()
    refused(make({f"{n}.bin": bytes(entries.MAX_FILE) for n in range(5)}), tmp_path / "many")
    assert written(tmp_path / "many") <= entries.MAX_UNPACKED


@BOTH
def test_too_many_entries_are_refused(make: Maker, tmp_path: Path) -> None:
    refused(make({f"{n}.yml": "" for n in range(entries.MAX_ENTRIES + 1)}), tmp_path)


def test_a_zip_s_endless_list_is_not_even_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZipFile", lambda _file: pytest.fail("it was read"))
    refused(io.BytesIO(b"PK\x03\x04" + b"PK\x01\x02" * (2 * entries.MAX_ENTRIES + 1)), tmp_path)


def test_entries_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    """A list with one file under many names: small on the wire, endless once unfolded."""
    archive = zip_of({"a.bin": bytes(1 << 20)}).getvalue()
    start = archive.index(b"PK\x01\x02")
    entry, end = archive[start : archive.index(b"PK\x05\x06")], archive[archive.index(b"PK\x05\x06") :]
    many = b"".join(entry.replace(b"a.bin", b"%c.bin" % name) for name in b"abcdefgh")
    counts = struct.pack("<HHLL", 8, 8, len(many), start)
    refused(io.BytesIO(archive[:start] + many + end[:8] + counts + end[20:]), tmp_path)


def test_a_size_that_lies_is_not_believed(tmp_path: Path) -> None:
    archive = bytearray(zip_of({"lab.yml": b"x" * 1000}).getvalue())
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<L", archive, archive.index(mark) + at, 10)
    refused(io.BytesIO(bytes(archive)), tmp_path)
    assert written(tmp_path) <= 10


def test_a_tar_header_that_claims_a_terabyte_is_not_believed(tmp_path: Path) -> None:
    member = tarfile.TarInfo("lab.yml")
    member.size = 1 << 40
    refused(io.BytesIO(gzip.compress(member.tobuf(tarfile.GNU_FORMAT) + b"x" * 512)), tmp_path)
    assert written(tmp_path) <= 512


def test_headers_of_a_tar_cannot_fill_the_memory(tmp_path: Path) -> None:
    long_name = tarfile.TarInfo("././@LongLink")
    long_name.type, long_name.size = tarfile.GNUTYPE_LONGNAME, 1 << 30
    body = long_name.tobuf(tarfile.GNU_FORMAT) + bytes(200 << 20)
    refused(io.BytesIO(gzip.compress(body, 1)), tmp_path)


def test_headers_within_headers_are_refused(tmp_path: Path) -> None:
    long_name = tarfile.TarInfo("././@LongLink")
    long_name.type, long_name.size = tarfile.GNUTYPE_LONGNAME, 5
    body = (long_name.tobuf(tarfile.GNU_FORMAT) + b"lab\0\0".ljust(512, b"\0")) * 5000
    refused(io.BytesIO(gzip.compress(body)), tmp_path)


def test_a_name_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    raw = zip_of({"s\u00e9jet.md": "x"}).getvalue()
    wrong = raw.replace("s\u00e9jet".encode(), b"s\xe9\xe9jet")
    assert "UTF-8" in refused(io.BytesIO(wrong), tmp_path)
    old = io.BytesIO()
    with zipfile.ZipFile(old, "w") as archive:
        archive.writestr("sXjet.md", "x")
    (tmp_path / "old").mkdir()
    assert "UTF-8" in refused(io.BytesIO(old.getvalue().replace(b"sXjet", b"s\x82jet")), tmp_path / "old")
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", encoding="latin-1", format=tarfile.GNU_FORMAT) as archive_:
        archive_.addfile(tarfile.TarInfo("s\u00e9jet.md"))
    (tmp_path / "tar").mkdir()
    assert "UTF-8" in refused(rewound(out), tmp_path / "tar")


def test_archives_in_archives_stay_what_they_are(tmp_path: Path) -> None:
    inner = zip_of({"bomb": bytes(10 << 20)}).getvalue()
    lab = unpack(zip_of({"lab.yml": "id: x", "inner.zip": inner}), tmp_path / "in")
    assert files_of(lab)["inner.zip"] == inner


@pytest.mark.parametrize("content", [
    b"",
    b"PK",
    b"PK\x03\x04",
    b"PK\x03\x04" + b"\0" * 100,
    b"\x1f\x8b",
    b"\x1f\x8b\x08" + b"\0" * 50,
    gzip.compress(b"not a tar", mtime=0),
    b"id: x\n",
    b"7z\xbc\xaf\x27\x1c",
])  # fmt: skip
def test_what_is_no_archive_is_refused(content: bytes, tmp_path: Path) -> None:
    refused(io.BytesIO(content), tmp_path)


@BOTH
def test_an_archive_that_was_cut_short_is_refused(make: Maker, tmp_path: Path) -> None:
    whole = make({**FILES, "big.bin": bytes(range(256)) * 400}).getvalue()
    for share in (0.3, 0.6, 0.9, 0.99):
        place = tmp_path / str(share)
        place.mkdir()
        refused(io.BytesIO(whole[: int(len(whole) * share)]), place)


def test_an_archive_with_a_password_is_refused(tmp_path: Path) -> None:
    archive = bytearray(zip_of({"lab.yml": "id: x"}).getvalue())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        archive[archive.index(mark) + at] |= 1
    refused(io.BytesIO(bytes(archive)), tmp_path)


def test_an_archive_beyond_the_size_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MAX_ARCHIVE", 100)
    monkeypatch.setattr("orchestrator.library.unpack.MAX_ARCHIVE", 100)
    refused(zip_of({"lab.yml": b"x" * 200}, packed=False), tmp_path)
