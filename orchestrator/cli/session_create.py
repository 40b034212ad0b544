"""``epreuve session create``: a session from a roster, a lab and a format."""

from __future__ import annotations

from pathlib import Path

import click

from labs.errors import UsageError
from labs.text import Text, tr
from orchestrator.catalog import open_lab
from orchestrator.cli.common import json_option
from orchestrator.cli.session import command
from orchestrator.cli.session_common import example, login, opened_desk, own_settings, people, simulated_option
from orchestrator.cli.voice import Voice
from orchestrator.engine.opening import choose_format, enrolments, open_session, phases_of
from orchestrator.exam.words import backing_word, duration
from orchestrator.roster import read_roster
from orchestrator.store.exams import DEFAULT_RETENTION_DAYS


@command.command(
    "create",
    help=tr(
        "Crée une session à partir d'une liste de candidats (CSV ou XLSX ; voir docs/roster.md). Rien n'est lancé.\n\n"
        "SESSION : 16 caractères au plus, lettres minuscules, chiffres, tirets. Les formats : « epreuve session "
        "formats ».",
        "Make a session from a roster (CSV or XLSX; see docs/roster.md). Nothing is started.\n\n"
        "SESSION: at most 16 characters, lower-case letters, digits, hyphens. The formats: “epreuve session formats”.",
    ),
    epilog=example(
        "session create juin --roster candidats.csv",
        "session create essai --roster candidats.csv --rehearsal --minutes etape-1=30",
        "session create essai --roster candidats.csv --simulated --clock-speed 60",
    ),
)
@click.argument("session")
@click.option("--roster", "file", required=True, type=click.Path(path_type=Path), help=tr("liste", "roster"))
@click.option("--lab", default="tai-complet", show_default=True, help=tr("sujet", "lab"))
@click.option("--format", "format_id", default="complet", show_default=True, help=tr("format d'épreuve", "exam format"))
@click.option(
    "--minutes",
    multiple=True,
    metavar="PHASE=MIN",
    help=tr("durée d'une phase que le centre fixe", "length of a phase that the centre sets"),
)
@click.option(
    "--rehearsal",
    is_flag=True,
    help=tr(
        "répétition : les durées peuvent changer, et le format s'appelle « …-repetition »",
        "rehearsal: durations may change, and the format is called “…-repetition”",
    ),
)
@click.option(
    "--retention",
    type=int,
    default=DEFAULT_RETENTION_DAYS,
    show_default=True,
    help=tr(
        "jours de conservation des données personnelles après la clôture",
        "days for which personal data are kept after closing",
    ),
)
@click.option(
    "--clock-speed",
    type=click.FloatRange(min=0.1, max=1000),
    default=1.0,
    help=tr("session simulée : N fois plus vite", "simulated session: N times faster"),
)
@click.option(
    "--unproved",
    default="",
    metavar="RAISON",
    help=tr(
        "tenir l'examen avec un sujet qui n'est pas prouvé ; la raison est gardée au journal et au dossier",
        "hold the exam with a lab that is not proved; the reason is kept in the journal and the dossier",
    ),
)
@simulated_option
@json_option
def create(
    session: str,
    file: Path,
    lab: str,
    format_id: str,
    minutes: tuple[str, ...],
    rehearsal: bool,
    retention: int,
    clock_speed: float,
    unproved: str,
    simulated: bool,
    as_json: bool,
) -> None:
    """Make a session."""
    voice = Voice(simulated)
    if clock_speed != 1 and not simulated:
        raise UsageError(
            Text("Seule une session simulée peut aller plus vite.", "Only a simulated session can run faster."),
            do=Text("Ajoutez --simulated.", "Add --simulated."),
        )
    loaded = open_lab(lab, own_settings(simulated).labs_dir)
    format_ = choose_format(loaded, format_id, rehearsal=rehearsal, minutes=_minutes(minutes))
    roster = read_roster(file)
    with opened_desk(simulated) as (desk, settings):
        exam = open_session(
            desk,
            session,
            loaded,
            enrolments(roster),
            format_id=format_.id,
            phases=phases_of(format_, loaded),
            who=login(),
            retention_days=retention,
            simulated=simulated,
            clock_speed=clock_speed,
            proofs=settings.proofs_dir,
            unproved=unproved,
        )
    if as_json:
        ignored = list(roster.ignored_columns)
        voice.json({"session": session, "candidates": list(exam.candidates), "ignored_columns": ignored})
        return
    longer = sum(line.extra_share > 0 for line in roster.lines)
    more = tr(f", dont {longer} avec temps majoré", f", {longer} of them with extra time") if longer else ""
    length = duration(exam.practical_s)
    practical = tr(f"{length} de pratique", f"a practical of {length}") if exam.has_practical else ""
    practical = practical or tr("le jury seul, sans pratique", "the jury's part alone, no practical")
    count = people(len(exam.candidates))
    voice.say(
        tr(f"Session {session} : {count}{more} ; {practical}.", f"Session {session}: {count}{more}; {practical}.")
    )
    if roster.ignored_columns:
        names = ", ".join(roster.ignored_columns)
        voice.note(tr(f"Colonnes non utilisées : {names}", f"Columns not used: {names}"))
    if exam.backing is not None and exam.backing.why:
        voice.note(f"{backing_word(exam.backing)}.")
    if not exam.has_practical:
        voice.say(
            tr(
                "Des postes ne servent que si le jury fait travailler sur des machines : prepare est facultatif.",
                "Benches serve only what the jury asks on machines: prepare is optional.",
            )
        )
    voice.next(f"session prepare {session}" if exam.has_practical else f"session phase list {session}")


def _minutes(given: tuple[str, ...]) -> dict[str, int]:
    found = {}
    for one in given:
        phase, _, value = one.partition("=")
        if not value.isdecimal():
            raise UsageError(
                Text("Cette durée n'est pas lisible.", "This length cannot be read."),
                where=one,
                do=Text("Écrivez par exemple etape-1=90.", "Write for example etape-1=90."),
            )
        found[phase] = int(value)
    return found
