"""``epreuve session create``: a session from a roster, a lab and a format."""

from __future__ import annotations

from pathlib import Path

import click

from labs.errors import UsageError
from labs.formats import Format, FormatError, as_rehearsal, missing_machines
from labs.loader import LoadedLab
from labs.text import Text, tr
from orchestrator.catalog import open_lab
from orchestrator.cli.common import json_option
from orchestrator.cli.session import command
from orchestrator.cli.session_common import example, login, opened_desk, people, simulated_option
from orchestrator.cli.session_formats import has_practical
from orchestrator.cli.voice import Voice
from orchestrator.engine.opening import Enrolment, open_session
from orchestrator.exam import Phase
from orchestrator.exam.words import duration
from orchestrator.roster import RosterLine, read_roster
from orchestrator.store.exams import DEFAULT_RETENTION_DAYS, StoredCandidate


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
@click.option("--lab", default="tai-infrastructure", show_default=True, help=tr("sujet", "lab"))
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
    loaded = open_lab(lab)
    format_ = loaded.referential.format(format_id)
    format_ = (as_rehearsal(format_) if rehearsal else format_).with_minutes(_minutes(minutes))
    _require_practical(format_, loaded)
    roster = read_roster(file)
    with opened_desk(simulated) as (desk, _settings):
        exam = open_session(
            desk,
            session,
            loaded,
            [_enrolment(name, line) for name, line in roster.candidates().items()],
            format_id=format_.id,
            phases=tuple(
                Phase(kind=phase.kind, title=phase.title, minutes=phase.minutes, machines=phase.machines_in(loaded.lab))
                for phase in format_.phases
            ),
            who=login(),
            retention_days=retention,
            simulated=simulated,
            clock_speed=clock_speed,
        )
    if as_json:
        ignored = list(roster.ignored_columns)
        voice.json({"session": session, "candidates": list(exam.candidates), "ignored_columns": ignored})
        return
    longer = sum(line.extra_share > 0 for line in roster.lines)
    more = tr(f", dont {longer} avec temps majoré", f", {longer} of them with extra time") if longer else ""
    practical = duration(exam.practical_s)
    count = people(len(exam.candidates))
    voice.say(
        tr(
            f"Session {session} : {count}{more} ; {practical} de pratique.",
            f"Session {session}: {count}{more}; a practical of {practical}.",
        )
    )
    if roster.ignored_columns:
        names = ", ".join(roster.ignored_columns)
        voice.note(tr(f"Colonnes non utilisées : {names}", f"Columns not used: {names}"))
    voice.next(f"session prepare {session}")


def _enrolment(name: str, line: RosterLine) -> Enrolment:
    person = StoredCandidate(
        id=name,
        surname=line.surname,
        first_name=line.first_name,
        number=line.number,
        birth_date=line.birth_date,
        email=line.email,
    )
    return Enrolment(person, line.seat, line.extra_time)


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


def _require_practical(format_: Format, lab: LoadedLab) -> None:
    """What is sat here is a practical on the lab's machines."""
    if not has_practical(format_):
        others = [other.id for other in lab.referential.formats if has_practical(other)]
        raise FormatError(
            Text(
                f"Le format {format_.id} n'a pas d'épreuve pratique sur machines : il se tient sans Épreuve.",
                f"Format {format_.id} has no practical on machines: it is held without Épreuve.",
            ),
            where=f"{lab.referential.id}, {format_.title}",
            do=Text(
                f"Formats qui en ont une : {', '.join(others)} (« epreuve session formats » les montre).",
                f"Formats that have one: {', '.join(others)} (“epreuve session formats” shows them).",
            ),
        )
    if missing := missing_machines(format_, lab.lab):
        raise FormatError(
            Text(
                f"Le sujet n'a pas les machines de ce format : {', '.join(missing)}.",
                f"The lab lacks machines of this format: {', '.join(missing)}.",
            ),
            where=f"{lab.lab.id}, {format_.id}",
            do=Text("Choisissez un autre sujet ou un autre format.", "Choose another lab or another format."),
        )
