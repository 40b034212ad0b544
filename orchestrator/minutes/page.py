"""The minutes as a page to print, and as a PDF to keep.

Whatever people typed is escaped by Jinja2 and made visible by ``one_line``, which sees every value that the
template prints.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from jinja2 import Environment
from markupsafe import Markup

from checkers.report.pages import page_templates
from checkers.report.visible import one_line
from labs.text import Text, current_language, tr
from labs.typography import printed, typeset
from orchestrator import moments
from orchestrator.exam import ENGINE
from orchestrator.exam.model import Phase
from orchestrator.exam.words import backing_word, duration, session_word
from orchestrator.marks.words import block_word
from orchestrator.minutes import words
from orchestrator.minutes.model import Minutes
from orchestrator.minutes.words import ranges
from orchestrator.pdf import Attached, to_archive_pdf

NAMED = 3
"""Candidates that a happening names; more are told by their numbers in the table."""

SIGNATURES = 2
"""Lines for the jury at least, whoever the session is entrusted to: paper is signed by those who were there."""


def minutes_pdf(minutes: Minutes) -> bytes:
    """The minutes as PDF/A-3u, with the same as JSON in it."""
    attached = Attached(
        "proces-verbal.json",
        minutes.model_dump_json(indent=2).encode(),
        tr("les mêmes données, pour les programmes", "the same data, for programs"),
    )
    return to_archive_pdf(minutes_html(minutes), [attached], at=minutes.drawn_up_at)


def minutes_html(minutes: Minutes) -> str:
    """The page, in the language of the context."""
    day = (minutes.began_at or minutes.created_at).astimezone()
    environment = _environment()
    style = environment.get_template("minutes.css").render()
    return environment.get_template("minutes.html.j2").render(
        m=minutes,
        language=current_language(),
        style=Markup(style),  # noqa: S704 - our own file
        names=minutes.names,
        numbers=_numbers(minutes),
        day=day,
        zone=moments.zone(day),
        when=lambda at: _when(at, day),
        by=lambda who: _by(minutes, who),
        whom=lambda candidates: _whom(minutes, candidates),
        decisions={one.candidate: one for one in minutes.decisions},
        jury_phases=_jury_phases(minutes),
        blank_jurors=max(0, SIGNATURES - len(minutes.jury)),
    )


def _when(at: datetime, day: datetime) -> str:
    """``09:00:12``; with its date when that is not the day of the exam."""
    local = at.astimezone()
    clock = moments.clock(at, seconds=True)
    return clock if local.date() == day.date() else f"{local:%d/%m} {clock}"


def _by(minutes: Minutes, who: str) -> str:
    """Who gave an order, as people know them."""
    if who == ENGINE:
        return "Épreuve"
    people = {one.account: one.name for one in (*minutes.supervisors, *minutes.jury)}
    candidate = who.rpartition("/")[2]
    return people.get(who) or minutes.names.get(candidate) or who


def _whom(minutes: Minutes, candidates: Sequence[str]) -> str | Text:
    """Whom a happening concerns."""
    if not candidates:
        return Text("toute la session", "the whole session")
    if len(candidates) <= NAMED:
        return ", ".join(minutes.names[one] for one in candidates)
    numbers, count = _numbers(minutes), len(candidates)
    which = ranges(numbers[one] for one in candidates)
    return Text(f"{count} candidats : n° {which}", f"{count} candidates: no. {which}")


def _numbers(minutes: Minutes) -> dict[str, int]:
    return {one.id: number for number, one in enumerate(minutes.attendance, start=1)}


def _jury_phases(minutes: Minutes) -> dict[int, Phase]:
    """The phases of the jury's part, by their place in the format; none where nobody has come to it."""
    if not any(one.phases for one in minutes.attendance):
        return {}
    return {index: phase for index, phase in enumerate(minutes.phases) if phase.kind != "practical"}


@cache
def _environment() -> Environment:
    environment = page_templates("orchestrator.minutes", one_line, said=typeset)
    for function in (
        duration,
        session_word,
        backing_word,
        block_word,
        words.presence_word,
        words.end_word,
        words.time_parts,
        words.phase_time,
        words.outcome,
        words.title_word,
    ):
        environment.globals[function.__name__] = function
    environment.globals["t"] = printed
    environment.filters |= {"day": moments.day, "moment": moments.moment, "typeset": typeset}
    return environment
