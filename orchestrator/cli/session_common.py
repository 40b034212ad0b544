"""What the session commands share: the open store, who acts, how moments and states are shown."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

import click

from labs.text import Text, tr
from orchestrator.engine.desk import Desk
from orchestrator.engine.service import start
from orchestrator.settings import Settings, load_settings
from orchestrator.store import open_store

F = TypeVar("F", bound=Callable[..., Any])
Table = list[Sequence[object]]

_STATES = {
    "draft": Text("brouillon", "draft"),
    "prepared": Text("prête", "prepared"),
    "jury": Text("jury", "jury"),
    "closed": Text("close", "closed"),
    "sealed": Text("scellée", "sealed"),
    "purged": Text("purgée", "purged"),
    "enrolled": Text("inscrit", "enrolled"),
    "preparing": Text("en préparation", "preparing"),
    "ready": Text("prêt", "ready"),
    "running": Text("en cours", "running"),
    "paused": Text("en pause", "paused"),
    "ended": Text("terminé", "ended"),
    "frozen": Text("figé", "frozen"),
    "absent": Text("absent", "absent"),
    "withdrawn": Text("désinscrit", "withdrawn"),
}


def simulated_option(function: F) -> F:
    """``--simulated``: the same on simulated machines, in data of their own."""
    return click.option(
        "--simulated", is_flag=True, help=tr("sur des machines simulées, à part", "on simulated machines, kept apart")
    )(function)


def reason_option(function: F) -> F:
    """``--reason``: kept in the journal."""
    return click.option("--reason", "why", default="", help=tr("motif, gardé au journal", "kept in the journal"))(
        function
    )


def candidate_option(function: F) -> F:
    """``--candidate``: one; else the room."""
    return click.option(
        "--candidate", default=None, help=tr("un seul candidat (c01…) ; sinon toute la salle", "one; else the room")
    )(function)


@contextmanager
def opened_desk(simulated: bool) -> Iterator[tuple[Desk, Settings]]:
    """The desk of this installation's store, and the settings that it is in."""
    settings = load_settings()
    if simulated:
        settings = settings.simulated()
    with open_store(settings.database) as store:
        yield Desk(store), settings


def ensure_service(settings: Settings, simulated: bool) -> None:
    """Have a service running, for what was ordered to be done. Raises ServiceError."""
    start(settings, simulated=simulated)


def login() -> str:
    """Who acts, as the journal will say: the person behind sudo, else the login name."""
    return os.environ.get("SUDO_USER") or getpass.getuser()


def moment(at: datetime | None, *, with_day: bool = False) -> str:
    """A moment in local time; nothing for none."""
    if at is None:
        return ""
    return f"{at.astimezone():%d/%m/%Y %H:%M}" if with_day else f"{at.astimezone():%H:%M:%S}"


def state_word(state: str) -> str:
    """A session's or a candidate's state for people."""
    return str(_STATES.get(state, Text(state, state)))


def session_word(state: str) -> str:
    """A session's state: feminine in French where a candidate's is not."""
    return tr("figée", "frozen") if state == "frozen" else state_word(state)
