"""Building the reports from an observation and its verdicts. Pure: no clock, no file, no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from checkers.facts import Fact, Observation
from checkers.judge import LINKS_KEY, PlannedCheck
from checkers.report.errors import ReportError
from checkers.report.model import (
    Candidate,
    CandidateReport,
    CheckResult,
    CompetencySum,
    FactEvidence,
    GroupSum,
    GroupTitle,
    Judgement,
    LabIdentity,
    Moment,
    SessionReport,
    Sum,
    TaskSum,
    total,
)
from checkers.report.names import folder_name
from checkers.verdict import Verdict
from labs.model import Lab
from labs.referential import Referential
from labs.text import Text

_SHARED = (*Sum.model_fields, "lab", "places", "tasks", "competencies", "blocks", "checks")
"""What a judgement and its report both say."""

_LINKS = Text(
    "machines en marche et réseaux raccordés, vus par l'hyperviseur",
    "running machines and connected networks, as the hypervisor sees them",
)


def questions_in_words(planned: Sequence[PlannedCheck]) -> dict[str, Text]:
    """For each key of a fact, its question in words: what the probe is about."""
    return {question.key: question.probe.about for item in planned for question in item.check.questions()}


def titles_of(referential: Referential) -> dict[str, str]:
    """The titles of a certification, of its blocks and of its competencies, by identifier."""
    blocks = {block.id: block.title for block in referential.blocks}
    return {referential.id: referential.title} | blocks | {c.id: c.title for c in referential.competencies().values()}


def candidate_report(
    *,
    lab: Lab,
    lab_hash: str,
    competencies: Mapping[str, str],
    observation: Observation,
    verdicts: Sequence[Verdict],
    candidate: Candidate,
    judged_at: datetime,
    questions: Mapping[str, Text] | None = None,
    notes: Sequence[Text] = (),
    times: Sequence[Moment] = (),
    software: Mapping[str, str] | None = None,
) -> CandidateReport:
    """The whole evidence of one candidate.

    competencies: see ``titles_of``; a missing title shows its identifier. questions: see ``questions_in_words``; a
    missing one shows the probe's name. notes: how the bench was made. times: what the journal says of it. software:
    versions beside those that the observation recorded.

    Raises ReportError when the verdicts are not those of this lab's checks, one for each.
    """
    judged = judgement(
        lab=lab,
        lab_hash=lab_hash,
        competencies=competencies,
        verdicts=verdicts,
        questions=questions or {},
        simulated=observation.simulated,
    )
    return report_of(
        judged, observation, candidate=candidate, judged_at=judged_at, notes=notes, times=times, software=software
    )


def judgement(
    *,
    lab: Lab,
    lab_hash: str,
    competencies: Mapping[str, str],
    verdicts: Sequence[Verdict],
    questions: Mapping[str, Text],
    simulated: bool,
) -> Judgement:
    """What a lab's checks found. Parameters and errors: see ``candidate_report``."""
    _same_checks(lab, verdicts)
    checks = tuple(_check(verdict, simulated) for verdict in verdicts)
    return Judgement(
        **total(checks),
        lab=LabIdentity(
            id=lab.id,
            version=lab.version,
            title=lab.title,
            referential=lab.referential,
            certification=competencies.get(lab.referential, lab.referential),
            hash=lab_hash,
        ),
        places={
            **{name: machine.title for name, machine in lab.machines.items()},
            **{f"wire:{name}": network.title for name, network in lab.networks.items()},
        },
        tasks=tuple(
            TaskSum(
                id=task.id,
                title=task.title,
                competency=task.competency,
                **total(check for check in checks if check.task == task.id),
            )
            for task in lab.tasks
        ),
        competencies=_competencies(checks, competencies),
        blocks=_blocks(checks, competencies),
        checks=checks,
        questions=dict(questions),
    )


def report_of(
    judged: Judgement,
    observation: Observation,
    *,
    candidate: Candidate,
    judged_at: datetime,
    notes: Sequence[Text] = (),
    times: Sequence[Moment] = (),
    software: Mapping[str, str] | None = None,
) -> CandidateReport:
    """The report of a judgement, with the observation that it was made from."""
    return CandidateReport(
        **{name: getattr(judged, name) for name in _SHARED},
        name=candidate.name,
        number=candidate.number,
        bench=observation.bench,
        folder=folder_name(candidate.number, candidate.name),
        simulated=observation.simulated,
        started_at=observation.started_at,
        ended_at=observation.ended_at,
        observation_hash=observation.digest(),
        session=observation.session,
        observed_lab_hash=observation.lab_hash,
        variants=observation.variants,
        judged_at=judged_at,
        software={**observation.software, **(software or {})},
        notes=tuple(notes),
        times=tuple(sorted(times, key=lambda moment: moment.at)),
        facts=_facts(observation, judged.checks, judged.questions),
    )


def session_report(
    reports: Sequence[CandidateReport], *, generated_at: datetime, software: Mapping[str, str] | None = None
) -> SessionReport:
    """The results of all the candidates of a session, by number.

    Raises ReportError when there is none, when two have the same number, or when they do not belong together.
    """
    if not reports:
        raise ReportError(
            Text("La session n'a aucun candidat observé.", "The session has no observed candidate."),
            do=Text("Observez au moins un poste.", "Observe at least one bench."),
        )
    first = reports[0]
    numbers = [report.number for report in reports]
    if len(set(numbers)) != len(numbers):
        raise ReportError(
            Text("Deux candidats portent le même numéro.", "Two candidates have the same number."),
            where=", ".join(map(str, sorted(numbers))),
            do=Text("Donnez à chaque candidat son propre numéro.", "Give each candidate a number of their own."),
        )
    if any((report.session, report.lab) != (first.session, first.lab) for report in reports):
        raise ReportError(
            Text(
                "Ces rapports ne viennent pas de la même session et du même sujet.",
                "These reports do not come from the same session and the same lab.",
            ),
            where=first.session,
            do=Text("Jugez-les tous avec le même sujet.", "Judge all of them with the same lab."),
        )
    return SessionReport(
        session=first.session,
        lab=first.lab,
        simulated=any(report.simulated for report in reports),
        generated_at=generated_at,
        software={**first.software, **(software or {})},
        tasks=_titles(first.tasks),
        competencies=_titles(first.competencies),
        candidates=tuple(report.result() for report in sorted(reports, key=lambda report: report.number)),
    )


def _titles(groups: Sequence[GroupSum]) -> tuple[GroupTitle, ...]:
    return tuple(GroupTitle(id=group.id, title=group.title, max_points=group.max_points) for group in groups)


def _same_checks(lab: Lab, verdicts: Sequence[Verdict]) -> None:
    """A verdict that is missing would lower the total without a word; one too many would raise it."""
    expected = [(task.id, check.id) for task, check in lab.checks()]
    found = [(verdict.task, verdict.check) for verdict in verdicts]
    if sorted(expected) != sorted(found):
        odd = sorted(set(expected) ^ set(found)) or found
        raise ReportError(
            Text(
                "Les verdicts ne correspondent pas aux contrôles du sujet.",
                "The verdicts do not match the checks of the lab.",
            ),
            where=", ".join(f"{task}/{check}" for task, check in odd[:5]),
            do=Text("Rejugez l'observation avec ce sujet.", "Judge the observation again with this lab."),
        )


def _check(verdict: Verdict, simulated: bool) -> CheckResult:
    return CheckResult(
        id=verdict.check,
        task=verdict.task,
        competency=verdict.competency,
        criterion=verdict.criterion,
        title=verdict.title,
        verdict=verdict.outcome,
        points=verdict.points,
        max_points=verdict.max_points,
        reason=verdict.reason.fr,
        reason_en=verdict.reason.en,
        facts=verdict.facts,
        true_at_start=verdict.true_at_start,
        simulated=simulated,
    )


def _block(competency: str) -> str:
    return competency.partition(".")[0]


def _competencies(checks: Sequence[CheckResult], titles: Mapping[str, str]) -> tuple[CompetencySum, ...]:
    return tuple(
        CompetencySum(
            id=name,
            title=titles.get(name, name),
            block=_block(name),
            **total(check for check in checks if check.competency == name),
        )
        for name in sorted({check.competency for check in checks})
    )


def _blocks(checks: Sequence[CheckResult], titles: Mapping[str, str]) -> tuple[GroupSum, ...]:
    return tuple(
        GroupSum(
            id=name,
            title=titles.get(name, name),
            **total(check for check in checks if _block(check.competency) == name),
        )
        for name in sorted({_block(check.competency) for check in checks})
    )


def _facts(
    observation: Observation, checks: Sequence[CheckResult], questions: Mapping[str, Text]
) -> tuple[FactEvidence, ...]:
    """Numbered in the order in which the report shows them: as checks cite them, then those that none cites."""
    stored = observation.by_key()
    cited = dict.fromkeys(key for check in checks for key in check.facts if key in stored)
    order = [*cited, *(key for key in stored if key not in cited)]
    words = {LINKS_KEY: _LINKS, **questions}
    return tuple(
        _fact(number, stored[key], words.get(key, Text(stored[key].probe, stored[key].probe)))
        for number, key in enumerate(order, start=1)
    )


def _fact(number: int, fact: Fact, question: Text) -> FactEvidence:
    return FactEvidence(
        number=number,
        question=question,
        witness=fact.is_witness,
        **{name: getattr(fact, name) for name in Fact.model_fields},
    )
