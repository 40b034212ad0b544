"""Where to go afterwards, never to another site."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request, url_for


def safe_next() -> str:
    """The address in ``next`` when it is one of ours, else the first page."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted)
    ours = wanted.startswith("/") and not parts.scheme and not parts.netloc and "\\" not in wanted
    if ours and not wanted.startswith("//") and wanted.isprintable():
        return wanted
    return url_for("home.index")
