"""Discs that look like a school's, small: real ISO files with a real WIM header, made as Microsoft documents it."""

from __future__ import annotations

import struct
from pathlib import Path

from vagrant.windows import iso
from vagrant.windows.media import AGENT, DRIVERS

SERVER_2022 = (
    (1, "Windows Server 2022 SERVERSTANDARDCORE", "ServerStandardEval", "Server Core", 20348),
    (2, "Windows Server 2022 SERVERSTANDARD", "ServerStandardEval", "Server", 20348),
    (3, "Windows Server 2022 SERVERDATACENTER", "ServerDatacenterEval", "Server", 20348),
)
WINDOWS_11 = ((1, "Windows 11 Entreprise - Évaluation", "EnterpriseEval", "Client", 26100),)

Row = tuple[int, str, str, str, int]


def wim(rows: tuple[Row, ...], language: str = "fr-FR", architecture: int = 9) -> bytes:
    """A WIM file whose images are these rows: index, name, edition, installation, build."""
    images = "".join(
        f'<IMAGE INDEX="{index}"><NAME>{name}</NAME><WINDOWS><ARCH>{architecture}</ARCH>'
        f"<EDITIONID>{edition}</EDITIONID><INSTALLATIONTYPE>{installation}</INSTALLATIONTYPE><LANGUAGES>"
        f"<DEFAULT>{language}</DEFAULT></LANGUAGES><VERSION><MAJOR>10</MAJOR><BUILD>{build}</BUILD></VERSION>"
        "</WINDOWS></IMAGE>"
        for index, name, edition, installation, build in rows
    )
    xml = b"\xff\xfe" + f"<WIM><TOTALBYTES>1</TOTALBYTES>{images}</WIM>".encode("utf-16-le")
    body = b"\x17" * 70_000
    header = bytearray(208)
    header[:12] = b"MSWIM\0\0\0" + struct.pack("<I", 208)
    header[72:96] = len(xml).to_bytes(7, "little") + b"\x02" + struct.pack("<QQ", 208 + len(body), len(xml))
    return bytes(header) + body + xml


def disc(path: Path, files: dict[str, bytes], label: str) -> Path:
    """An ISO with these files."""
    folder = path.with_suffix(".d")
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    iso.write(path, folder, label)
    return path


def windows_disc(path: Path, rows: tuple[Row, ...] = SERVER_2022, **given: object) -> Path:
    """A Windows ISO."""
    files = {"sources/install.wim": wim(rows, **given), "efi/boot/bootx64.efi": b"MZ"}  # type: ignore[arg-type]
    return disc(path, files, "SSS_X64FREE_FR-FR_DV9")


def virtio_disc(path: Path, folders: tuple[str, ...] = ("w11", "2k22", "2k25"), without: str = "") -> Path:
    """A virtio-win ISO."""
    files = {f"{d}/{folder}/amd64/{d.lower()}.inf": b";" for d in DRIVERS for folder in folders} | {AGENT: b"msi"}
    return disc(path, {name: content for name, content in files.items() if name != without}, "virtio-win-0.1.271")
