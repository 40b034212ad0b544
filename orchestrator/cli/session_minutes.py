"""``epreuve session minutes|results``: what is printed, signed and handed on after an exam."""

from __future__ import annotations

from pathlib import Path

import click

from labs.errors import EpreuveError, UsageError
from labs.files import write_atomic
from labs.text import Text, current_language, tr
from orchestrator.cli.common import json_option, print_json
from orchestrator.cli.session import command
from orchestrator.cli.session_common import example, opened_desk, simulated_option
from orchestrator.cli.voice import Voice
from orchestrator.minutes.page import minutes_pdf
from orchestrator.minutes.read import read_minutes, read_points
from orchestrator.minutes.results import results_csv, results_rows

_out = click.option(
    "--out", "file", type=click.Path(dir_okay=False, path_type=Path), help=tr("fichier à écrire", "file to write")
)


@command.command(
    "minutes",
    help=tr(
        "Le procès-verbal de la session, en PDF à imprimer et à signer : présences, horaires, évènements, décisions. "
        "Il contient les noms. Tant que la session n'est pas close, c'est un projet, et il le dit.",
        "The minutes of the session, as a PDF to print and sign: attendance, times, what happened, decisions. They "
        "hold names. Until the session is closed they are a draft, and say so.",
    ),
    epilog=example('session minutes juin --out proces-verbal.pdf --place "Lycée Jean-Moulin, salle 204"'),
)
@click.argument("session")
@_out
@click.option("--place", default="", help=tr("centre et salle, sinon à remplir à la main", "centre and room"))
@simulated_option
@json_option
def minutes(session: str, file: Path | None, place: str, simulated: bool, as_json: bool) -> None:
    """The minutes."""
    with opened_desk(simulated) as (desk, _settings):
        drawn_up = read_minutes(desk, session, place=place)
    if as_json:
        print_json(drawn_up.model_dump(mode="json"))
        return
    _write(_asked(file), minutes_pdf(drawn_up), Voice(simulated))
    if not drawn_up.is_final:
        Voice(simulated).note(tr("Projet : la session n'est pas close.", "A draft: the session is not closed."))


@command.command(
    "results",
    help=tr(
        "Les résultats de la session pour le système d'information de l'établissement : une ligne par candidat, en CSV "
        "(colonnes : docs/results.md).",
        "The results of the session for the school's information system: one row per candidate, as CSV (columns: "
        "docs/results.md).",
    ),
    epilog=example("session results juin --out resultats.csv"),
)
@click.argument("session")
@_out
@simulated_option
@json_option
def results(session: str, file: Path | None, simulated: bool, as_json: bool) -> None:
    """The results."""
    with opened_desk(simulated) as (desk, _settings):
        drawn_up, points = read_minutes(desk, session), read_points(desk, session)
    if as_json:
        Voice(simulated).json({"session": session, "results": results_rows(drawn_up, points, current_language())})
        return
    _write(_asked(file), results_csv(drawn_up, points, current_language()), Voice(simulated))


def _asked(file: Path | None) -> Path:
    if file is None:
        raise UsageError(
            Text("Il manque le fichier à écrire.", "The file to write is missing."),
            do=Text("Donnez --out FICHIER (ou --json).", "Give --out FILE (or --json)."),
        )
    return file


def _write(file: Path, content: bytes, voice: Voice) -> None:
    """Names are in it: nobody but its owner reads it."""
    try:
        write_atomic(file, content, mode=0o600)
    except OSError as error:
        raise EpreuveError(
            Text("Le fichier n'a pas pu être écrit.", "The file could not be written."),
            where=f"{file}: {error.strerror}",
            do=Text("Choisissez un autre endroit.", "Choose another place."),
        ) from error
    voice.say(str(file))
