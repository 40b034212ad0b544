"""Templates of pages to print: whatever they print is escaped, and passes one function that makes it safe to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from labs.text import Text


def page_templates(package: str, plain: Callable[[str], str], *, said: Callable[[str], str] = str) -> Environment:
    """The templates of a package (its folder ``templates``).

    plain: what every string that is printed goes through, before it is escaped: what people and machines wrote. said:
    the same for words of ours, in the language of the context. A name that a template does not know is an error.
    """

    def shown(value: Any) -> Any:
        if isinstance(value, Text):
            return said(str(value))
        return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
