"""Disks laid out like those of Windows, made by libguestfs: GPT, EFI partition, MSR, NTFS with registry hives."""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from orchestrator.guestfish import PROGRAM, environment
from orchestrator.hypervisor.disks import create_overlay
from tests.unit.checkers.disk.asking import GOLDENS
from tests.unit.checkers.disk.hive import BINARY, hive, log, number

_TYPES = {
    1: "C12A7328-F81F-11D2-BA4B-00A0C93EC93B",  # EFI system
    2: "E3C9E316-0B5C-4DB8-817D-F92DF00215AE",  # Microsoft reserved
    3: "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7",  # data
    4: "DE94BBA4-06D1-4D40-A16A-BFD50179D6AC",  # recovery
}
_ENDS = (2048, 69632, 102400, 409600, 460800)
"""Sectors at which partitions begin."""
CONFIG = "/Windows/System32/config"
POLICIES = "/Windows/SYSVOL/domain/Policies/{31B2F340-016D-11D2-945F-00C04FB984F9}"

Step = str | tuple[str, bytes]
"""A command of guestfish, or a path of the guest and what is written there."""


def layout(device: str) -> list[Step]:
    """Partitions as Windows Setup makes them, and their file systems."""
    steps: list[Step] = [f"part-init {device} gpt"]
    for index, kind in _TYPES.items():
        steps.append(f"part-add {device} p {_ENDS[index - 1]} {_ENDS[index] - 1}")
        steps.append(f"part-set-gpt-type {device} {index} {kind}")
    return [*steps, f"mkfs vfat {device}1", f"mkfs ntfs {device}3 label:Windows", f"mkfs ntfs {device}4"]


def mounted(partition: str) -> Step:
    """The partition of a Windows, to be written to."""
    return f"mount-options show_sys_files {partition} /"


def system(partition: str) -> list[Step]:
    """What a Windows has in its partition, as far as it is read."""
    security = hive({"Policy": {"PolDnDDN": {"": (BINARY, b"")}, "PolPrDmN": {"": _lsa("WORKGROUP")}, "Secrets": {}}})
    return [
        mounted(partition),
        f"mkdir-p {CONFIG}",
        f'mkdir-p "{POLICIES}/Machine"',
        (f"{CONFIG}/SYSTEM", (GOLDENS / "hivex-system.hive").read_bytes()),
        (f"{CONFIG}/SOFTWARE", (GOLDENS / "samba-software.hive").read_bytes()),
        (f"{CONFIG}/SECURITY", security),
        (f"{POLICIES}/GPT.INI", b"[General]\r\nVersion=3\r\n"),
        (f"{POLICIES}/Machine/Registry.pol", (GOLDENS / "samba-Registry.pol").read_bytes()),
    ]


def not_written_back() -> list[Step]:
    """The hive of security as Windows leaves it when its power is cut: what is new is in a log."""
    old, new = (
        hive({"Policy": {}}, closed=False),
        hive({"Policy": {"PolPrDmN": {"": _lsa("LYCEE")}}, "A": {"n": number(1)}}),
    )
    pages = log(6, {0: new[4096:]}, size=len(new) - 4096)
    return [(f"{CONFIG}/SECURITY", old), (f"{CONFIG}/SECURITY.LOG1", pages), (f"{CONFIG}/SECURITY.LOG2", b"")]


HIBERNATED: list[Step] = [("/hiberfil.sys", b"HIBR" + bytes(8188))]
"""What a fast start-up leaves, too."""


def unclean(whole: Path, disk: Path) -> None:
    """A disk whose volume was not unmounted: its journal holds a restart page (layout: ntfs-3g's ``logfile.h``)."""
    raw = disk.with_suffix(".raw")
    subprocess.run(["qemu-img", "convert", "-O", "raw", str(whole), str(raw)], check=True, timeout=120)
    with raw.open("r+b") as file:
        at, size = _journal(file)
        file.seek(at)
        file.write(_restart_page(size) * 2)
    subprocess.run(["qemu-img", "convert", "-O", "qcow2", str(raw), str(disk)], check=True, timeout=120)


def _journal(file: BinaryIO) -> tuple[int, int]:
    """Where ``$LogFile`` (record 2 of the MFT) begins on a disk, and its length, by the first of its data runs."""
    volume = _ENDS[2] * 512
    file.seek(volume)
    boot = file.read(512)
    cluster = int.from_bytes(boot[11:13], "little") * boot[13]
    file.seek(volume + int.from_bytes(boot[48:56], "little") * cluster + 2 * 1024)
    record = file.read(1024)
    at = int.from_bytes(record[20:22], "little")
    while record[at] != 0x80:  # the attribute with the data
        at += int.from_bytes(record[at + 4 : at + 8], "little")
    size = int.from_bytes(record[at + 48 : at + 56], "little")
    run = at + int.from_bytes(record[at + 32 : at + 34], "little")
    length, offset = record[run] & 15, record[run] >> 4
    first = int.from_bytes(record[run + 1 + length : run + 1 + length + offset], "little")
    return volume + first * cluster, size


def _restart_page(size: int) -> bytes:
    bits = 67 - size.bit_length()
    area = struct.pack("<qHHHHIHHqIHHII", 0, 1, 0xFFFF, 0, 0, bits, 208, 48, size, 0, 48, 64, 0, 0)
    client = struct.pack("<qqHHH6xI", 0, 0, 0xFFFF, 0xFFFF, 0, 8) + "NTFS".encode("utf-16-le").ljust(128, b"\0")
    head = struct.pack("<4sHHQIIHhh", b"RSTR", 30, 9, 0, 4096, 4096, 48, 1, 1).ljust(48, b"\0")
    page = bytearray((head + area + client).ljust(4096, b"\0"))
    kept = b"\x01\0"
    for end in range(510, 4096, 512):  # the last two bytes of each sector are kept at the start
        kept += bytes(page[end : end + 2])
        page[end : end + 2] = b"\x01\0"
    page[30 : 30 + len(kept)] = kept
    return bytes(page)


def locked() -> bytes:
    """The start of a partition that BitLocker has encrypted, as blkid knows it: a sector that tells where more is."""
    sector = bytearray(512)
    sector[:11] = b"\xebX\x90-FVE-FS-"
    sector[160:176] = bytes.fromhex("3bd66749292ed84a8399f6a339e3d001")
    sector[176:184] = (4096).to_bytes(8, "little")
    sector[510:] = b"\x55\xaa"
    return bytes(sector).ljust(4096, b"\0") + b"-FVE-FS-\0\2\2\0".ljust(512, b"\0")


def make(folder: Path, disks: Mapping[str, Sequence[Step]], over: str = "") -> None:
    """Make disks in one session: their names and what is done to each (``DEVICE`` is its own). over: the disk that they
    all begin as."""
    script, work = [], []
    for rank, (name, steps) in enumerate(disks.items()):
        if over:
            create_overlay(folder / over, folder / name)
        else:
            script.append(f"disk-create {folder / name} qcow2 256M")
        script.append(f"add {folder / name} format:qcow2")
        device = f"/dev/sd{chr(ord('a') + rank)}"
        for index, step in enumerate(steps):
            if isinstance(step, str):
                work.append(step.replace("DEVICE", device))
                continue
            path, local = step[0].replace("DEVICE", device), folder / f"{name}.{index}"
            local.write_bytes(step[1])
            inside = path.startswith("/dev/")  # what is there is not made anew
            work.append(f'upload-offset {local} "{path}" 0' if inside else f'upload {local} "{path}"')
        work.append("umount-all")
    with TemporaryDirectory() as place:
        subprocess.run(
            [PROGRAM],
            input="\n".join([*script, "run", *work]).encode(),
            env=environment(place, emulated=True),
            check=True,
            timeout=900,
        )


def _lsa(text: str) -> tuple[int, bytes]:
    data = text.encode("utf-16-le")
    return BINARY, struct.pack("<HHI", len(data), len(data) + 2, 8) + data
