"""What can go wrong with an image."""

from __future__ import annotations

from labs.errors import EpreuveError


class ImageError(EpreuveError):
    """An image cannot be built, or its recipe is wrong."""

    code = "image"
