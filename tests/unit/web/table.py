"""The rows of the access table: each part of the site keeps its own in ``access_<part>.py``, as ``ROWS``.

A row says, for an endpoint, how it is called and what each of ``world.ACTORS`` must get. What is not named is refused:

- ``ok``: an answer below 400 that does not send them to sign in (or any status named by the row, such as 409)
- ``login``: sent to sign in, or told to (401): for strangers only
- ``no``: 403 or 404
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.unit.web.world import ACTORS

ACCOUNTS = tuple(actor for actor in ACTORS if actor not in ("anonymous", "candidate", "other_candidate"))
EVERYBODY = ACTORS


@dataclass(frozen=True)
class Row:
    """How an endpoint is called (``values`` for its address, ``data`` for its form) and who gets in.

    ok: these actors. fine: further statuses that mean that they got in (a refusal in this state of the exam: 409).
    """

    ok: tuple[str, ...]
    method: str = "GET"
    values: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    fine: tuple[int, ...] = ()
