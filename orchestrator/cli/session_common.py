"""What the session commands share: options, the open store, who acts, how moments and states are shown."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

import click

from labs.errors import EpreuveError
from labs.text import Text, tr
from orchestrator.cli.voice import Voice
from orchestrator.engine.desk import Desk
from orchestrator.engine.service import start
from orchestrator.settings import Settings, load_settings
from orchestrator.store import open_store

F = TypeVar("F", bound=Callable[..., Any])


def simulated_option(function: F) -> F:
    """``--simulated``: the same on simulated machines, in data of their own; its errors say so, too."""

    @wraps(function)
    def marked(*arguments: Any, simulated: bool, **options: Any) -> Any:
        try:
            return function(*arguments, simulated=simulated, **options)
        except EpreuveError as error:
            mark = Text("[simulé] ", "[simulated] ") if simulated else Text("", "")
            error.what = Text(mark.fr + error.what.fr, mark.en + error.what.en)
            raise

    option = click.option(
        "--simulated", is_flag=True, help=tr("sur des machines simulées, à part", "on simulated machines, kept apart")
    )
    return cast(F, option(marked))


def reason_option(function: F) -> F:
    """``--reason``: kept in the journal."""
    return click.option(
        "--reason",
        "why",
        default="",
        help=tr("motif, gardé au journal (sans nom : c03)", "why; kept in the journal (without names: c03)"),
    )(function)


def yes_option(function: F) -> F:
    """``--yes``: for scripts."""
    return click.option("--yes", is_flag=True, help=tr("ne pas demander", "do not ask"))(function)


def candidate_option(function: F) -> F:
    """``--candidate``: one; else the room."""
    return click.option(
        "--candidate", default=None, help=tr("un seul candidat (c01…) ; sinon toute la salle", "one; else the room")
    )(function)


def example(*commands: str) -> str:
    """The end of a command's help: how it is typed, line by line."""
    title = tr("Exemple :", "Example:") if len(commands) == 1 else tr("Exemples :", "Examples:")
    return "\b\n" + "\n".join([title, *(f"  epreuve {command}" for command in commands)])


def own_settings(simulated: bool) -> Settings:
    """The settings in force, of what is simulated or of what is real."""
    settings = load_settings()
    return settings.simulated() if simulated else settings


@contextmanager
def opened_desk(simulated: bool) -> Iterator[tuple[Desk, Settings]]:
    """The desk of this installation's store, and the settings that it is in."""
    settings = own_settings(simulated)
    with open_store(settings.database) as store:
        yield Desk(store), settings


def ensure_service(settings: Settings, simulated: bool) -> None:
    """Have a service running, for what was ordered to be done. Raises ServiceError."""
    start(settings, simulated=simulated)


def stopped(voice: Voice, settings: Settings) -> EpreuveError:
    """What to say when the service that would do the work does not run."""
    command = voice.command("service start")
    return EpreuveError(
        Text("Le service s'est arrêté.", "The service has stopped."),
        where=str(settings.data_dir),
        do=Text(f"Relancez-le : {command}. Rien n'est perdu.", f"Start it again: {command}. Nothing is lost."),
    )


def login() -> str:
    """Who acts, as the journal will say: the person behind sudo, else the login name."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return f"uid {os.getuid()}"


def moment(at: datetime | None, *, with_day: bool = False) -> str:
    """A moment in local time; nothing for none."""
    if at is None:
        return ""
    return f"{at.astimezone():%d/%m/%Y %H:%M}" if with_day else f"{at.astimezone():%H:%M:%S}"


def people(count: int) -> str:
    """So many candidates."""
    return tr(f"{count} candidat{'s' if count > 1 else ''}", f"{count} candidate{'' if count == 1 else 's'}")
