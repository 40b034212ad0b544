"""How large the body of a request may be: little, but for a view that says otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request

V = TypeVar("V", bound=Callable[..., Any])

_BODY = "epreuve_body"
_AROUND = 16 << 10
"""What the fields beside a file take."""


def takes_file(size: int) -> Callable[[V], V]:
    """The view takes a file of so many bytes. The decorator stands below the route's own."""

    def marked(view: V) -> V:
        setattr(view, _BODY, size + _AROUND)
        return view

    return marked


def allow_body() -> None:
    """Before anything reads a form: whoever sends more than the view takes is answered 413."""
    view = current_app.view_functions.get(request.endpoint or "")
    size = getattr(view, _BODY, None)
    if size is not None:
        request.max_content_length = size
