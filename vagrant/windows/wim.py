"""What a WIM file says it holds: the XML at its end (Microsoft, "Windows Imaging File Format", rhXmlData).

Header (little endian): ``MSWIM\\0\\0\\0``, u32 header size, then at byte 72 the resource header of the XML: 7 bytes of
size, 1 of flags, u64 offset, u64 original size. The XML is UTF-16 with a mark and is never compressed; .esd files are
the same.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO
from xml.etree import ElementTree as ET

_MAGIC = b"MSWIM\0\0\0"
_HEADER = 208
_XML_AT = 72
_XML_LIMIT = 16 * 1024 * 1024
_STEP = 4 * 1024 * 1024


@dataclass(frozen=True)
class WimImage:
    """One Windows in the file. edition: EDITIONID; installation: INSTALLATIONTYPE; language: the default one."""

    index: int
    name: str
    edition: str
    installation: str
    build: int
    language: str
    architecture: str


_ARCHITECTURES = {"0": "x86", "9": "amd64", "12": "arm64"}


def images(stream: BinaryIO) -> list[WimImage]:
    """The images in a WIM that is read from its beginning; it need not be seekable. Raises ValueError when it is none,
    is cut or says nonsense."""
    header = _exactly(stream, _HEADER)
    if not header.startswith(_MAGIC):
        raise ValueError("not a WIM file")
    size = int.from_bytes(header[_XML_AT : _XML_AT + 7], "little")
    (offset,) = struct.unpack_from("<Q", header, _XML_AT + 8)
    if not 0 < size <= _XML_LIMIT or offset < _HEADER:
        raise ValueError("a WIM file without a list of images")
    _skip(stream, offset - _HEADER)
    try:
        text = _exactly(stream, size).decode("utf-16")
        if "<!" in text:  # no declarations: nothing to expand
            raise ValueError("a WIM file whose list of images has declarations")
        root = ET.fromstring(text)  # noqa: S314 - bounded, without declarations
    except (ET.ParseError, UnicodeDecodeError) as error:
        raise ValueError(f"the WIM file's list of images cannot be read: {error}") from error
    return [_image(element) for element in root.findall("IMAGE")]


def _image(element: ET.Element) -> WimImage:
    def text(path: str) -> str:
        return (element.findtext(path) or "").strip()

    number, build = element.get("INDEX", ""), text("WINDOWS/VERSION/BUILD")
    return WimImage(
        index=int(number) if number.isdecimal() else 0,
        name=text("NAME"),
        edition=text("WINDOWS/EDITIONID"),
        installation=text("WINDOWS/INSTALLATIONTYPE"),
        build=int(build) if build.isdecimal() else 0,
        language=text("WINDOWS/LANGUAGES/DEFAULT"),
        architecture=_ARCHITECTURES.get(text("WINDOWS/ARCH"), text("WINDOWS/ARCH")),
    )


def _exactly(stream: BinaryIO, size: int) -> bytes:
    parts = []
    while size > 0:
        part = stream.read(size)
        if not part:
            raise ValueError("the WIM file is cut short")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _skip(stream: BinaryIO, size: int) -> None:
    while size > 0:
        size -= len(_exactly(stream, min(size, _STEP)))
