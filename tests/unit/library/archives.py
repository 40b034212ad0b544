"""Archives for tests: honest ones, and those made to harm."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path


def zip_of(files: Mapping[str, bytes | str], *, packed: bool = True) -> io.BytesIO:
    """A zip archive with these files, in this order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=archive.compression)
    return rewound(out)


def tar_of(files: Mapping[str, bytes | str], *members: tarfile.TarInfo) -> io.BytesIO:
    """A tar.gz archive with these files, then these members."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        for member in members:
            archive.addfile(member)
    return rewound(out)


def files_of(folder: Path) -> dict[str, bytes]:
    """The files below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rewound(archive: io.BytesIO) -> io.BytesIO:
    """Ready to be read."""
    archive.seek(0)
    return archive
