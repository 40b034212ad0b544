"""What ``expect:`` holds in ``lab.yml``: one condition, made of others by ``all``, ``any`` and ``none``."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    Tag,
    WithJsonSchema,
)

Scalar = Annotated[Any, WithJsonSchema({"type": ["string", "integer", "boolean"]})]
"""A value to compare with; its type must be that of what the path finds (``checkers.expect.fit``)."""

Words = Annotated[str, StringConstraints(min_length=1, max_length=120)]
_MAX = 50


def _form(value: Any) -> str:
    return "list" if isinstance(value, list | tuple) else "one"


Conditions = Annotated[
    Annotated[tuple["Condition", ...], Field(min_length=1, max_length=_MAX), Tag("list")]
    | Annotated["Condition", Tag("one")],
    Discriminator(_form),
]


class Condition(BaseModel):
    """A path and one comparison of what it finds; or several conditions under ``all``, ``any`` or ``none``.

    what: how the reason calls it, in a juror's words. all, any, none: with a path through a list (``[*]``), one
    condition on each value that is found; without a path, a list of conditions.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str | None = None
    what: Words | None = None
    equals: Scalar = None
    equals_secret: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")] | None = None
    one_of: Annotated[tuple[Scalar, ...], Field(min_length=1, max_length=_MAX)] | None = Field(None, alias="in")
    at_least: StrictInt | None = None
    at_most: StrictInt | None = None
    between: Annotated[tuple[StrictInt, ...], Field(min_length=2, max_length=2)] | None = None
    contains: Annotated[str, StringConstraints(min_length=1, max_length=1000)] | None = None
    matches: str | None = None
    present: StrictBool | None = None
    count: Condition | None = None
    exactly: Annotated[tuple[Scalar, ...], Field(min_length=1, max_length=_MAX)] | None = None
    all: Conditions | None = None
    any: Conditions | None = None
    none: Conditions | None = None

    def said(self) -> list[str]:
        """What it says beside its path: the names of its comparisons, as ``lab.yml`` writes them."""
        return [
            info.alias or name
            for name, info in type(self).model_fields.items()
            if name not in ("path", "what") and getattr(self, name) is not None
        ]


GROUPS = ("all", "any", "none")
NUMBERS = ("equals", "in", "at_least", "at_most", "between")
TEXTS = ("equals", "in", "contains", "matches", "equals_secret")
TRUTHS = ("equals",)
OPERATORS = tuple(info.alias or name for name, info in Condition.model_fields.items() if name not in ("path", "what"))
