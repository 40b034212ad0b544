"""The dossier to read and to print: ``report.pdf``, in French as the jury's other papers are."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from checkers.proposal import Level
from checkers.report.model import Judgement
from checkers.report.pages import page_templates
from checkers.report.visible import visible
from checkers.verdict import Outcome
from labs.text import Text, current_language, speaking
from labs.typography import printed, typeset
from labs.variant import in_words
from orchestrator import moments
from orchestrator.dossier.source import Person, Source
from orchestrator.engine.judging import read
from orchestrator.exam.words import backing_word, duration
from orchestrator.marks import fold as marks
from orchestrator.marks.frame import frame_of
from orchestrator.marks.words import LEVEL_WORDS, block_word
from orchestrator.minutes import words
from orchestrator.pdf import Attached, to_archive_pdf
from orchestrator.sealed.keys import PublicKey
from orchestrator.store.records import Record
from orchestrator.tickets import documents as said
from orchestrator.tickets.book import entries_of
from orchestrator.tickets.evidence import findings, handling
from orchestrator.tickets.priority import priority
from orchestrator.tickets.ticket import Entry, Ticket
from orchestrator.tickets.ticket import fold as fold_tickets
from orchestrator.tickets.words import CATEGORIES, IMPACTS, KINDS, PRIORITIES, URGENCIES, WHATS, level

OUTCOMES: Mapping[Outcome, Text] = {
    Outcome.PASS: Text("✓ conforme", "✓ as expected"),
    Outcome.FAIL: Text("✗ non conforme", "✗ not as expected"),
    Outcome.INCONCLUSIVE: Text("? non observé", "? not observed"),
}


@dataclass(frozen=True)
class Marked:
    """A competency as it was marked: what the machine proposed, each juror, in common. words: the common mark's."""

    id: str
    title: str
    proposed: Level | None
    jurors: Sequence[Level | None]
    common: Level | None
    words: str


def report_pdf(source: Source, person: Person, key: PublicKey, evidence: bytes) -> bytes:
    """The report as PDF/A-3u. evidence: the same as data, attached to it."""
    attached = Attached("dossier.json", evidence, "les mêmes données, pour les programmes", "Data")
    with speaking("fr"):
        page = report_html(source, person, key)
    return to_archive_pdf(page, [attached], at=source.at)


def report_html(source: Source, person: Person, key: PublicKey) -> str:
    """The page, in the language of the context."""
    minutes, name = source.minutes, person.sitting.id
    marking = marks.fold(person.books["marks"])
    environment = _environment()
    style = environment.get_template("report.css").render()
    judgement = read(person.judgements[-1]) if person.judgements else None
    return environment.get_template("report.html.j2").render(
        source=source,
        person=person,
        key=key,
        m=minutes,
        zone=moments.zone(minutes.began_at or minutes.created_at),
        language=current_language(),
        style=Markup(style),  # noqa: S704 - our own file
        attendance=next(one for one in minutes.attendance if one.id == name),
        happenings=source.happenings(name),
        incidents=[one for one in minutes.incidents if one.candidate == name],
        decision=next((one for one in minutes.decisions if one.candidate == name), None),
        marking=marking,
        marked=_marked(source, marking),
        judgement=judgement,
        checks=[] if judgement is None else _by_task(judgement),
        tickets=_tickets(person.books["tickets"]),
        notes=_notes(marking),
        screens={machine: _as_data(picture) for machine, picture in person.screens.items()},
        machines=judgement.places if judgement else {},
        by=lambda who: source.names.get(who) or (person.name if who.rpartition("/")[2] == name else who),
    )


def _marked(source: Source, marking: marks.Marking) -> list[Marked]:
    """Every competency that is marked in this session, in the certification's order."""
    frame = frame_of(source.lab.referential, source.exam.format) if source.lab else None
    titles = {one.id: one.title for one in frame.competencies.values()} if frame else {}
    found = {*marking.levels, *(about for grid in marking.grids.values() for about in grid.levels)}
    names = [*titles, *sorted(about for about in found if about not in titles and "K" not in about)]
    return [_one_marked(marking, name, titles.get(name, "")) for name in names]


def _one_marked(marking: marks.Marking, name: str, title: str) -> Marked:
    common = marking.common[name][-1].said if name in marking.common else None
    own = [marking.grid(juror).mark(name) for juror in marking.jurors]
    last = common or next((mark for mark in own if mark), None)
    return Marked(
        id=name,
        title=title,
        proposed=last.proposed if last else None,
        jurors=[mark.level if mark else None for mark in own],
        common=common.level if common else None,
        words=common.justification if common else "",
    )


def _by_task(judgement: Judgement) -> list[tuple[Any, list[Any]]]:
    return [(task, [one for one in judgement.checks if one.task == task.id]) for task in judgement.tasks]


def _tickets(entries: Sequence[Record]) -> list[tuple[Ticket, Any, list[tuple[Entry, str]]]]:
    """Each ticket with what a jury reads of it and its entries in words."""
    return [
        (ticket, findings(handling(ticket)), [(entry, _words(entry.document)) for entry in ticket.entries])
        for ticket in fold_tickets(entries_of(entries)).values()
    ]


_FIELDS = ("subject", "title", "to", "symptoms", "cause", "text")
_LABELS = {
    "subject": Text("", ""),
    "title": Text("", ""),
    "to": Text("À\u00a0: ", "To: "),
    "symptoms": Text("Symptômes\u00a0: ", "Symptoms: "),
    "cause": Text("Cause\u00a0: ", "Cause: "),
    "text": Text("Solution\u00a0: ", "Solution: "),
}
"""What stands before a text; ``text`` is a solution where there is a cause."""


def _words(document: said.Document) -> str:
    """What was chosen or typed, line by line."""
    if isinstance(document, said.Qualified):
        pressing = PRIORITIES[priority(document.impact, document.urgency)]
        chosen = (KINDS[document.kind], CATEGORIES[document.category], pressing)
        impact, urgency = level(IMPACTS, document.impact), level(URGENCIES, document.urgency)
        levels = Text(f"impact : {impact.fr} ; urgence : {urgency.fr}", f"impact: {impact.en}; urgency: {urgency.en}")
        return "\n".join(map(str, (*chosen, levels)))
    typed = {field: str(getattr(document, field)) for field in _FIELDS if hasattr(document, field)}
    labels = _LABELS if "cause" in typed else {**_LABELS, "text": Text("", "")}
    return "\n".join(f"{labels[field]}{text}" for field, text in typed.items())


def _notes(marking: marks.Marking) -> list[tuple[str, str, str]]:
    """Jurors' notes in force: who, about what, what."""
    return [
        (juror, about, versions[-1].said.text)
        for juror, grid in marking.grids.items()
        for about, versions in grid.notes.items()
    ]


def _as_data(picture: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"


@cache
def _environment() -> Environment:
    environment = page_templates("orchestrator.dossier", visible, said=typeset)  # no character hides its neighbours
    for function in (duration, block_word, words.presence_word, words.end_word, words.time_parts, words.phase_time):
        environment.globals[function.__name__] = function
    environment.globals |= {
        "t": printed,
        "backing_word": backing_word,
        "outcome": words.outcome,
        "title_word": words.title_word,
        "levels": LEVEL_WORDS,
        "verdicts": OUTCOMES,
        "whats": WHATS,
    }
    environment.filters |= {
        "in_words": in_words,
        "day": moments.day,
        "moment": moments.moment,
        "clock": moments.clock,
        "typeset": typeset,
    }
    environment.filters |= {"amount": lambda value: f"{float(value):g}".replace(".", ",")}
    return environment
