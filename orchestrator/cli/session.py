"""``epreuve session``: an exam session, from the roster to the frozen benches."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import click

from labs.errors import UsageError
from labs.formats import Format, as_rehearsal, missing_machines
from labs.loader import LoadedLab
from labs.text import Text, tr
from orchestrator.catalog import open_lab
from orchestrator.cli.common import json_option, print_json, print_table
from orchestrator.cli.session_common import Table, login, moment, opened_desk, simulated_option, state_word
from orchestrator.engine.desk import Desk
from orchestrator.exam import Exam, Phase
from orchestrator.exam import commands as order
from orchestrator.roster import Roster, read_roster
from orchestrator.store import examtime
from orchestrator.store.exams import DEFAULT_RETENTION_DAYS, StoredCandidate, StoredSession


class SessionGroup(click.Group):
    """Its commands are in several modules, imported when the group is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        from orchestrator.cli import session_over, session_room, session_show  # noqa: F401 - they add their commands

        return list(self.commands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        self.list_commands(ctx)
        return super().get_command(ctx, cmd_name)


@click.group(
    "session",
    cls=SessionGroup,
    help=tr(
        "Les sessions d'examen, de la liste des candidats aux postes figés.\n\n"
        "L'ordre habituel : create, prepare, start, status --watch, close. Un service en arrière-plan tient les "
        "échéances même quand personne ne regarde ; il démarre tout seul (voir « epreuve service »).",
        "Exam sessions, from the roster to the frozen benches.\n\n"
        "The usual order: create, prepare, start, status --watch, close. A service in the background keeps the "
        "deadlines even when nobody looks; it starts by itself (see “epreuve service”).",
    ),
)
def command() -> None:
    """Exam sessions."""


@command.command(
    "create",
    help=tr(
        "Crée une session à partir d'une liste de candidats (CSV ou XLSX ; voir docs/roster.md). Rien n'est lancé.",
        "Make a session from a roster (CSV or XLSX; see docs/roster.md). Nothing is started.",
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
    if clock_speed != 1 and not simulated:
        raise UsageError(
            Text("Seule une session simulée peut aller plus vite.", "Only a simulated session can run faster."),
            do=Text("Ajoutez --simulated.", "Add --simulated."),
        )
    loaded = open_lab(lab)
    roster = read_roster(file)
    format_ = loaded.referential.format(format_id)
    format_ = (as_rehearsal(format_) if rehearsal else format_).with_minutes(_minutes(minutes))
    _require_machines(format_, loaded)
    with opened_desk(simulated) as (desk, _settings):
        exam = _create(desk, session, loaded, format_, roster, retention, clock_speed, simulated)
    if as_json:
        ignored = list(roster.ignored_columns)
        print_json({"session": session, "candidates": list(exam.candidates), "ignored_columns": ignored})
        return
    click.echo(
        tr(
            f"Session {session} : {len(exam.candidates)} candidats. Ensuite : epreuve session prepare {session}",
            f"Session {session}: {len(exam.candidates)} candidates. Next: epreuve session prepare {session}",
        )
    )
    if roster.ignored_columns:
        click.echo(
            tr("Colonnes non utilisées", "Columns not used") + " : " + ", ".join(roster.ignored_columns), err=True
        )


@command.command("list", help=tr("Les sessions.", "The sessions."))
@simulated_option
@json_option
def list_(simulated: bool, as_json: bool) -> None:
    """List sessions."""
    with opened_desk(simulated) as (desk, _settings):
        found = desk.sessions()
    if as_json:
        print_json(
            [
                {
                    "session": one.exam.slug,
                    "state": one.exam.state,
                    "lab": one.exam.lab,
                    "format": one.exam.format,
                    "candidates": len(one.exam.candidates),
                    "created_at": one.stored.created_at,
                    "simulated": one.stored.simulated,
                }
                for one in found
            ]
        )
        return
    table: Table = [
        (
            one.exam.slug,
            state_word(one.exam.state),
            one.exam.lab,
            one.exam.format,
            len(one.exam.candidates),
            moment(one.stored.created_at, with_day=True),
        )
        for one in found
    ]
    columns = ["session", tr("état", "state"), tr("sujet", "lab"), "format"]
    print_table([*columns, tr("candidats", "candidates"), tr("créée", "created")], table)


def _create(
    desk: Desk,
    slug: str,
    lab: LoadedLab,
    format_: Format,
    roster: Roster,
    retention: int,
    speed: float,
    simulated: bool,
) -> Exam:
    who = login()
    phases = tuple(
        Phase(kind=phase.kind, title=phase.title, minutes=phase.minutes, machines=phase.machines_in(lab.lab))
        for phase in format_.phases
    )
    people, orders = [], []
    for name, line in roster.candidates().items():
        people.append(
            StoredCandidate(
                id=name,
                surname=line.surname,
                first_name=line.first_name,
                number=line.number,
                birth_date=line.birth_date,
                email=line.email,
            )
        )
        extra: Decimal | str = line.extra_time
        orders.append(order.Enrol(who=who, candidate=name, seat=line.seat, extra_percent=extra))  # type: ignore[arg-type]
    first = order.Create(
        who=who,
        slug=slug,
        lab=lab.lab.id,
        lab_version=str(lab.lab.version),
        lab_hash=lab.hash,
        format=format_.id,
        machines=tuple(lab.lab.machines),
        phases=phases,
    )
    new = StoredSession(
        slug=slug,
        lab_id=lab.lab.id,
        lab_folder=str(lab.folder),
        lab_hash=lab.hash,
        lab_version=str(lab.lab.version),
        format_id=format_.id,
        state="",
        document="",
        created_at=datetime.now(UTC),
        anchor=examtime.anchored(desk.clock.read(), speed=speed),
        retention_days=retention,
        simulated=simulated,
    )
    return desk.create(new, people, [first, *orders])


def _minutes(given: tuple[str, ...]) -> dict[str, int]:
    found = {}
    for one in given:
        phase, _, value = one.partition("=")
        if not value.isdecimal():
            raise UsageError(
                Text("Cette durée n'est pas lisible.", "This length cannot be read."),
                where=one,
                do=Text("Écrivez par exemple pratique=90.", "Write for example pratique=90."),
            )
        found[phase] = int(value)
    return found


def _require_machines(format_: Format, lab: LoadedLab) -> None:
    if missing := missing_machines(format_, lab.lab):
        raise UsageError(
            Text(
                f"Le sujet n'a pas les machines de ce format : {', '.join(missing)}.",
                f"The lab lacks machines of this format: {', '.join(missing)}.",
            ),
            where=f"{lab.lab.id}, {format_.id}",
            do=Text("Choisissez un autre sujet ou un autre format.", "Choose another lab or another format."),
        )
