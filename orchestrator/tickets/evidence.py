"""What a jury reads of how a ticket was handled. Facts only: whether a text is good is for people to say.

``Handling`` is small, frozen and JSON-able: marks and dossiers keep it. Of a ticket with an expected qualification it
says whether the chosen one is the same; where nothing is expected that is None.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from labs.text import Text
from orchestrator.exam.model import Frozen
from orchestrator.exam.words import duration
from orchestrator.tickets.documents import Category, Kind
from orchestrator.tickets.priority import priority
from orchestrator.tickets.ticket import Status, Ticket
from orchestrator.tickets.words import CATEGORIES, IMPACTS, KINDS, PRIORITIES, STATUSES, URGENCIES, level


class Qualification(Frozen):
    """kind, impact, urgency, and the priority that follows. category: None where none is expected."""

    kind: Kind
    impact: int
    urgency: int
    priority: int
    category: Category | None = None


class Handling(Frozen):
    """How one ticket was handled.

    incident: number of the incident in this exam; lab_incident, competency: of the lab's. chosen, expected: None when
    there is none. requalified: how often it was qualified anew. response_s: seconds to the candidate's first action;
    solve_s: to the solution that stands, of which pending_s waiting for the user (also without a solution).
    escalated_to, escalation, agreement: in the candidate's own words; empty when there is none.
    """

    ticket: int
    subject: str
    status: Status
    incident: int | None
    lab_incident: str | None
    competency: str | None
    chosen: Qualification | None
    expected: Qualification | None
    requalified: int
    response_s: float | None
    solve_s: float | None
    pending_s: float
    steps: int
    questions: int
    escalated_to: str
    escalation: str
    solved: bool
    knowledge: bool
    closed: bool
    agreement: str
    reopened: int
    corrections: int

    @property
    def kind_is_right(self) -> bool | None:
        """Incident or request, as expected."""
        return None if not (self.chosen and self.expected) else self.chosen.kind == self.expected.kind

    @property
    def priority_is_right(self) -> bool | None:
        """The priority is the expected one, by whatever impact and urgency."""
        return None if not (self.chosen and self.expected) else self.chosen.priority == self.expected.priority


class Finding(Frozen):
    """One line of the evidence. good: whether it is as expected; None where that is for the jury to say."""

    what: Text
    found: Text
    good: bool | None = None


def handling(ticket: Ticket) -> Handling:
    """How a ticket was handled."""
    counts = _counts(ticket)
    expected, chosen, sent = ticket.opening.expected, ticket.qualified, ticket.escalated
    return Handling(
        ticket=ticket.number,
        subject=ticket.opening.subject,
        status=ticket.status,
        incident=ticket.opening.incident,
        lab_incident=expected and expected.incident,
        competency=expected and expected.competency,
        chosen=chosen and _qualification(chosen.kind, chosen.impact, chosen.urgency, chosen.category),
        expected=expected and _qualification(expected.kind, expected.impact, expected.urgency),
        requalified=max(0, counts.get("qualified", 0) - 1),
        response_s=_since_opened(ticket, ticket.first_action_at),
        solve_s=_since_opened(ticket, ticket.solved_at),
        pending_s=ticket.pending_s,
        steps=counts.get("step", 0),
        questions=counts.get("asked", 0),
        escalated_to=sent.to if sent else "",
        escalation=sent.text if sent else "",
        solved=ticket.solved_at is not None,
        knowledge=ticket.knowledge is not None,
        closed=ticket.status == "closed",
        agreement=ticket.closed.text if ticket.closed else "",
        reopened=ticket.reopened,
        corrections=counts.get("corrected", 0),
    )


def findings(how: Handling) -> tuple[Finding, ...]:
    """The evidence in words, in the order in which a ticket is handled."""
    steps, questions = _several(how.steps, "étape", "step"), _several(how.questions, "question", "question")
    return (
        Finding(what=Text("État", "State"), found=STATUSES[how.status]),
        Finding(what=Text("Délai de prise en compte", "Response time"), found=_time(how.response_s)),
        Finding(what=Text("Incident ou demande", "Incident or request"), found=_kind(how), good=how.kind_is_right),
        Finding(what=Text("Priorité", "Priority"), found=_priority(how), good=how.priority_is_right),
        Finding(
            what=Text("Démarche notée", "Work logged"),
            found=Text(f"{steps.fr}, {questions.fr}", f"{steps.en}, {questions.en}"),
        ),
        Finding(what=Text("Escalade", "Escalation"), found=_said(how.escalated_to)),
        Finding(what=Text("Délai de résolution", "Time to solve"), found=_solved(how)),
        Finding(what=Text("Base de connaissances", "Knowledge base"), found=_yes(how.knowledge)),
        Finding(
            what=Text("Clos avec l'accord de l'utilisateur", "Closed with the user's agreement"), found=_yes(how.closed)
        ),
        Finding(what=Text("Réouvertures", "Reopened"), found=Text(str(how.reopened), str(how.reopened))),
    )


_NONE = Text("non", "no")
_NOT_QUALIFIED = Text("pas qualifié", "not qualified")


def _counts(ticket: Ticket) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for entry in ticket.entries:
        found[entry.document.what] = found.get(entry.document.what, 0) + 1
    return found


def _qualification(kind: Kind, impact: int, urgency: int, category: Category | None = None) -> Qualification:
    made = priority(impact, urgency)
    return Qualification(kind=kind, impact=impact, urgency=urgency, priority=made, category=category)


def _since_opened(ticket: Ticket, at: datetime | None) -> float | None:
    return None if at is None else (at - ticket.opened_at).total_seconds()


def _kind(how: Handling) -> Text:
    if how.chosen is None:
        return _NOT_QUALIFIED
    category = CATEGORIES[how.chosen.category or "other"]
    chosen = KINDS[how.chosen.kind]
    said = Text(f"{chosen.fr} ({category.fr.lower()})", f"{chosen.en} ({category.en.lower()})")
    return _beside(said, KINDS[how.expected.kind] if how.expected else None, how.kind_is_right)


def _priority(how: Handling) -> Text:
    if how.chosen is None:
        return _NOT_QUALIFIED
    again = Text("", "")
    if how.requalified:
        again = Text(f", qualifié {how.requalified + 1} fois", f", qualified {how.requalified + 1} times")
    said = _level_of(how.chosen)
    return _beside(
        Text(said.fr + again.fr, said.en + again.en),
        _level_of(how.expected) if how.expected else None,
        how.priority_is_right,
    )


def _level_of(one: Qualification) -> Text:
    name = PRIORITIES[one.priority]
    impact, urgency = level(IMPACTS, one.impact), level(URGENCIES, one.urgency)
    return Text(
        f"{name.fr} (impact {impact.fr.lower()}, urgence {urgency.fr.lower()})",
        f"{name.en} (impact {impact.en.lower()}, urgency {urgency.en.lower()})",
    )


def _beside(chosen: Text, expected: Text | None, right: bool | None) -> Text:
    if expected is None:
        return chosen
    if right:
        return Text(f"{chosen.fr}, comme attendu", f"{chosen.en}, as expected")
    return Text(f"{chosen.fr} ; attendu : {expected.fr}", f"{chosen.en}; expected: {expected.en}")


def _time(seconds: float | None) -> Text:
    return Text("pas encore", "not yet") if seconds is None else duration(seconds)


def _solved(how: Handling) -> Text:
    took = _time(how.solve_s)
    if not how.pending_s or how.solve_s is None:
        return took
    pending = duration(how.pending_s)
    return Text(
        f"{took.fr}, dont {pending.fr} à attendre l'utilisateur", f"{took.en}, {pending.en} of it waiting for the user"
    )


def _several(number: int, fr: str, en: str) -> Text:
    return Text(f"{number} {fr}{'s' if number > 1 else ''}", f"{number} {en}{'' if number == 1 else 's'}")


def _said(words: str) -> Text:
    return Text(words, words) if words else _NONE


def _yes(done: bool) -> Text:
    return Text("oui", "yes") if done else _NONE
