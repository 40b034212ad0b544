"""Warm clones: a copy of a machine's save image whose header names another machine.

libvirt refuses a new name or uuid on restore, so the XML in the header of a *copy* is rewritten. The layout is
libvirt's own (``src/qemu/qemu_saveimage.h``, ``struct _virQEMUSaveHeader``) and no promised interface: whatever is not
exactly as expected raises :class:`SaveImageError`, and the machine is booted cold instead.

::

    0   16 bytes  "LibvirtQemudSave"
    16  5 × u32   version (2), data_len, was_running, format (0 raw, 6 sparse), cookie offset   little-endian
    36  56 bytes  reserved
    92  data_len  XML \\0 [cookie \\0] padding; the cookie offset counts from 92
    …             RAM and devices, written by QEMU
"""

from __future__ import annotations

import errno
import fcntl
import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import BinaryIO

MAGIC = b"LibvirtQemudSave"
VERSION = 2
RAW, SPARSE = 0, 6
_NUMBERS = struct.Struct("<5I")
HEADER_LEN = len(MAGIC) + _NUMBERS.size + 56
MAX_DATA_LEN = 4 << 20
"""libvirt pads the XML with 64 KiB; more than 4 MiB is no header of ours."""

_FICLONE = 0x40049409
_CHUNK = 64 << 20


class SaveImageError(ValueError):
    """This file is no save image that we know how to rewrite."""


@dataclass(frozen=True)
class SaveHeader:
    """The header of a save image."""

    data_len: int
    was_running: int
    format: int
    xml: str
    cookie: bytes | None


def read_header(file: BinaryIO) -> SaveHeader:
    """Read and check the header from the start of a save image.

    :raises SaveImageError: it is truncated or not of the one known layout.
    """
    file.seek(0)
    head = file.read(HEADER_LEN)
    if len(head) < HEADER_LEN or not head.startswith(MAGIC):
        raise SaveImageError("no libvirt save image")
    version, data_len, was_running, kind, cookie_at = _NUMBERS.unpack_from(head, len(MAGIC))
    if version != VERSION:
        raise SaveImageError(f"version {version} of the save image, known: {VERSION}")
    if kind not in (RAW, SPARSE):
        raise SaveImageError(f"format {kind} of the save image, known: {RAW} (raw), {SPARSE} (sparse)")
    if not 0 < data_len <= MAX_DATA_LEN:
        raise SaveImageError(f"{data_len} bytes of XML in the save image")
    data = file.read(data_len)
    if len(data) < data_len:
        raise SaveImageError("the save image is truncated")
    xml, ended, _ = data.partition(b"\0")
    if not ended:
        raise SaveImageError("the XML in the save image has no end")
    cookie = None
    if cookie_at:
        # The number's place is known, where the cookie lies is only what it says.
        if not len(xml) < cookie_at < data_len or (end := data.find(b"\0", cookie_at)) < 0:
            raise SaveImageError(f"the save image's cookie is said to be at {cookie_at}")
        cookie = data[cookie_at:end]
    try:
        return SaveHeader(data_len, was_running, kind, xml.decode(), cookie)
    except UnicodeDecodeError as error:
        raise SaveImageError("the XML in the save image is not UTF-8") from error


def write_xml(file: BinaryIO, header: SaveHeader, xml: str) -> None:
    """Put another XML in place of the header's, leaving the rest of the image where it is.

    :raises SaveImageError: it does not fit (nothing is written then).
    """
    body = xml.encode() + b"\0"
    cookie_at = 0
    if header.cookie is not None:
        cookie_at = len(body)
        body += header.cookie + b"\0"
    if len(body) > header.data_len:
        raise SaveImageError(f"{len(body)} bytes of XML for a place of {header.data_len}")
    file.seek(len(MAGIC))
    file.write(_NUMBERS.pack(VERSION, header.data_len, header.was_running, header.format, cookie_at))
    file.seek(HEADER_LEN)
    file.write(body.ljust(header.data_len, b"\0"))


@contextmanager
def image_with_xml(saved: Path, edit: Callable[[str], str]) -> Iterator[Path]:
    """A copy of a save image with its XML edited, for the time of the block. The image itself never changes.

    Copying is what costs, so copies are kept beside the image (at most one for each processor, ``<image>.stage-0``
    and so on, mode 0600): another clone only rewrites the header of one that no other clone is using.

    :raises SaveImageError: the image, or what ``edit`` makes of it, is unfit.
    """
    with saved.open("rb") as source:
        header = read_header(source)
        xml = edit(header.xml)
        with _stage(saved) as (path, descriptor):
            if os.fstat(descriptor).st_size != os.fstat(source.fileno()).st_size:
                os.ftruncate(descriptor, 0)
                try:
                    copy_sparse(source.fileno(), descriptor)
                except BaseException:
                    os.ftruncate(descriptor, 0)  # half a copy must not look like one
                    raise
            with os.fdopen(os.dup(descriptor), "r+b") as target:
                write_xml(target, header, xml)
            yield path


@contextmanager
def _stage(saved: Path) -> Iterator[tuple[Path, int]]:
    """A copy that is ours alone, perhaps still empty: the first free one, else we wait for any."""
    path, descriptor = _free_stage(saved)
    try:
        yield path, descriptor
    finally:
        os.close(descriptor)


def _free_stage(saved: Path) -> tuple[Path, int]:
    while True:
        for number in range(os.cpu_count() or 1):
            path = saved.with_name(f"{saved.name}.stage-{number}")
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
            else:
                return path, descriptor
        sleep(0.05)


def copy_sparse(source: int, target: int) -> None:
    """Copy one file into another empty one: shared extents where the file system can, else data without holes.

    The target gets its full length last: one that was killed half-way can be told by its size.
    """
    with suppress(OSError):
        fcntl.ioctl(target, _FICLONE, source)
        return
    size = os.fstat(source).st_size
    at = 0
    while at < size:
        try:
            start = os.lseek(source, at, os.SEEK_DATA)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            break  # nothing but a hole from here on
        at = end = os.lseek(source, start, os.SEEK_HOLE)
        while start < end:
            start += _copy_range(source, target, min(end - start, _CHUNK), start)
    os.ftruncate(target, size)


def _copy_range(source: int, target: int, count: int, offset: int) -> int:
    try:
        done = os.copy_file_range(source, target, count, offset, offset)
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL):
            raise
        done = os.pwrite(target, os.pread(source, min(count, 1 << 20), offset), offset)
    if done == 0:
        raise SaveImageError("the save image became shorter while it was copied")
    return done
