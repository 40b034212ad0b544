"""The demonstration: a whole exam of two candidates, from images to evidence reports.

Candidate A's work is done entirely by the reference solution, candidate B's in part; both benches are observed,
judged and reported exactly as in a real session.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from checkers.checks import CHECKS
from checkers.facts import Observation
from checkers.judge import plan
from checkers.report import CandidateReport, Moment, session_report, write_session
from labs.loader import LoadedLab
from labs.text import Language, Text, tr
from orchestrator.bench import Bench, destroy_bench, destroy_orphans, list_benches
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.observer import observe_bench
from orchestrator.sessions import Session, ensure_session, forget_session
from orchestrator.settings import Settings
from orchestrator.stored import judged
from orchestrator.workshop import ensure_lab_golden, make_bench, solve

SESSION = "demo"

DONE_BY_B = ("dns", "dhcp-etendue", "annuaire-ou", "annuaire-utilisateurs", "poste-nom", "borne-administration")
"""The tasks that candidate B does: the rest of the subject is left as it was."""

CANDIDATES = {"a": "Alix Le Goff", "b": "Bilal Moreau"}


class Progress(Protocol):
    """Shows the steps of long work."""

    def step(self, title: str) -> AbstractContextManager[Callable[[Text], None]]:
        """A step; gives a function that tells what it is busy with."""
        ...


@dataclass(frozen=True)
class DemoResult:
    """What the demonstration came to. ``files``: what was written under the output folder."""

    reports: list[CandidateReport]
    observations: dict[str, Observation]
    files: list[Path]


def run_demo(
    lab: LoadedLab,
    *,
    hypervisor: Hypervisor,
    settings: Settings,
    out: Path,
    keep: bool,
    progress: Progress,
    language: Language,
) -> DemoResult:
    """Run it. Whatever happens, nothing but the images and goldens of the data directory stays, unless ``keep``."""
    clear_demo(hypervisor, settings)
    planned = plan(lab.lab.checks(), CHECKS)
    try:
        with progress.step(tr("Images et modèle des machines", "Images and golden of the machines")) as busy:
            golden = ensure_lab_golden(lab, hypervisor, settings, busy)
        session = ensure_session(settings.data_dir, SESSION, lab)
        benches: dict[str, Bench] = {}
        for name, candidate in CANDIDATES.items():
            with progress.step(tr(f"Poste de {candidate}", f"Bench of {candidate}")) as busy:
                benches[name] = make_bench(
                    lab,
                    golden,
                    session=session,
                    name=name,
                    candidate=candidate,
                    hypervisor=hypervisor,
                    settings=settings,
                    progress=busy,
                )
        if not hypervisor.info().simulated:
            _work(benches, lab, session, hypervisor, progress)
        observations = {}
        for name, bench in benches.items():
            with progress.step(
                tr(f"Relevé du poste de {bench.candidate}", f"Observing the bench of {bench.candidate}")
            ):
                observations[name] = observe_bench(bench, lab, planned, session=session, hypervisor=hypervisor)
        with progress.step(tr("Verdicts et rapports", "Verdicts and reports")):
            reports = []
            for number, (name, bench) in enumerate(benches.items(), start=1):
                notes, times = _made_how(bench)
                reports.append(judged(lab, observations[name]).report(number, notes=notes, times=times))
            files = write_session(
                out,
                session_report(reports, generated_at=datetime.now(UTC)),
                list(zip(reports, observations.values(), strict=True)),
                language,
            )
    finally:
        if not keep:
            clear_demo(hypervisor, settings)
    return DemoResult(reports, observations, files)


def _made_how(bench: Bench) -> tuple[list[Text], list[Moment]]:
    """What a jury should know of how a bench was made: machines booted cold, and when."""
    notes = [machine.reason for machine in bench.machines.values() if machine.reason]
    return notes, [Moment(at=datetime.fromtimestamp(bench.created_at, UTC), what=Text("poste créé", "bench created"))]


def clear_demo(hypervisor: Hypervisor, settings: Settings) -> None:
    """Remove the demonstration's benches and session, those of a killed run included."""
    destroy_orphans(hypervisor, settings.benches_dir)
    for bench in list_benches(hypervisor, settings.benches_dir):
        if bench.session == SESSION:
            destroy_bench(hypervisor, settings.benches_dir, bench.session, bench.name)
    forget_session(settings.data_dir, SESSION)


def _work(
    benches: dict[str, Bench],
    lab: LoadedLab,
    session: Session,
    hypervisor: Hypervisor,
    progress: Progress,
) -> None:
    """Both candidates work at the same time, as in the room."""
    uri = hypervisor.info().uri
    title = tr("Travail des deux candidats (solution de référence)", "Both candidates' work (reference solution)")
    with progress.step(title) as busy, ThreadPoolExecutor(max_workers=2) as room:
        jobs = [
            room.submit(solve, benches["a"], lab, session=session, uri=uri, progress=busy),
            room.submit(solve, benches["b"], lab, session=session, uri=uri, tasks=DONE_BY_B),
        ]
        for job in jobs:
            job.result()
