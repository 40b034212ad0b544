"""The two ISOs that a school brings, Windows' own and the virtio drivers, looked into before anything starts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from labs.text import Text
from vagrant.errors import ImageError
from vagrant.windows import iso, wim
from vagrant.windows.editions import Edition
from vagrant.windows.wim import WimImage

DRIVERS = ("viostor", "vioscsi", "NetKVM", "vioserial", "viorng", "vioinput")
"""Drivers that are installed, as the folders of the virtio-win ISO."""
BOOT_DRIVERS = ("viostor", "vioscsi")
"""Those without which Setup sees no disk."""
AGENT = "guest-agent/qemu-ga-x86_64.msi"


@dataclass(frozen=True)
class Media:
    """An ISO that was looked into. size: bytes."""

    path: Path
    label: str
    size: int


@dataclass(frozen=True)
class WindowsMedia(Media):
    """A Windows ISO, and the Windows in it that is wanted."""

    image: WimImage


def read_windows(path: Path, wanted: Edition) -> WindowsMedia:
    """Look into a Windows ISO. Raises ImageError: no ISO, no Windows, not the Windows that is wanted."""
    volume = iso.label(path)
    files = {name.lower(): name for name in iso.listing(path)}
    inside = next((files[name] for name in ("sources/install.wim", "sources/install.esd") if name in files), None)
    if inside is None or "efi/boot/bootx64.efi" not in files:
        raise _wrong(
            path,
            Text("Ce disque n’installe aucun Windows 64 bits.", "This disc installs no 64-bit Windows."),
            Text(
                "Il faut l’ISO d’installation de Windows (sources/install.wim), pas un ISO de pilotes ni de langues.",
                "The installation ISO of Windows is needed (sources/install.wim), not one of drivers or languages.",
            ),
        )
    with iso.opened(path, inside) as stream:
        try:
            found = wim.images(stream)
        except ValueError as error:
            raise _wrong(
                path,
                Text(f"Le fichier {inside} du disque est abîmé.", f"The file {inside} of the disc is damaged."),
                Text(
                    "Comparez l’empreinte de l’ISO à celle de la page de téléchargement.",
                    "Compare the ISO’s checksum with that of the download page.",
                ),
            ) from error
    return WindowsMedia(path, volume, path.stat().st_size, choose(found, wanted, path))


def choose(found: Iterable[WimImage], wanted: Edition, path: Path) -> WimImage:
    """The best image of the edition that is wanted. Raises ImageError that lists what there is."""
    images = list(found)
    first, last = wanted.builds
    fit = [
        one
        for one in images
        if one.architecture == "amd64"
        and one.installation == wanted.installation
        and first <= one.build <= last
        and one.edition in wanted.editions
        and one.language
    ]
    if fit:
        return min(fit, key=lambda one: wanted.editions.index(one.edition))
    there = "; ".join(f"{one.name} ({one.edition}, {one.build}, {one.architecture})" for one in images[:20]) or "–"
    raise _wrong(
        path,
        Text(f"Ce disque n’a pas {wanted.title} avec un bureau.", f"This disc has no {wanted.title} with a desktop."),
        Text(f"Il contient : {there}.", f"It holds: {there}."),
    )


def read_virtio(path: Path, wanted: Edition) -> Media:
    """Look into a virtio-win ISO. Raises ImageError when it lacks a driver for this Windows, or the guest agent."""
    volume = iso.label(path)
    files = {name.lower() for name in iso.listing(path)}
    missing = [
        driver
        for driver in DRIVERS
        if not any(name.startswith(f"{driver}/{wanted.drivers}/amd64/".lower()) for name in files)
    ] + ([AGENT] if AGENT not in files else [])
    if missing:
        raise _wrong(
            path,
            Text(
                f"Ce disque n’a pas de quoi équiper {wanted.title} : il manque {', '.join(missing)}.",
                f"This disc cannot equip {wanted.title}: it lacks {', '.join(missing)}.",
            ),
            Text(
                "Prenez une version récente de virtio-win.iso (projet virtio-win, pilotes signés).",
                "Take a recent virtio-win.iso (the virtio-win project, signed drivers).",
            ),
        )
    return Media(path, volume, path.stat().st_size)


def _wrong(path: Path, what: Text, do: Text) -> ImageError:
    return ImageError(what, where=str(path), do=do)
