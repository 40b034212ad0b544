"""What the checks suggest for each competency and criterion: shown beside the jury's marks, never instead of them.

The rule has no threshold and no average, so that a jury can do it again by hand. What counts is every check of the
judgement that could be seen, and every incident whose repair was verified:

- all of it is as expected: ``met``
- none of it is, and no point was earned: ``not-met``
- anything between: ``partly``, whatever the points; they stand beside it
- nothing counts: ``not-seen``, left to the jury

INCONCLUSIVE counts for nothing: it makes no level better or worse. Nor does a check that passes on an untouched bench
and still does: it proves no work. (If it fails, something was broken: that counts.) Both are named. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    """One thing that a proposal rests on. Incidents have no points.

    at_start: a check that passes on an untouched bench.
    """

    kind: Literal["check", "incident"]
    id: str
    title: str
    outcome: Outcome
    at_start: bool = False
    points: Points = Decimal(0)
    max_points: Points = Decimal(0)

    @property
    def counts(self) -> bool:
        """Whether a level rests on it: it was seen, and tells something of the candidate's work."""
        return self.outcome is Outcome.FAIL or (self.outcome is Outcome.PASS and not self.at_start)


class Proposal(Frozen):
    """What is proposed for one criterion. ``id`` is the criterion's.

    evidence: in the order of the lab, incidents last; what does not count is among it. points, max_points: over the
    checks that count. open_points: over those that were not seen.
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
        at_start=check.true_at_start,
        points=check.points,
        max_points=check.max_points,
    )


def _of_incident(incident: IncidentResult) -> Evidence:
    return Evidence(kind="incident", id=incident.id, title=incident.title, outcome=incident.outcome)


def _proposal(id_: str, evidence: tuple[Evidence, ...], left: Text | None) -> Proposal:
    counting = [item for item in evidence if item.counts]
    points = sum((item.points for item in counting), Decimal(0))
    return Proposal(
        id=id_,
        level=_level(counting, points),
        evidence=evidence,
        points=points,
        max_points=sum((item.max_points for item in counting), Decimal(0)),
        open_points=sum((item.max_points for item in evidence if item.outcome is Outcome.INCONCLUSIVE), Decimal(0)),
        reason=_reason(counting, evidence, left),
    )


def _level(counting: Sequence[Evidence], points: Decimal) -> Level:
    if not counting:
        return Level.NOT_SEEN
    if all(item.outcome is Outcome.PASS for item in counting):
        return Level.MET
    if points == 0 and not any(item.outcome is Outcome.PASS for item in counting):
        return Level.NOT_MET
    return Level.PARTLY


def _reason(counting: Sequence[Evidence], evidence: Sequence[Evidence], left: Text | None) -> Text:
    """One sentence for the jury: how much is as expected, what does not count, what is left to people."""
    clauses = [*_as_expected(counting), *_without_effect(evidence)]
    if not evidence:
        clauses.append(Text("ni contrôle ni incident n'en témoigne", "neither check nor incident is evidence"))
    if not counting:
        clauses.append(Text("le jury en juge", "the jury judges it"))
    elif left is not None:
        clauses.append(left)
    return Text(" ; ".join(one.fr for one in clauses), "; ".join(one.en for one in clauses))


def _as_expected(counting: Sequence[Evidence]) -> Iterator[Text]:
    for kind, noun, fr, en in (
        ("check", "contrôle", "conforme{s}", "as expected"),
        ("incident", "incident", "résolu{s} sans dommage", "solved without harm"),
    ):
        some = [item for item in counting if item.kind == kind]
        if some:
            good = sum(item.outcome is Outcome.PASS for item in some)
            yield Text(
                f"{good} {noun}{_s(good)} sur {len(some)} {fr.format(s=_s(good))}",
                f"{good} of {len(some)} {kind}{_s(len(some))} {en}",
            )


def _without_effect(evidence: Sequence[Evidence]) -> Iterator[Text]:
    unseen = sum(item.outcome is Outcome.INCONCLUSIVE for item in evidence)
    if unseen:
        yield Text(
            f"{unseen} élément{_s(unseen)} non observé{_s(unseen)}, sans effet",
            f"{unseen} item{_s(unseen)} not seen, without effect",
        )
    already = sum(item.outcome is Outcome.PASS and item.at_start for item in evidence)
    if already:
        yield Text(
            f"{already} contrôle{_s(already)} déjà conforme{_s(already)} au départ, sans effet",
            f"{already} check{_s(already)} as expected from the start, without effect",
        )


def _s(number: int) -> str:
    return "s" if number > 1 else ""
