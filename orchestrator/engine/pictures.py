"""Pictures of screens. What a machine shows is the candidate's: bounded, and written anew before anyone looks at it."""

from __future__ import annotations

import io

from PIL import Image

from labs.text import Text
from orchestrator.bench import BenchError

THUMBNAIL_WIDTH = 320
_MAX_BYTES = 32 << 20
_MAX_SIDE = 4096
_UNREADABLE = Text("L'écran n'est pas lisible.", "The screen cannot be read.")


def thumbnail(png: bytes) -> bytes:
    """A small JPEG of a screen. Raises BenchError when it is no picture of a screen."""
    image = _read(png)
    image.thumbnail((THUMBNAIL_WIDTH, THUMBNAIL_WIDTH), Image.Resampling.BILINEAR)
    return _written(image, "JPEG", quality=70)


def whole(png: bytes) -> bytes:
    """A screen at full size, as PNG. Raises BenchError."""
    return _written(_read(png), "PNG")


def _read(png: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as image:  # reads its size only
            if len(png) <= _MAX_BYTES and max(image.size) <= _MAX_SIDE:
                return image.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:  # what Pillow raises
        raise BenchError(_UNREADABLE) from error
    raise BenchError(_UNREADABLE)


def _written(image: Image.Image, kind: str, **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
