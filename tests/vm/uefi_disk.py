"""A disk that starts itself through UEFI, as Windows' do: systemd-boot at the fallback path, and a Linux."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from orchestrator.golden import BaseImage
from orchestrator.guestfish import PROGRAM, environment
from vagrant.initrd import INIT, cpio

LOADER = Path("/usr/lib/systemd/boot/efi/systemd-bootx64.efi")
"""Of the package systemd-boot-efi."""
_MIB = 1024 * 1024
_ROOT_AT = 97 * _MIB
_SECTOR = 512
_ENTRY = """title Linux
linux /vmlinuz
initrd /initrd.img
initrd /second.img
options {options}
"""


def make(image: BaseImage, folder: Path, options: str) -> Path:
    """A disk with the system of an image on its second partition. options: for the kernel's command line."""
    assert image.kernel is not None
    assert image.initrd is not None
    raw, disk = folder / "uefi.raw", folder / "uefi.qcow2"
    root = folder / "root.raw"
    subprocess.run(["qemu-img", "convert", "-O", "raw", str(image.disk), str(root)], check=True, timeout=300)
    size = root.stat().st_size
    with root.open("rb") as source, raw.open("wb") as target:
        _copy(source.fileno(), target.fileno(), size)
        target.truncate(_ROOT_AT + size + _MIB)
    init = INIT.replace("/dev/vda ]", "/dev/vda2 ]").replace("noatime /dev/vda ", "noatime /dev/vda2 ")
    assert init.count("/dev/vda2") == 2
    (folder / "second.img").write_bytes(cpio([("init", 0o100755, init.encode())]))  # in place of the first one's
    (folder / "loader.conf").write_text("timeout 0\n")
    (folder / "entry.conf").write_text(_ENTRY.format(options=options))
    start, end = _ROOT_AT // _SECTOR, (_ROOT_AT + size) // _SECTOR - 1
    script = f"""add {raw} format:raw
run
part-init /dev/sda gpt
part-add /dev/sda p 2048 {start - 1}
part-set-gpt-type /dev/sda 1 C12A7328-F81F-11D2-BA4B-00A0C93EC93B
part-add /dev/sda p {start} {end}
mkfs vfat /dev/sda1
mount /dev/sda1 /
mkdir-p /EFI/BOOT
mkdir-p /loader/entries
upload {LOADER} /EFI/BOOT/BOOTX64.EFI
upload {folder / "loader.conf"} /loader/loader.conf
upload {folder / "entry.conf"} /loader/entries/linux.conf
upload {image.kernel} /vmlinuz
upload {image.initrd} /initrd.img
upload {folder / "second.img"} /second.img
umount-all
"""
    (folder / "temporary").mkdir()
    env = environment(str(folder / "temporary"), emulated=True)
    subprocess.run([PROGRAM], input=script.encode(), env=env, check=True, timeout=900)
    subprocess.run(["qemu-img", "convert", "-O", "qcow2", str(raw), str(disk)], check=True, timeout=300)
    raw.unlink()
    root.unlink()
    return disk


def _copy(source: int, target: int, size: int) -> None:
    """What is in one file, without its holes, further on in another."""
    at = 0
    while at < size:
        try:
            start = os.lseek(source, at, os.SEEK_DATA)
        except OSError:
            break
        at = os.lseek(source, start, os.SEEK_HOLE)
        while start < at:
            data = os.pread(source, min(at - start, 4 * _MIB), start)
            start += os.pwrite(target, data, _ROOT_AT + start)
