"""What is read of folders and of files of keys, whatever a candidate has made of them."""

from __future__ import annotations

import io
import struct
import tarfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checkers.disk.plan import FILE_LIMIT, Entry, Tree
from checkers.disk.stores import names
from checkers.disk.trees import read_tree
from checkers.parsers import registry_pol
from tests.unit.checkers.disk.asking import GOLDENS

TREE = Tree(path="/etc")
POL = (GOLDENS / "samba-Registry.pol").read_bytes()


def archive(folder: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    path = folder / "tree.tar"
    with tarfile.open(path, "w") as opened:
        for info, data in members:
            info.size = len(data)
            opened.addfile(info, io.BytesIO(data))
    return path


def member(
    name: str, kind: bytes = tarfile.REGTYPE, leads: str = "", data: bytes = b""
) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, leads
    return info, data


def test_files_links_and_what_is_neither(tmp_path: Path) -> None:
    found = read_tree(
        archive(
            tmp_path,
            member("./", tarfile.DIRTYPE),
            member("./a.conf", data=b"key=value\n"),
            member("./other", tarfile.LNKTYPE, "./a.conf"),
            member("./link", tarfile.SYMTYPE, "../../host"),
            member("./pipe", tarfile.FIFOTYPE),
            member("./disk", tarfile.BLKTYPE),
            member("./large", data=b"x" * (FILE_LIMIT + 1)),
        ),
        TREE,
    )
    assert found == {
        "a.conf": Entry(kind="file", text="key=value\n"),
        "other": Entry(kind="file", text="key=value\n"),
        "link": Entry(kind="link", text="../../host"),
        "pipe": Entry(kind="other"),
        "disk": Entry(kind="other"),
        "large": Entry(kind="large"),
    }


def test_only_what_is_asked_for_is_told_and_no_keys(tmp_path: Path) -> None:
    made = archive(
        tmp_path,
        member("./A.Network", data=b"psk=hidden\nAddress=1\n"),
        member("./b.txt", data=b"x"),
        member("./c", tarfile.SYMTYPE, "/usr/a.network"),
    )
    found = read_tree(made, Tree(path="/etc", names=(".network",), discreet=True))
    assert found == {
        "A.Network": Entry(kind="file", text="Address=1\n"),
        "c": Entry(kind="link", text="/usr/a.network"),
    }


@given(content=st.binary(max_size=2000))
@example(content=b"./a".ljust(100, b"\0") + b"0" * 412)
def test_no_archive_is_told_as_such(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("tree") / "tree.tar"
    path.write_bytes(content)
    with suppress(ValueError):
        assert read_tree(path, TREE) == {}


def keytab(*principals: tuple[str, str]) -> bytes:
    def counted(text: str) -> bytes:
        return len(text).to_bytes(2, "big") + text.encode()

    entries = [(1).to_bytes(2, "big") + counted(realm) + counted(name) + bytes(16) for name, realm in principals]
    hole = (-8).to_bytes(4, "big", signed=True) + bytes(8)
    return b"\x05\x02" + hole + b"".join(len(entry).to_bytes(4, "big") + entry for entry in entries)


def record(domain: str, *, live: bool) -> bytes:
    """A record of a TDB file as Samba 4.22 wrote it, with another password; deleted ones keep what they held."""
    key = f"SECRETS/MACHINE_PASSWORD/{domain}".encode()
    magic = 0x26011999 if live else 0xD9FEE666
    return struct.pack("<IIIIII", 0, 0x1EC, len(key), 6, 0xF80A286F, magic) + key + b"secret"


def test_names_of_keys_are_told_and_never_the_keys() -> None:
    assert names("/etc/krb5.keytab", keytab(("PC-01$", "LYCEE.LAN"), ("PC-01$", "LYCEE.LAN"))) == ("PC-01$@LYCEE.LAN",)
    store = b"TDB file\n" + bytes(80) + record("LYCEE", live=True) + record("OLD", live=False)
    assert names("/var/lib/samba/private/secrets.tdb", store) == ("LYCEE",)


@given(content=st.binary(max_size=400))
def test_a_forged_store_has_names_or_is_none(content: bytes) -> None:
    for path, head in (("x.keytab", b"\x05\x02"), ("x.tdb", b"TDB file")):
        with suppress(ValueError):
            assert len(names(path, head + content)) <= 200


@given(spots=st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), max_size=8), end=st.integers(0, 600))
def test_a_garbled_registry_pol_is_read_or_is_none(spots: list[tuple[int, int]], end: int) -> None:
    content = bytearray(POL)
    for at, byte in spots:
        content[at % len(content)] = byte
    try:
        entries = registry_pol.parse(bytes(content[: end or len(content)]))
    except ValueError:
        return
    assert len(entries) <= len(POL) // 12
