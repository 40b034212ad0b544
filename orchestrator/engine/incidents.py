"""Incidents in the copy of a frozen bench: brought about and seen, then looked at again as often as the jury asks.

What is frozen is never touched: the machines are the copy's, and what was observed is kept beside it, in the bench's
directory ``incidents/``: ``<number>-before.json``, ``<number>-broken.json``, ``<number>-look-<look>.json``. So a
service that was killed goes on with the observation that was made before anything was broken.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from time import monotonic

from checkers.checks import CHECKS
from checkers.facts import Observation
from checkers.incidents import Condition, PlannedProof, ProofOutcome, condition, harm, judge_proof, plan_proof
from checkers.judge import Asks, judge, plan
from checkers.report.write import observation_json
from checkers.verdict import Outcome, Verdict
from labs.errors import EpreuveError
from labs.files import write_atomic
from labs.incident import Incident
from labs.loader import LoadedLab
from labs.text import Text
from orchestrator.bench import Bench
from orchestrator.devices.nets import bench_devices
from orchestrator.devices.reach import Devices
from orchestrator.engine.incident_book import Injection, Look, Worse
from orchestrator.exam.model import IncidentState, Resolution
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.incidents import IncidentError, break_bench
from orchestrator.observer import observe_bench
from orchestrator.sessions import Session

INCIDENTS = "incidents"
"""Directory of a bench with what was observed around its incidents."""

SEEN_WITHIN_S = 60.0
"""What is broken must be seen by then."""
LOOK_AGAIN_S = 1.0
LOOKS = 3
"""How often a copy is looked at before an incident while not all of its proof can be seen: machines that have just been
woken may take a moment."""

_RESOLUTIONS: dict[Condition, Resolution] = {
    Condition.SOUND: "solved",
    Condition.BROKEN: "unsolved",
    Condition.UNSEEN: "unclear",
}


@dataclass(frozen=True)
class Scene:
    """Where an incident takes place: a bench whose copy is open, and the lab of its session."""

    bench: Bench
    lab: LoadedLab
    session: Session
    hypervisor: Hypervisor
    devices: Devices = field(default_factory=dict)
    radio: str | None = None

    def file(self, name: str) -> Path:
        """A file of the bench's incidents."""
        return self.bench.dir / INCIDENTS / name

    def observe(self, planned: Sequence[Asks], name: str, *, patient: bool = True) -> Observation:
        """Look at the copy, and keep what was seen."""
        with bench_devices(
            self.lab.lab, self.devices, self.session, self.bench, self.hypervisor, self.radio
        ) as reached:
            seen = observe_bench(
                self.bench,
                self.lab,
                planned,
                session=self.session,
                hypervisor=self.hypervisor,
                devices=reached.places,
                patient=patient,
            )
        write_atomic(self.file(name), observation_json(seen), mode=0o600)
        return seen


def is_begun(bench: Path, number: int) -> bool:
    """Whether something may have been broken for an incident already. bench: its directory."""
    return (bench / INCIDENTS / f"{number}-breaking").exists()


def find(lab: LoadedLab, incident: str) -> Incident:
    """An incident of a lab. Raises IncidentError."""
    for one in lab.lab.incidents:
        if one.id == incident:
            return one
    names = ", ".join(one.id for one in lab.lab.incidents)
    raise IncidentError(
        Text("Le sujet n'a pas cet incident.", "The lab has no such incident."),
        where=f"{lab.lab.id}: {incident[:40]}",
        do=Text(f"Incidents du sujet : {names}.", f"Incidents of the lab: {names}.") if names else None,
    )


def inject(scene: Scene, asked: IncidentState) -> Injection:
    """Bring about what was asked for, and see it. Cut short anywhere, it can be done again.

    What cannot be shown on this bench, and what a machine does not let happen, is in the injection.

    :raises EpreuveError: nothing could be looked at; nothing was touched.
    :raises OSError: what was seen cannot be kept.
    """
    began = monotonic()
    incident = find(scene.lab, asked.incident)
    proof = plan_proof(incident, CHECKS)
    before = _before(scene, asked, proof)
    outcomes = judge_proof(proof, before)
    found = Injection.of(asked, before=before, proof_before=tuple(outcomes))
    wanted = Condition.BROKEN if asked.request else Condition.SOUND
    if condition(outcomes) is not wanted:
        return found.given_up(_unfit(outcomes, request=asked.request))
    if asked.request:
        return found.seen(before, outcomes, breaking_s=0.0, seeing_s=monotonic() - began)
    began_at = _breaking_since(scene, asked)
    try:
        break_bench(scene.bench, scene.lab, incident, session=scene.session, hypervisor=scene.hypervisor)
        breaking_s = max(0.0, (datetime.now(UTC) - began_at).total_seconds())
        return _await_broken(scene, asked, proof, found, breaking_s)
    except EpreuveError as error:
        return found.given_up(error.what, touched=True, detail=error.where)


def look_again(scene: Scene, state: IncidentState, others: Sequence[IncidentState]) -> Look:
    """See whether an incident is solved, and if so, whether anything is worse than before it. See ``inject``.

    others: those that are or were in this copy beside it. What they affect is no harm of this repair; and while one
    that came after it is not solved, no harm can be told at all, nor that this one is unsolved.
    """
    incident = find(scene.lab, state.incident)
    proof, checks = plan_proof(incident, CHECKS), plan(scene.lab.lab.checks(), CHECKS)
    later = [find(scene.lab, one.incident) for one in others if one.number > state.number and not one.request]
    proofs = {one.id: plan_proof(one, CHECKS) for one in later}
    try:
        before = Observation.model_validate_json(scene.file(f"{state.number}-before.json").read_bytes())
    except (FileNotFoundError, ValueError):
        return Look.failed(state, _NO_BEFORE)
    asked: list[Asks] = [*checks, *proof, *chain.from_iterable(proofs.values())]
    after = scene.observe(asked, f"{state.number}-look-{state.pending}.json")
    outcomes = judge_proof(proof, after)
    beside = [name for name, one in proofs.items() if condition(judge_proof(one, after)) is not Condition.SOUND]
    was, now = judge(checks, before), judge(checks, after)
    affects = {check for one in (state, *others) for check in find(scene.lab, one.incident).affects}
    found = condition(outcomes)
    if found is Condition.BROKEN and beside:
        found = Condition.UNSEEN  # it may be repaired, and its proof fail by what came after it
    told = found is Condition.SOUND and not beside
    return Look(
        incident=state.incident,
        request=state.request,
        number=state.number,
        look=len(state.verifications),
        outcome=_RESOLUTIONS[found],
        proof=tuple(outcomes),
        harm=tuple(_worse(was, verdict) for verdict in harm(was, now, affects)) if told else None,
        beside=tuple(beside),
        unseen=tuple(_worse(was, verdict) for verdict in _lost_from_sight(was, now, affects)) if told else (),
        before=before.digest(),
        observation=after.digest(),
    )


def _before(scene: Scene, asked: IncidentState, proof: Sequence[PlannedProof]) -> Observation:
    """What was seen before anything was broken: as it was kept, or seen now. As long as the proof cannot be seen,
    nothing was broken, and it can be looked at again."""
    file = scene.file(f"{asked.number}-before.json")
    seen = Observation.model_validate_json(file.read_bytes()) if file.exists() else None
    for _ in range(LOOKS):
        if seen is not None and condition(judge_proof(proof, seen)) is not Condition.UNSEEN:
            break
        seen = scene.observe([*plan(scene.lab.lab.checks(), CHECKS), *proof], file.name)
    assert seen is not None  # noqa: S101 - looked at, or kept
    return seen


def _breaking_since(scene: Scene, asked: IncidentState) -> datetime:
    """When breaking it began; kept, as a service that was killed has perhaps broken something already."""
    mark = scene.file(f"{asked.number}-breaking")
    if not mark.exists():
        write_atomic(mark, datetime.now(UTC).isoformat(), mode=0o600)
    return datetime.fromisoformat(mark.read_text(encoding="utf-8"))


def _await_broken(
    scene: Scene, asked: IncidentState, proof: Sequence[PlannedProof], found: Injection, breaking_s: float
) -> Injection:
    began = monotonic()
    while True:
        seen = scene.observe(proof, f"{asked.number}-broken.json", patient=False)
        outcomes = judge_proof(proof, seen)
        seeing_s = monotonic() - began
        if condition(outcomes) is Condition.BROKEN:
            return found.seen(seen, outcomes, breaking_s=breaking_s, seeing_s=seeing_s)
        if seeing_s >= SEEN_WITHIN_S:
            return found.seen(seen, outcomes, breaking_s=breaking_s, seeing_s=seeing_s).given_up(
                _NOT_SEEN, touched=True, detail="; ".join(f"{one.proof}: {one.reason}" for one in outcomes)
            )
        scene.hypervisor.wait(LOOK_AGAIN_S)


def _unfit(outcomes: Sequence[ProofOutcome], *, request: bool) -> Text:
    """Why an incident cannot be shown on this bench: which proof says so, and what it says."""
    unseen = [one for one in outcomes if one.outcome is Outcome.INCONCLUSIVE]
    failed = [one for one in outcomes if one.outcome is Outcome.FAIL]
    if request and not unseen:
        return Text(
            "Ce qui serait demandé est déjà fait sur ce poste : il n'y a rien à demander.",
            "What would be asked for is done on this bench already: there is nothing to ask.",
        )
    told = failed if failed and not request else unseen
    fr = " ; ".join(f"« {one.title} » : {one.reason.fr}" for one in told)
    en = "; ".join(f"“{one.title}”: {one.reason.en}" for one in told)
    if failed and not request:
        return Text(
            f"Cet incident ne peut pas être montré sur ce poste, où ce qu'il casse ne marche pas : {fr}.",
            f"This incident cannot be shown on this bench, where what it breaks does not work: {en}.",
        )
    return Text(
        f"On ne voit pas assez de ce poste pour le montrer : {fr}.", f"Too little of this bench can be seen: {en}."
    )


def _lost_from_sight(before: Sequence[Verdict], after: Sequence[Verdict], affects: Collection[str]) -> list[Verdict]:
    """The checks that were seen before and are not now: no harm, but the jury is told."""
    seen = {verdict.check for verdict in before if verdict.outcome is not Outcome.INCONCLUSIVE}
    lost = [verdict for verdict in after if verdict.outcome is Outcome.INCONCLUSIVE and verdict.check in seen]
    return [verdict for verdict in lost if verdict.check not in affects]


def _worse(before: Sequence[Verdict], after: Verdict) -> Worse:
    was = next(verdict for verdict in before if verdict.check == after.check)
    return Worse(
        check=after.check,
        title=after.title,
        points_before=was.points,
        points=after.points,
        reason_before=was.reason,
        reason=after.reason,
    )


_NOT_SEEN = Text(
    "L'incident a été provoqué, mais rien n'en a été constaté à temps.",
    "The incident was brought about, but nothing of it was seen in time.",
)
_NO_BEFORE = Text(
    "Le relevé fait avant l'incident n'est plus lisible : rien ne peut être comparé.",
    "What was observed before the incident cannot be read any more: nothing can be compared.",
)
