"""Which files a disk stands on, as qemu-img wrote it."""

from __future__ import annotations

from pathlib import Path

from orchestrator.hypervisor.disks import create_overlay
from orchestrator.pruning.backing import backing_files
from tests.unit.pruning.conftest import over_raw


def test_the_whole_chain_by_absolute_and_relative_names(tmp_path: Path) -> None:
    raw, first, second = tmp_path / "raw", tmp_path / "first.qcow2", tmp_path / "away" / "second.qcow2"
    raw.write_bytes(bytes(1 << 20))
    second.parent.mkdir()
    over_raw(raw, first)
    create_overlay(first, second)
    third = second.with_name("third.qcow2")
    create_overlay(second, third)
    assert list(backing_files(third)) == [second, first, raw]
    raw.unlink()
    assert list(backing_files(first)) == [raw], "a file that is missing is named all the same"


def test_what_is_no_disk_stands_on_nothing(tmp_path: Path) -> None:
    contents = {"short": b"QFI", "other": b"x" * 100, "empty": b"", "long": b"QFI\xfb" + b"\xff" * 28}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        assert list(backing_files(tmp_path / name)) == []
    assert list(backing_files(tmp_path / "missing")) == []


def test_one_that_names_itself_is_followed_once(tmp_path: Path) -> None:
    disk = tmp_path / "disk.qcow2"
    name = str(disk).encode()
    disk.write_bytes(b"QFI\xfb" + (3).to_bytes(4) + (104).to_bytes(8) + len(name).to_bytes(4) + bytes(84) + name)
    assert list(backing_files(disk)) == []
