"""Headers of every answer: nothing from elsewhere is loaded, nothing is shown inside another site, nothing is kept."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.wrappers import Response

from web.site import site

_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


def add_headers(response: Response) -> Response:
    """After every request."""
    response.headers.setdefault("Content-Security-Policy", policy())
    for name, value in _FIXED.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static":
        response.headers["Cache-Control"] = "public, max-age=3600"
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def policy() -> str:
    """The content security policy: our own files only, and the console proxy beside us."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            f"connect-src 'self' {console_origin()}".rstrip(),
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def console_origin() -> str:
    """Where the browser opens consoles, as a WebSocket origin; nothing when there are none."""
    port = site().console_port
    if port is None:
        return ""
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    return f"{'wss' if request.is_secure else 'ws'}://{host}:{port}"


def use_headers(app: Flask) -> None:
    """Add the headers to whatever this application answers."""
    app.after_request(add_headers)
