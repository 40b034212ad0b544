"""The smallest initrd that mounts a virtio disk: static busybox, a few modules, twenty lines of shell.

A distribution's initrd starts udev and probes for everything; under emulation that takes seconds of each boot.
The archive is written here (cpio "newc", uncompressed: QEMU loads it straight into memory).
"""

from __future__ import annotations

import lzma
import re
import subprocess
from pathlib import Path

from labs.text import Text
from vagrant.errors import ImageError

INIT = """#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /root
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox mount -t proc proc /proc
for module in /modules/*; do /bin/busybox insmod "$module"; done
tries=0
while [ ! -b /dev/vda ]; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] || { echo "epreuve: no disk /dev/vda" > /dev/console; exec /bin/busybox sh; }
    /bin/busybox usleep 100000
done
/bin/busybox mount -t ext4 -o rw,noatime /dev/vda /root || exec /bin/busybox sh
/bin/busybox mount --move /dev /root/dev
/bin/busybox umount /proc
exec /bin/busybox switch_root /root /sbin/init
"""


def write_initrd(root: Path, modules: tuple[str, ...], target: Path) -> None:
    """Write the initrd for the kernel installed in a root file system. modules: names, in load order."""
    members: list[tuple[str, int, bytes]] = [
        ("bin", 0o040755, b""),
        ("modules", 0o040755, b""),
        ("bin/busybox", 0o100755, _busybox(root)),
        ("init", 0o100755, INIT.encode()),
    ]
    version = kernel_version(root)
    builtin = (root / "usr/lib/modules" / version / "modules.builtin").read_text()
    for number, name in enumerate(modules):
        if re.search(rf"/{_spelling(name)}\.ko$", builtin, re.MULTILINE):
            continue
        members.append((f"modules/{number:02}-{name}.ko", 0o100644, _module(root, version, name)))
    target.write_bytes(cpio(members))


def kernel_version(root: Path) -> str:
    """The version of the one kernel of a root file system."""
    versions = [p.name for p in (root / "usr/lib/modules").glob("*") if (p / "kernel").is_dir()]
    if len(versions) != 1:
        raise ImageError(
            Text("L’image doit avoir un noyau, elle en a {n}.", "The image must have one kernel, it has {n}.").format(
                n=len(versions)
            ),
            where=str(root),
            do=Text("Corrigez « kernel » de la recette.", "Correct “kernel” in the recipe."),
        )
    return versions[0]


def cpio(members: list[tuple[str, int, bytes]]) -> bytes:
    """A cpio "newc" archive (the kernel's Documentation/driver-api/early-userspace/buffer-format.rst)."""
    out = bytearray()
    for inode, (name, mode, content) in enumerate([*members, ("TRAILER!!!", 0, b"")], start=1):
        fields = (inode, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0)
        out += b"070701" + b"".join(b"%08x" % field for field in fields) + name.encode() + b"\0"
        out += b"\0" * (-len(out) % 4)
        out += content
        out += b"\0" * (-len(out) % 4)
    return bytes(out)


def _busybox(root: Path) -> bytes:
    binary = root / "usr/bin/busybox"
    if not binary.is_file():
        raise ImageError(
            Text("busybox-static manque à l’image.", "busybox-static is missing from the image."),
            do=Text("Ajoutez-le à « packages ».", "Add it to “packages”."),
        )
    return binary.read_bytes()


def _spelling(name: str) -> str:
    return name.replace("_", "[-_]")


def _module(root: Path, version: str, name: str) -> bytes:
    pattern = re.compile(rf"^{_spelling(name)}\.ko(\.xz|\.zst)?$")
    for path in (root / "usr/lib/modules" / version / "kernel").rglob("*.ko*"):
        match = pattern.match(path.name)
        if match and match[1] == ".xz":
            return lzma.decompress(path.read_bytes())
        if match and match[1] == ".zst":
            return subprocess.run(["zstd", "-dc", str(path)], check=True, capture_output=True).stdout
        if match:
            return path.read_bytes()
    raise ImageError(
        Text("Le noyau n’a pas de module « {name} ».", "The kernel has no module “{name}”.").format(name=name),
        where=version,
        do=Text("Corrigez « initrd_modules » de la recette.", "Correct “initrd_modules” in the recipe."),
    )
