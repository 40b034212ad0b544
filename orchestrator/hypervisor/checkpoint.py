"""Checkpoints of a running machine: its RAM and its disk, both of one instant, while it goes on.

libvirt makes an external snapshot: QEMU writes the RAM to a file while the guest runs (dirty pages again until few are
left), stops it for the last of them, and at that instant turns the disk's writes to an overlay. The disk so far is then
copied at leisure, and the overlay is folded back into it: at rest a machine always runs on its own disk file.

A checkpoint that was cut short anywhere leaves the machine on the overlay at worst; :func:`settle` folds it back.
https://libvirt.org/formatsnapshot.html, https://libvirt.org/kbase/merging_disk_image_chains.html
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import libvirt

from labs.files import sync_directory
from labs.text import Text
from orchestrator.hypervisor.disks import fold_file
from orchestrator.hypervisor.errors import HypervisorError
from orchestrator.hypervisor.warm import copy_sparse

OVERLAY = ".live"
"""What an overlay's name has more than its disk's, while a checkpoint is being made."""
_FOLD_LIMIT_S = 600.0

WaitUntil = Callable[[Callable[[], bool], float], bool]


def take(handle: Any, ram: Path, disk: Path, *, wait_until: WaitUntil) -> None:
    """Write the machine's RAM to ``ram`` and its disk to ``disk`` (mode 0600); neither exists on an error.

    Raises libvirtError, HypervisorError or OSError; the machine goes on in any case.
    """
    for path in (ram, disk):
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    settle(handle, wait_until=wait_until)
    own = current_disk(handle)
    overlay = own.with_name(own.name + OVERLAY)
    flags = libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_LIVE | libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA
    try:
        handle.snapshotCreateXML(_snapshot_xml(ram, overlay), flags)
        ram.chmod(0o600)
        copy_disk(own, disk)
    except BaseException:
        ram.unlink(missing_ok=True)
        disk.unlink(missing_ok=True)
        with suppress(libvirt.libvirtError, HypervisorError):
            settle(handle, wait_until=wait_until)
        raise
    settle(handle, wait_until=wait_until)


def settle(handle: Any, *, wait_until: WaitUntil) -> None:
    """Fold the overlay that a checkpoint put over a machine's disk back into it. None there: nothing to do.

    Raises libvirtError, HypervisorError; the machine goes on, on the overlay.
    """
    top = current_disk(handle)
    if not top.name.endswith(OVERLAY):
        top.with_name(top.name + OVERLAY).unlink(missing_ok=True)  # made by a snapshot that then failed
        return
    base = top.with_name(top.name.removesuffix(OVERLAY))
    if handle.isActive():
        _fold(handle, top, base, wait_until)
    else:
        fold_file(top)
        handle.connect().defineXML(_with_disk(handle, base))
    top.unlink(missing_ok=True)


def _fold(handle: Any, top: Path, base: Path, wait_until: WaitUntil) -> None:
    if not handle.blockJobInfo("vda", 0):
        try:
            _commit(handle, top, base)
        except libvirt.libvirtError:
            if handle.state()[0] != libvirt.VIR_DOMAIN_PAUSED:
                raise
            # QEMU let go of the disks when it wrote the RAM, and takes them back only to run: some milliseconds.
            handle.resume()
            handle.suspend()
            _commit(handle, top, base)

    def caught_up() -> bool:
        mirror = ET.fromstring(handle.XMLDesc()).find("devices/disk/mirror")  # noqa: S314 - libvirt wrote it
        return mirror is not None and mirror.get("ready") == "yes"

    if not wait_until(caught_up, _FOLD_LIMIT_S):
        raise HypervisorError(
            Text(
                "Le disque de la machine n'a pas pu être ramené à un seul fichier.",
                "The machine's disk could not be brought back to one file.",
            ),
            where=handle.name(),
            do=Text("La machine continue ; le prochain essai reprendra.", "The machine goes on; the next try resumes."),
        )
    handle.blockJobAbort("vda", libvirt.VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT)


def _commit(handle: Any, top: Path, base: Path) -> None:
    handle.blockCommit("vda", str(base), str(top), 0, libvirt.VIR_DOMAIN_BLOCK_COMMIT_ACTIVE)


def _with_disk(handle: Any, disk: Path) -> str:
    root = ET.fromstring(handle.XMLDesc(libvirt.VIR_DOMAIN_XML_SECURE))  # noqa: S314 - libvirt wrote it
    element = root.find("devices/disk")
    source = None if element is None else element.find("source")
    if element is not None and source is not None:
        source.set("file", str(disk))
        for chain in element.findall("backingStore"):
            element.remove(chain)
    return ET.tostring(root, encoding="unicode")


def current_disk(handle: Any) -> Path:
    """The file that the machine writes to now."""
    source = ET.fromstring(handle.XMLDesc()).find("devices/disk/source")  # noqa: S314 - libvirt wrote it
    return Path("" if source is None else source.get("file", ""))


def _snapshot_xml(ram: Path, overlay: Path) -> str:
    root = ET.Element("domainsnapshot")
    ET.SubElement(root, "memory", snapshot="external", file=str(ram))
    disk = ET.SubElement(ET.SubElement(root, "disks"), "disk", name="vda", snapshot="external", type="file")
    ET.SubElement(disk, "driver", type="qcow2")
    ET.SubElement(disk, "source", file=str(overlay))
    return ET.tostring(root, encoding="unicode")


def copy_disk(source: Path, target: Path) -> None:
    """Copy a disk's file to a new one (mode 0600), flushed. Raises OSError; the target may be there in part then."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with source.open("rb") as read:
            copy_sparse(read.fileno(), descriptor)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    sync_directory(target.parent)
