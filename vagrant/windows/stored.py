"""The Windows images of the cache. No recipe makes one again by itself: they are made from ISOs that a school owns."""

from __future__ import annotations

from pathlib import Path

from labs.text import Text
from vagrant.cache import Image, stored_images
from vagrant.errors import ImageError
from vagrant.windows.plan import PREFIX


def windows_images(cache: Path) -> list[Image]:
    """The newest image of each role, by name."""
    newest: dict[str, Image] = {}
    for image in stored_images(cache):  # newest first
        if image.kernel is None and image.name.startswith(PREFIX):
            newest.setdefault(image.name, image)
    return list(newest.values())


def require_windows(cache: Path, name: str) -> Image:
    """The newest image of this name. Raises ImageError with the command that makes one."""
    for image in windows_images(cache):
        if image.name == name:
            return image
    role = name.removeprefix(PREFIX)
    raise ImageError(
        Text(f"L’image « {name} » n’est pas faite.", f"The image “{name}” is not made."),
        where=str(cache),
        do=Text(
            f"Faites-la à partir de vos ISO : epreuve image windows --role {role} … (docs/windows.md).",
            f"Make it from your ISOs: epreuve image windows --role {role} … (docs/windows.md).",
        ),
    )
