"""``epreuve lab new``: the first files of a lab."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TypeVar

import click

from checkers.reference.schema import mutants_schema_text, schema_text
from labs.errors import UsageError
from labs.faults import PATTERNS
from labs.problems import one_of
from labs.referential import load_referential, referential_names
from labs.skeleton import MACHINES, Plan, write_skeleton
from labs.text import Text, current_language, tr
from orchestrator.catalog import lab_names
from orchestrator.cli.lab import command
from orchestrator.cli.session_common import example

T = TypeVar("T")

_ID = r"^[a-z][a-z0-9-]{0,39}$"
_DEFAULT_MACHINES = "server,client"


@command.command(
    "new",
    help=tr(
        "Commence un sujet : un dossier avec lab.yml, le sujet du candidat, la solution et les scripts, commentés en "
        "français et sans faute. Demande ce qui n'est pas donné, dans un terminal. N'écrase jamais rien.\n\n"
        "FOLDER : le dossier à créer ; son nom est l'identifiant du sujet.",
        "Begin a lab: a folder with lab.yml, the candidate's paper, the solution and the scripts, commented in French "
        "and without a fault. Asks for what is not given, on a terminal. Never overwrites anything.\n\n"
        "FOLDER: the folder to make; its name is the id of the lab.",
    ),
    epilog=example(
        "lab new mon-sujet", "lab new mon-sujet --machines client,ap --minutes 60 --title 'Un poste et sa borne'"
    ),
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", help=tr("titre du sujet", "title of the lab"))
@click.option("--referential", help=tr("certification (epreuve referential list)", "certification"))
@click.option(
    "--machines", help=tr("parmi server, client, ap ; avec des virgules", "of server, client, ap; with commas")
)
@click.option("--minutes", type=click.IntRange(5, 600), help=tr("durée de l'épreuve", "length of the practical"))
def new(folder: Path, title: str | None, referential: str | None, machines: str | None, minutes: int | None) -> None:
    """Begin a lab."""
    name = _id(folder)
    for known in referential_names() if referential is None and _asks() else ():
        click.echo(f"  {known:<12} {load_referential(known).title}", err=True)
    plan = Plan(
        id=name,
        referential=_referential(_given(referential, tr("Certification", "Certification"), "rncp37681")),
        title=_given(title, tr("Titre du sujet", "Title of the lab"), name.replace("-", " ").capitalize()),
        machines=_machines(_given(machines, tr("Machines (server, client, ap)", "Machines"), _DEFAULT_MACHINES)),
        minutes=_given(minutes, tr("Durée, en minutes", "Length, in minutes"), 60),
    )
    language = current_language()
    for path in write_skeleton(
        folder, plan, schema=schema_text(language), mutants_schema=mutants_schema_text(language)
    ):
        click.echo(str(path))
    shown = f"./{folder}" if len(folder.parts) == 1 else str(folder)
    click.echo(tr("Ensuite : ", "Next: ") + f"epreuve lab lint {shown}")


def _id(folder: Path) -> str:
    """The id of the lab: the folder's name."""
    name = folder.resolve().name
    if not re.match(_ID, name):
        raise UsageError(
            Text("Ce nom ne convient pas à un sujet.", "This is no name for a lab."),
            where=name,
            do=Text(f"Attendu : {PATTERNS[_ID].fr}.", f"Allowed: {PATTERNS[_ID].en}."),
        )
    if name in lab_names():
        raise UsageError(
            Text("Un sujet fourni avec Épreuve a déjà ce nom.", "A lab shipped with Épreuve has this name."), where=name
        )
    return name


def _asks() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _given(value: T | None, question: str, default: T) -> T:
    """What was given as an option, else what is answered on a terminal, else the default."""
    if value is not None:
        return value
    answer: T = click.prompt(question, default=default, err=True) if _asks() else default
    return answer


def _referential(name: str) -> str:
    return load_referential(name).id


def _machines(written: str) -> tuple[str, ...]:
    asked = {name.strip() for name in written.split(",") if name.strip()}
    for name in sorted(asked - set(MACHINES)):
        known = one_of(MACHINES, name)
        raise UsageError(
            Text("Cette machine n'est pas connue.", "This machine is not known."),
            where=name,
            do=Text(f"Attendu : {known.fr}.", f"Allowed: {known.en}."),
        )
    if not asked:
        raise UsageError(Text("Il faut une machine au moins.", "There must be one machine at least."))
    return tuple(name for name in MACHINES if name in asked)
