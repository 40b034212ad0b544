"""What one Windows image is made of, worked out before anything starts, and the files that say so."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from labs.text import Text
from vagrant.errors import ImageError
from vagrant.windows import iso
from vagrant.windows.answer import Answers, first_start_answers, install_answers
from vagrant.windows.editions import Edition
from vagrant.windows.media import Media, WindowsMedia

BUILDER_VERSION = "1"
"""Raised when the builder itself changes what a Windows image contains."""
PREFIX = "windows-"
"""Of the names of Windows images: a lab says ``image: windows-server``."""
_SCRIPTS = Path(__file__).parent / "scripts"
ON_DISC = ("first-logon.ps1", "winrm.ps1", "SetupComplete.cmd")
"""Scripts on the answer disc; the others are run over the guest agent."""
ROLES = ("server", "server-2", "client", "client-2")
"""What a machine of a lab can be; each has an image of its own, since machines with one security identifier do not
trust one another (Windows 11 24H2, Server 2025). A role is its computer's first name."""
NAMES = tuple(PREFIX + role for role in ROLES)
_VOLUME = "EPREUVE"


@dataclass(frozen=True)
class WindowsPlan:
    """An image to be built. role: what its machines are in a lab (``server``); bypass: Windows 11 without TPM and
    Secure Boot."""

    role: str
    edition: Edition
    windows: WindowsMedia
    virtio: Media
    bypass: bool

    @property
    def name(self) -> str:
        return PREFIX + self.role

    @property
    def answers(self) -> Answers:
        return Answers(
            name=self.name,
            edition=self.edition,
            image_index=self.windows.image.index,
            language=self.windows.image.language,
            hostname=self.role,
            bypass=self.bypass,
        )

    @property
    def key(self) -> str:
        """The content address: the answers (without their password), the scripts, which media, and the builder."""
        digest = hashlib.sha256()
        for label, content in self._contents():
            digest.update(f"{label}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()

    def _contents(self) -> Iterator[tuple[str, bytes]]:
        yield "builder", BUILDER_VERSION.encode()
        yield "install", install_answers(self.answers, "")
        yield "first start", first_start_answers(self.answers, "")
        for script in sorted(path for path in _SCRIPTS.iterdir() if path.is_file()):
            yield script.name, script.read_bytes()
        for media in (self.windows, self.virtio):
            yield "media", f"{media.label}\0{media.size}".encode()
        yield "image", repr(self.windows.image).encode()


def plan(role: str, edition: Edition, windows: WindowsMedia, virtio: Media, *, bypass: bool) -> WindowsPlan:
    """An image's plan. Raises ImageError when there is no such role, or the bypass makes no sense."""
    if role not in ROLES:
        raise ImageError(
            Text(f"Aucun rôle « {role} ».", f"There is no role “{role}”."),
            do=Text(f"Les rôles : {', '.join(ROLES)}.", f"The roles: {', '.join(ROLES)}."),
        )
    if bypass and not edition.is_client:
        raise ImageError(
            Text(
                f"{edition.title} ne demande ni TPM ni Secure Boot.",
                f"{edition.title} needs neither TPM nor Secure Boot.",
            ),
            do=Text("Ôtez --bypass-requirements.", "Leave --bypass-requirements out."),
        )
    return WindowsPlan(role, edition, windows, virtio, bypass)


def script(name: str) -> str:
    """The text of one of the scripts that are run over the guest agent."""
    return (_SCRIPTS / f"{name}.ps1").read_text("utf-8")


def write_files(planned: WindowsPlan, folder: Path, password: str) -> Path:
    """Write the answer files, the scripts and the disc with them into an empty folder; the disc's path. The password is
    in them: nobody else may read them. Raises ImageError."""
    disc = folder / "disc"
    (disc / "epreuve").mkdir(parents=True)
    folder.chmod(0o711)  # QEMU runs as another user and reads the disc in it
    disc.chmod(0o700)
    _private(disc / "autounattend.xml", install_answers(planned.answers, password))
    _private(disc / "epreuve" / "oobe.xml", first_start_answers(planned.answers, password))
    for name in ON_DISC:
        text = (_SCRIPTS / name).read_text("utf-8")
        _private(disc / "epreuve" / name, text.replace("\n", "\r\n").encode("ascii"))
    made = folder / "answers.iso"
    iso.write(made, disc, _VOLUME)
    return made


def _private(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.write(content)
