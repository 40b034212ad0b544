"""What the twins read in the goldens' answers, and in answers changed from them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from checkers.facts import Raw
from checkers.probe import Unreadable, Value
from checkers.windows.twins.catalog import TWINS

GOLDENS = Path(__file__).parents[3] / "goldens" / "windows"


def read(probe: str, golden: str, change: Callable[[Any], None] | None = None, **args: Any) -> Value | None:
    """The value in a golden's answer, changed in place when a change is given. None: the answer tells nothing.

    args: the question's, instead of the golden's.
    """
    held: dict[str, Any] = json.loads((GOLDENS / probe / f"{golden}.json").read_text("utf-8"))
    if change is not None:
        change(held["answer"])
    kind = next(kind for kind in TWINS if kind.name == probe)
    try:
        value: Value = TWINS[kind].parse(
            kind.model_validate(args or held["args"]), Raw(stdout=json.dumps(held["answer"]))
        )
    except Unreadable:
        return None
    return value
