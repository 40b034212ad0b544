"""Carrying out a plan, with a session that answers as guestfish does for a disk of these files."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from checkers.channel import ChannelError
from checkers.disk.plan import FILE_LIMIT, Entry, Key, Tree, Wanted
from orchestrator import disk_read
from orchestrator.disk_read import DiskReader
from orchestrator.disk_roots import Root
from tests.unit.checkers.disk.asking import GOLDENS

SYSTEM = "/Windows/System32/config/SYSTEM"
FEATURES = "Filesystem features: has_journal extent"
PIPE = object()


class Session:
    """Files by their path (PIPE: what is there, and is no file); a folder is there when a file is under it."""

    folder = Path()

    def __init__(self, files: dict[str, Any], state: str = FEATURES, kind: str = "ext4") -> None:
        self.place = SimpleNamespace(name=str(Session.folder))
        self.files = files
        self.state, self.kind = state, kind
        self.opened: list[str] = []
        self.systems = {"/dev/sdb": "swap", "/dev/sda": kind}
        self.partitions: dict[str, str] = {}
        self.probe = "0"
        self.mounted = ""

    def must(self, command: str) -> None:
        self.answer(*self.split(command))

    def ask(self, *commands: str) -> list[list[str]]:
        return [self.answer(*self.split(command)) for command in commands]

    def split(self, command: str) -> tuple[str, str, str]:
        word, _, rest = command.partition(" ")
        path, _, rest = rest.removeprefix('"').partition('"')
        return word, bytes(path, "ascii").decode("unicode_escape").encode("latin-1").decode(), rest.strip()

    def answer(self, word: str, path: str, rest: str) -> list[str]:
        content: Any = self.files.get(path)
        folder = any(name.startswith(f"{path}/") for name in self.files)
        if word in ("mount-ro", "umount"):
            self.mounted = path if word == "mount-ro" else ""
        if word == "list-filesystems":
            return [f"{device}: {kind}" for device, kind in self.systems.items()]
        if word == "list-partitions":
            return list(self.partitions)
        if word == "vfs-type":
            return [self.partitions[path]]
        if word == "ntfs-3g-probe":
            return [self.probe]
        if word == "tune2fs-l":
            return self.state.split("\n")
        if word == "is-file":
            return ["true" if self.mounted and isinstance(content, bytes) else "false"]
        if word == "is-dir":
            return ["true" if folder else "false"]
        if word == "exists":
            return ["true" if content is not None or folder else "false"]
        if word == "filesize":
            return [str(len(content))]
        if word in ("realpath", "case-sensitive-path"):
            return [path]
        if word == "download-offset":
            self.opened.append(path)
            Path(rest.split('"')[1]).write_bytes(content)
        if word == "tar-out":
            with tarfile.open(rest.rpartition("> ")[2], "w") as archive:
                for name, data in self.files.items():
                    if name.startswith(f"{path}/") and isinstance(data, bytes):
                        info = tarfile.TarInfo("./" + name[len(path) + 1 :])
                        info.size = len(data)
                        archive.addfile(info, io.BytesIO(data))
        return []


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "folder", tmp_path)


def reader(files: dict[str, Any], family: str = "linux", **named: str) -> DiskReader:
    session: Any = Session({"/etc/os-release": b"", **files}, **named)
    return DiskReader(session, family, [])


def test_files_that_are_there_not_there_and_no_files() -> None:
    plan = Wanted(files=("/etc/hostname", "/etc/none", "/etc/pipe", "/etc/folder", "/etc/large"))
    disk = reader(
        {
            "/etc/hostname": b"srv\xff\n",
            "/etc/pipe": PIPE,
            "/etc/folder/x": b"",
            "/etc/large": b"x" * (FILE_LIMIT + 1),
        }
    )
    found = disk.found(plan, "clean")
    assert found.files == {
        "/etc/hostname": Entry(kind="file", text="srv\ufffd\n"),
        "/etc/none": None,
        "/etc/pipe": Entry(kind="other"),
        "/etc/folder": Entry(kind="other"),
        "/etc/large": Entry(kind="large"),
    }
    assert (found.failed, found.ended) == ({}, "clean")
    session: Any = disk._session
    assert "/etc/pipe" not in session.opened, "opening a pipe would wait for ever"


def test_folders() -> None:
    disk = reader({"/etc/x/a.conf": b"1", "/etc/x/b.txt": b"2", "/etc/file": b""})
    plan = Wanted(trees=(Tree(path="/etc/x", names=(".conf",)), Tree(path="/etc/y"), Tree(path="/etc/file")))
    found = disk.found(plan, "off")
    assert found.trees == {"/etc/x": {"a.conf": Entry(kind="file", text="1")}, "/etc/y": None}
    assert set(found.failed) == {"/etc/file"}


@pytest.mark.parametrize(
    "mounts",
    [
        {"/etc/fstab": b"UUID=1 / ext4\n/dev/md0 /var ext4 defaults 0 0\n"},
        {"/etc/systemd/system/var-lib.mount": b"[Mount]\n"},
    ],
)
def test_what_another_file_system_hides_is_not_read(mounts: dict[str, bytes]) -> None:
    disk = reader({**mounts, "/var/lib/samba/sysvol/x": b"old", "/etc/hostname": b"srv"})
    found = disk.found(Wanted(files=("/etc/hostname",), trees=(Tree(path="/var/lib/samba/sysvol"),)), "off")
    assert list(found.failed) == ["/var/lib/samba/sysvol"]
    assert list(found.files) == ["/etc/hostname"]
    assert list(disk.found(Wanted(trees=(Tree(path="/var"),)), "off").failed) == ["/var"], "nor what it is mounted in"


@pytest.mark.parametrize(
    ("state", "closed"),
    [
        (FEATURES, True),
        ("Filesystem features: has_journal needs_recovery extent", False),
        ("Filesystem volume name: needs_recovery\n" + FEATURES, True),  # what a candidate may call it
        ("", False),
    ],
)
def test_whether_the_file_system_was_put_away(state: str, closed: bool) -> None:
    assert reader({}, state=state).root == Root(closed, whole=True)


@pytest.mark.parametrize(("code", "whole"), [("0", True), ("14", False), ("15", False), ("", False)])
def test_ntfs_that_keeps_something_to_itself(code: str, whole: bool) -> None:
    """Hibernated (also by a fast start-up), or with a journal that nobody has put in place."""
    session: Any = Session({SYSTEM: b""}, kind="ntfs")
    session.probe = code
    assert DiskReader(session, "windows", []).root == Root(whole, whole)


def test_the_memory_of_a_sleeping_linux_is_not_on_its_file_system() -> None:
    session: Any = Session({"/etc/os-release": b""})
    session.systems["/dev/sdb"] = "swsuspend"
    assert DiskReader(session, "linux", []).root == Root(closed=False, whole=False)


@pytest.mark.parametrize(
    ("systems", "partitions", "why"),
    [
        ({"/dev/sda": "swap"}, {}, "aucun système"),
        ({"/dev/sda2": "ext4", "/dev/sda3": "ext4"}, {}, "plusieurs systèmes"),
        ({"/dev/sda1": "vfat"}, {"/dev/sda1": "vfat", "/dev/sda3": "BitLocker"}, "chiffré (BitLocker)"),
        ({"/dev/sda1": "vfat"}, {"/dev/sda2": "crypto_LUKS"}, "chiffré (LUKS)"),
    ],
)
def test_a_disk_without_one_known_system_is_no_channel(
    systems: dict[str, str], partitions: dict[str, str], why: str
) -> None:
    session: Any = Session({"/etc/os-release": b""})
    session.systems, session.partitions = systems, partitions
    with pytest.raises(ChannelError) as raised:
        DiskReader(session, "linux", [])
    assert why in raised.value.what.fr


def test_without_its_mount_points_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A candidate may make their folder too large to be read."""
    monkeypatch.setattr(disk_read, "TREE_LIMIT", 100)
    with pytest.raises(ChannelError) as raised:
        reader({"/etc/systemd/system/x.mount": b"x" * 4096})
    assert "points de montage" in raised.value.what.fr


def test_a_disk_of_another_family_is_no_channel() -> None:
    with pytest.raises(ChannelError):
        reader({}, family="windows")


def test_keys_of_hives_and_hives_that_are_none() -> None:
    config = "/Windows/System32/config"
    hive = (GOLDENS / "hivex-system.hive").read_bytes()
    disk = reader(
        {f"{config}/SYSTEM": hive, f"{config}/SOFTWARE": b"regf" + bytes(5000)}, family="windows", kind="ntfs"
    )
    select = Key(hive="SYSTEM", path="\\Select")
    found = disk.found(Wanted(keys=(select, Key(hive="SOFTWARE", path="\\X"), Key(hive="SECURITY", path="\\X"))), "off")
    key = found.keys["SYSTEM \\Select"]
    assert key is not None
    assert key.number("default") == 1
    assert set(found.failed) == {"SOFTWARE", "SECURITY"}
