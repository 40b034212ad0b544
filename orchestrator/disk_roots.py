"""Which of the file systems on a disk is the one that its machine starts from, and how that was left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from checkers.channel import ChannelError
from labs.text import Text
from orchestrator.guestfish import Guestfish, quoted

_FILE_SYSTEMS = ("ext2", "ext3", "ext4", "xfs", "btrfs", "ntfs")
_SIGNS = {"linux": "/etc/os-release", "windows": "/Windows/System32/config/SYSTEM"}
"""A file by which the root of each family is known."""
_ENCRYPTED = {"crypto_LUKS": "LUKS", "BitLocker": "BitLocker"}
_SUSPENDED = ("swsuspend", "suspend")
"""Swap space that holds the memory of a sleeping Linux."""
_MAX = 32


@dataclass(frozen=True)
class Root:
    """How a root file system was left, as far as it says. closed: by who put it away properly. whole: nothing of it is
    anywhere else, as what a sleeping machine has in its memory's image, or NTFS in its journal, is."""

    closed: bool
    whole: bool


def mount_root(session: Guestfish, family: str, is_file: Callable[[str], bool]) -> Root:
    """Mount the only root file system of a disk, read-only. is_file: whether a path of the guest leads to a file.

    :raises ChannelError: there is none, or more than one; it says why.
    """
    session.must("run")
    listed, partitions = session.ask("list-filesystems", "list-partitions")
    kinds = {device: kind.strip() for line in listed[:_MAX] for device, _, kind in [line.rpartition(": ")]}
    kinds.update(zip(partitions[:_MAX], _kinds(session, partitions[:_MAX]), strict=True))
    found = []
    for device, kind in kinds.items():
        if kind in _FILE_SYSTEMS:
            session.ask(f"mount-ro {quoted(device)} /")
            if is_file(_SIGNS[family]):
                found.append((device, kind))
            session.ask("umount /")
    if len(found) != 1:
        raise ChannelError(_trouble(len(found), list(kinds.values())), where=_SIGNS[family])
    [(device, kind)] = found
    root = _left(session, device, kind)
    session.must(f"mount-ro {quoted(device)} /")
    asleep = any(kind in _SUSPENDED for kind in kinds.values())
    return Root(root.closed and not asleep, root.whole and not asleep)


def _kinds(session: Guestfish, devices: Sequence[str]) -> list[str]:
    """What is on each partition, in blkid's words; libguestfs lists no encrypted ones as file systems."""
    return ["".join(said) for said in session.ask(*(f"vfs-type {quoted(device)}" for device in devices))]


def _left(session: Guestfish, device: str, kind: str) -> Root:
    """How a file system was left. ext4's journal is put in place by mounting it, that of NTFS is not."""
    if kind.startswith("ext"):
        (state,) = session.ask(f"tune2fs-l {quoted(device)}")
        return Root(_is_put_away(state), whole=True)
    if kind == "ntfs":
        (code,) = session.ask(f"ntfs-3g-probe true {quoted(device)}")
        return Root(code == ["0"], whole=code == ["0"])
    return Root(closed=False, whole=True)  # mounting it puts its journal in place, and nothing tells whether it had to


def _is_put_away(state: Sequence[str]) -> bool:
    """Whether the journal of an ext file system is empty, by what tune2fs(8) tells; it cannot be seen from a name."""
    features = [line for line in state if line.startswith("Filesystem features:")]
    return len(features) == 1 and "needs_recovery" not in features[0]


def _trouble(count: int, kinds: Sequence[str]) -> Text:
    if count:
        return Text(
            "plusieurs systèmes y sont installés, et rien ne dit lequel démarre",
            "several systems are installed on it, and nothing says which one starts",
        )
    locks = [name for kind, name in _ENCRYPTED.items() if kind in kinds]
    if locks:
        return Text("il est chiffré ({name})", "it is encrypted ({name})").format(name=locks[0])
    return Text("aucun système n'y a été trouvé", "no system was found on it")
