"""French typography in pages: see ``labs.typography``. What people or machines wrote is left as it is."""

from __future__ import annotations

from typing import Any

from flask import Flask

from labs.text import Text
from labs.typography import printed, typeset


def use_typography(app: Flask) -> None:
    """Templates say ``t(fr, en)``; a ``Text`` that is shown is set as well."""
    app.jinja_env.globals["t"] = printed
    app.jinja_env.finalize = _shown


def _shown(value: Any) -> Any:
    return typeset(str(value)) if isinstance(value, Text) else value
