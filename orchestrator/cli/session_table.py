"""How a session stands, as a table that fits a terminal of 80 columns: one line for each candidate, notes below."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text as Styled

from labs.text import tr
from orchestrator.cli.common import out
from orchestrator.cli.session_common import moment
from orchestrator.cli.voice import Voice
from orchestrator.engine.desk import Open
from orchestrator.engine.plan import step_word
from orchestrator.engine.service import Status
from orchestrator.exam import Sitting
from orchestrator.exam.words import candidate_word, session_word
from orchestrator.store.benches import StoredBench

_OTHER_COLUMNS = 60
"""Characters that all columns but the name take."""


_HOST_COLUMN = 10
"""Characters that the hosts take where there are several."""

_NEEDS_SERVICE = ("running", "frozen", "jury")


def status_table(
    opened: Open,
    names: dict[str, str],
    stored: dict[str, StoredBench],
    service: Status | None,
    voice: Voice,
    *,
    lines: int | None = None,
    with_hosts: bool = False,
) -> RenderableType:
    """The session at one moment. lines: how many there are on the screen; those who need a look come first then.
    with_hosts: there are several."""
    sittings = list(opened.exam.candidates.values())
    notes = _notes(opened, service, voice)
    left_out = 0
    if lines is not None:
        room = max(1, lines - len(notes) - 4)
        left_out = max(0, len(sittings) - room)
        if left_out:
            sittings = sorted(sittings, key=_urgency)[:room]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("id", no_wrap=True)
    table.add_column(
        tr("nom", "name"),
        no_wrap=True,
        overflow="ellipsis",
        max_width=max(10, out.width - _OTHER_COLUMNS - with_hosts * _HOST_COLUMN),
    )
    table.add_column(tr("place", "seat"), no_wrap=True, overflow="ellipsis", max_width=6)
    for column in (tr("état", "state"), tr("reste", "left"), tr("fin", "end"), tr("reprise", "point")):
        table.add_column(column, no_wrap=True)
    if with_hosts:
        table.add_column(tr("hôte", "host"), no_wrap=True, overflow="ellipsis", max_width=_HOST_COLUMN)
    for sitting in sittings:
        row = [*_row(sitting, opened.now, names.get(sitting.id, ""), stored.get(sitting.id))]
        if with_hosts:
            row.append(_host(sitting))
        table.add_row(*(Styled(cell) for cell in row))  # as they are: a name may look like markup
    parts: list[RenderableType] = [Styled(_title(opened, voice), style="bold"), table]
    if left_out:
        parts.append(Styled(tr(f"… et {left_out} autres", f"… and {left_out} others"), style="dim"))
    return Group(*parts, *notes)


def _title(opened: Open, voice: Voice) -> str:
    """What, in which state, at which exam time; and how fast that runs when it is not as everywhere."""
    speed = opened.stored.anchor.speed
    fast = f" (× {speed:g})" if speed != 1 else ""
    exam = opened.exam
    frozen = sum(sitting.state == "frozen" for sitting in exam.candidates.values())
    count = tr(f"{frozen}/{len(exam.candidates)} figés", f"{frozen}/{len(exam.candidates)} frozen")
    return f"{voice.mark}{exam.slug} · {session_word(exam.state)} · {moment(opened.now)}{fast} · {count}"


def _row(sitting: Sitting, now: datetime, name: str, stored: StoredBench | None) -> Sequence[str]:
    point = ""
    if sitting.checkpoints and stored is not None and stored.last_checkpoint_at is not None:
        point = f"{sitting.checkpoints[-1]} {moment(stored.last_checkpoint_at)[:5]}"
    going = sitting.state in ("enrolled", "preparing", "ready", "running", "paused") and sitting.clock.allotted_s > 0
    return [
        sitting.id,
        name,
        sitting.seat or "",
        str(candidate_word(sitting.state)),
        _left(sitting.clock.remaining_s(now)) if going else "",
        moment(sitting.clock.ended_at or sitting.clock.deadline()),
        point,
    ]


def _host(sitting: Sitting) -> str:
    """Where the bench is, and where it is going."""
    here, there = sitting.home or "", sitting.host or ""
    return here if there in ("", here) else f"{here} → {there}"


def _left(seconds: float) -> str:
    """Time left as a clock shows it: ``2:23:12``."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d}"


def _urgency(sitting: Sitting) -> tuple[bool, bool, str]:
    """Failures first, then those at work, whose end is nearest."""
    going = sitting.state in ("preparing", "ready", "running", "paused", "ended")
    end = sitting.clock.deadline()
    return (sitting.failure is None, not going, end.isoformat() if end else "")


def _notes(opened: Open, service: Status | None, voice: Voice) -> list[Styled]:
    """What does not fit a column: what fails, what is being done, what stands still."""
    exam = opened.exam
    notes = []
    if service is None and (exam.state in _NEEDS_SERVICE or _waits(opened)):
        command = voice.command("service start")
        say = tr(f"Le service ne tourne pas : {command}", f"The service does not run: {command}")
        notes.append(Styled(say, style="red"))
    elif service is not None and service.trouble:
        notes.append(Styled(service.trouble, style="red"))
    if exam.room_paused:
        notes.append(Styled(tr("La salle est en pause.", "The room is paused."), style="yellow"))
    for sitting in exam.candidates.values():
        if sitting.failure is not None:
            notes.append(Styled(voice.about(sitting.id, sitting.failure), style="yellow"))
        if sitting.checkpoint_failure is not None:
            missed = tr("point de reprise manqué", "checkpoint missed")
            notes.append(
                Styled(voice.about(voice.about(sitting.id, missed), sitting.checkpoint_failure), style="yellow")
            )
    doing: dict[str, list[str]] = {}
    for bench, step in ({} if service is None else service.busy).items():
        session, _, candidate = bench.partition("/")
        if session == exam.slug:
            doing.setdefault(step, []).append(candidate)
    for step, who in doing.items():
        notes.append(Styled(voice.about(str(step_word(step)), ", ".join(sorted(who))), style="dim"))
    return notes


def _waits(opened: Open) -> bool:
    """Somebody's bench was asked for."""
    return any(sitting.state == "preparing" for sitting in opened.exam.candidates.values())
