"""What the checks suggest for each competency and criterion: shown beside the jury's marks, never instead of them.

The rule has no threshold and no average, so that a jury can do it again by hand. Evidence is every check of the
judgement that could be seen, and every incident whose repair was verified:

- all of it is as expected: ``met``
- none of it is, and no point was earned: ``not-met``
- anything between: ``partly``, whatever the points; they stand beside it
- no evidence, or none that could be seen: ``not-seen``, left to the jury

INCONCLUSIVE is not evidence: it makes no level better or worse, and is named. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from checkers.facts import Frozen
from checkers.report.model import CheckResult, Judgement, Points
from checkers.verdict import Outcome
from labs.referential import Competency, Criterion, Referential
from labs.text import Text


class Level(StrEnum):
    """How far a competency or a criterion is shown to be there."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not-met"
    NOT_SEEN = "not-seen"


class IncidentResult(Frozen):
    """What the last verification of an incident or a request found.

    PASS: repaired (or fulfilled) without harm elsewhere. FAIL: not repaired, or with harm. INCONCLUSIVE: not verified.
    """

    id: str
    title: str
    competency: str
    criterion: str = ""
    outcome: Outcome


class Evidence(Frozen):
    """One thing that a proposal rests on. Incidents have no points."""

    kind: Literal["check", "incident"]
    id: str
    title: str
    outcome: Outcome
    points: Points = Decimal(0)
    max_points: Points = Decimal(0)


class Proposal(Frozen):
    """What is proposed for one criterion. ``id`` is the criterion's.

    evidence: what it rests on, in the order of the lab, incidents last; those that could not be seen are among it.
    points, max_points: over the checks that were seen. open_points: over those that were not.
    """

    id: str
    level: Level
    evidence: tuple[Evidence, ...]
    points: Points
    max_points: Points
    open_points: Points
    reason: Text


class CompetencyProposal(Proposal):
    """What is proposed for one competency, and for each of its criteria."""

    criteria: tuple[Proposal, ...]


def propose(
    judgement: Judgement | None, referential: Referential, incidents: Sequence[IncidentResult] = ()
) -> tuple[CompetencyProposal, ...]:
    """One proposal for each competency of the certification, in its order.

    judgement: None when there is nothing judged (a format without a practical). A check or an incident for a competency
    that this certification does not have is evidence for nothing here.
    """
    checks = judgement.checks if judgement is not None else ()
    return tuple(_competency(item, checks, incidents) for item in referential.competencies().values())


def _competency(
    competency: Competency, checks: Sequence[CheckResult], incidents: Sequence[IncidentResult]
) -> CompetencyProposal:
    own = [
        *((check.criterion, _of_check(check)) for check in checks if check.competency == competency.id),
        *((one.criterion, _of_incident(one)) for one in incidents if one.competency == competency.id),
    ]
    found = _proposal(competency.id, tuple(evidence for _, evidence in own), _left(competency))
    criteria = tuple(
        _criterion(item, tuple(evidence for name, evidence in own if name == item.id)) for item in competency.criteria
    )
    return CompetencyProposal(criteria=criteria, **{name: getattr(found, name) for name in Proposal.model_fields})


def _criterion(criterion: Criterion, evidence: tuple[Evidence, ...]) -> Proposal:
    rest = Text("le reste se juge par une personne", "the rest is for people to judge")
    return _proposal(criterion.id, evidence, rest if criterion.seen_by == "both" else None)


def _left(competency: Competency) -> Text | None:
    """What of a competency no check can show, however good the checks are."""
    criteria = competency.criteria
    left = sum(item.seen_by != "machine" for item in criteria)
    if not left:
        return None
    return Text(
        f"{left} critère{_s(left)} sur {len(criteria)} à juger par une personne",
        f"{left} of {len(criteria)} criteria for people to judge",
    )


def _of_check(check: CheckResult) -> Evidence:
    return Evidence(
        kind="check",
        id=check.id,
        title=check.title,
        outcome=check.verdict,
        points=check.points,
        max_points=check.max_points,
    )


def _of_incident(incident: IncidentResult) -> Evidence:
    return Evidence(kind="incident", id=incident.id, title=incident.title, outcome=incident.outcome)


def _proposal(id_: str, evidence: tuple[Evidence, ...], left: Text | None) -> Proposal:
    seen = [item for item in evidence if item.outcome is not Outcome.INCONCLUSIVE]
    unseen = [item for item in evidence if item.outcome is Outcome.INCONCLUSIVE]
    points = sum((item.points for item in seen), Decimal(0))
    return Proposal(
        id=id_,
        level=_level(seen, points),
        evidence=evidence,
        points=points,
        max_points=sum((item.max_points for item in seen), Decimal(0)),
        open_points=sum((item.max_points for item in unseen), Decimal(0)),
        reason=_reason(seen, unseen, left),
    )


def _level(seen: Sequence[Evidence], points: Decimal) -> Level:
    if not seen:
        return Level.NOT_SEEN
    if all(item.outcome is Outcome.PASS for item in seen):
        return Level.MET
    if points == 0 and not any(item.outcome is Outcome.PASS for item in seen):
        return Level.NOT_MET
    return Level.PARTLY


def _reason(seen: Sequence[Evidence], unseen: Sequence[Evidence], left: Text | None) -> Text:
    """One sentence for the jury: how much of the evidence is as expected, what was not seen, what is left to people."""
    clauses = []
    checks = [item for item in seen if item.kind == "check"]
    incidents = [item for item in seen if item.kind == "incident"]
    if checks:
        good, all_ = _good(checks), len(checks)
        clauses.append(
            Text(
                f"{good} contrôle{_s(good)} sur {all_} conforme{_s(good)}",
                f"{good} of {all_} check{_s(all_)} as expected",
            )
        )
    if incidents:
        good, all_ = _good(incidents), len(incidents)
        clauses.append(
            Text(
                f"{good} incident{_s(good)} sur {all_} résolu{_s(good)} sans dommage",
                f"{good} of {all_} incident{_s(all_)} solved without harm",
            )
        )
    if unseen:
        many = len(unseen)
        clauses.append(
            Text(
                f"{many} élément{_s(many)} non observé{_s(many)}, sans effet",
                f"{many} item{_s(many)} not seen, without effect",
            )
        )
    if not seen and not unseen:
        clauses.append(Text("aucun contrôle n'en témoigne", "no check is evidence for it"))
    clauses.append(Text("le jury en juge", "the jury judges it") if not seen else left or Text("", ""))
    return Text(" ; ".join(one.fr for one in clauses if one.fr), "; ".join(one.en for one in clauses if one.en))


def _good(items: Sequence[Evidence]) -> int:
    return sum(item.outcome is Outcome.PASS for item in items)


def _s(number: int) -> str:
    return "s" if number > 1 else ""
