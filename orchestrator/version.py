"""The version of Épreuve that runs."""

from __future__ import annotations

from importlib import metadata

VERSION = "0.1.0"


def version() -> str:
    """The installed distribution's version, or that of the checkout."""
    try:
        return metadata.version("epreuve")
    except metadata.PackageNotFoundError:
        return VERSION
