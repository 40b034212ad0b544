"""Paths of folders, compared as the system that has them compares them."""

from __future__ import annotations

import ntpath
import posixpath
import re

_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\")


def plain(path: str) -> str:
    """A path in the form that is equal when it names the same folder: Windows knows no case and two slashes."""
    if _WINDOWS.match(path):
        return ntpath.normpath(path).casefold()
    return posixpath.normpath(path) if path else ""
