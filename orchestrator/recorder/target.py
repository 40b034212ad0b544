"""What is recorded: a place that answers questions, on a bench or in a stored observation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from checkers.checks import CHECKS
from checkers.dialect import Dialect
from checkers.facts import Fact, Observation
from checkers.families import DIALECTS
from checkers.judge import plan, questions
from checkers.observe import Place, observe
from checkers.probe import Question
from checkers.probes.catalog import PROBES
from checkers.probes.testinfra import LabTest
from labs.errors import EpreuveError
from labs.loader import LoadedLab
from labs.text import Text
from orchestrator.bench import Bench
from orchestrator.catalog import open_lab
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.observer import bench_places, links_fact
from orchestrator.recorder.system import System, system_of
from orchestrator.sessions import Session
from orchestrator.stored import ObservationError


@dataclass(frozen=True)
class Target:
    """A place to record. questions: what can be asked there. ask: asks one. secrets: what must not be written, by
    name."""

    at: str
    dialect: Dialect
    questions: Sequence[Question]
    ask: Callable[[Question], Fact]
    system: System = field(default_factory=System)
    secrets: Mapping[str, str] = field(default_factory=dict)


def target_of(place: Place, family: str, more: Sequence[Question]) -> Target:
    """A machine that answers now. more: questions with arguments, beside all those that need none."""
    dialect = DIALECTS[family]
    asked = {question.key: question for question in (*plain_questions(place.at, dialect), *more)}
    return Target(
        at=place.at,
        dialect=dialect,
        questions=[question for question in asked.values() if question.at == place.at],
        ask=lambda question: observe([question], [place])[0],
        system=system_of(place),
        secrets=place.secrets,
    )


def plain_questions(at: str, dialect: Dialect) -> list[Question]:
    """Every question to a machine that can be put in a dialect and needs no arguments."""
    return [
        Question(at, kind())
        for kind in PROBES.values()
        if kind.vantage == "machine"
        and not any(info.is_required() for info in kind.model_fields.values())
        and dialect.twin(kind()) is not None
    ]


def lab_questions(lab: LoadedLab) -> list[Question]:
    """What the checks of a lab ask. Tests that the lab brings itself are no probes of ours."""
    asked = questions(plan(lab.lab.checks(), CHECKS))
    return [question for question in asked if not isinstance(question.probe, LabTest)]


@contextmanager
def bench_targets(
    bench: Bench,
    lab: LoadedLab,
    machines: Sequence[str],
    *,
    session: Session,
    hypervisor: Hypervisor,
    more: Sequence[Question],
) -> Iterator[Iterator[Target]]:
    """Machines of a bench, over its channels as the observer has them; all of them when none is named."""
    links = links_fact(bench, lab, hypervisor)
    secrets = {**session.secrets, "ssh_key": session.ssh_key}
    with bench_places(bench, lab, links, session=session, hypervisor=hypervisor) as places:
        known = {place.at: place for place in places if place.at in bench.machines}
        _require(machines, list(known), bench.label)
        yield (
            target_of(
                Place(name, known[name].channels, trouble=known[name].trouble, secrets=secrets),
                lab.lab.machines[name].family,
                more,
            )
            for name in machines or known
        )


def stored_targets(path: Path, machines: Sequence[str]) -> list[Target]:
    """The places of a stored observation, witnesses too. Raises ObservationError, LabError or EpreuveError."""
    observation = _observation(path)
    lab = open_lab(observation.lab).lab
    asked: dict[str, list[tuple[Question, Fact]]] = {}
    for fact in observation.facts:
        if fact.probe in PROBES and fact.probe != LabTest.name:
            question = Question(fact.at, PROBES[fact.probe].model_validate(fact.args))
            asked.setdefault(fact.at, []).append((question, fact))
    _require(machines, list(asked), str(path))
    targets = []
    for at in machines or asked:
        facts = {question.key: fact for question, fact in asked[at]}
        family = lab.machines[at].family if at in lab.machines else "linux"
        targets.append(
            Target(
                at=at,
                dialect=DIALECTS[family],
                questions=[question for question, _ in asked[at]],
                ask=lambda question, facts=facts: facts[question.key],  # type: ignore[misc]
            )
        )
    return targets


def _observation(path: Path) -> Observation:
    try:
        observation = Observation.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ObservationError(
            Text("Ce fichier n'est pas une observation lisible.", "This file is no readable observation."),
            where=f"{path}: {str(error).splitlines()[0]}",
            do=Text("Donnez un fichier fait par « epreuve observe ».", "Give a file made by “epreuve observe”."),
        ) from error
    if observation.simulated:
        raise ObservationError(
            Text("Ce relevé vient de machines simulées.", "This observation is of simulated machines."),
            where=str(path),
            do=Text(
                "Une réponse enregistrée vient d'une vraie machine : relevez un vrai poste.",
                "A recorded answer comes from a real machine: observe a real bench.",
            ),
        )
    return observation


def _require(machines: Sequence[str], known: Sequence[str], where: str) -> None:
    for name in machines:
        if name not in known:
            raise EpreuveError(
                Text("Il n'y a pas de telle machine ici.", "There is no such machine here."),
                where=f"{where}: {name}",
                do=Text(f"Il y a : {', '.join(known)}.", f"There are: {', '.join(known)}."),
            )
