"""Judging frozen work: what a lab's checks find in a stored observation, kept beside what was found before.

No machine is touched. The first judgement is made when the work is frozen, with the lab as it was; later ones when a
person asks for them, with the lab as it is then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from checkers.facts import Observation
from checkers.report import Judgement
from checkers.report.model import CheckResult
from labs.errors import EpreuveError
from labs.loader import LoadedLab
from labs.text import Text
from orchestrator.catalog import catalog, open_lab
from orchestrator.engine.desk import Desk
from orchestrator.engine.freeze import observation_file
from orchestrator.exam import Sitting, commands, events
from orchestrator.settings import Settings
from orchestrator.store import judgements
from orchestrator.store.database import Transaction
from orchestrator.store.exams import StoredSession
from orchestrator.store.judgements import StoredJudgement
from orchestrator.stored import judged
from orchestrator.version import version


class JudgingError(EpreuveError):
    """There is nothing that can be judged, or what there is was changed."""

    code = "judging"
    exit_code = 6


@dataclass(frozen=True)
class Made:
    """A judgement that is not stored yet. ``observation``: the hash of what was judged."""

    judgement: Judgement
    observation: str


@dataclass(frozen=True)
class Change:
    """A check of which two judgements say different things; None where that judgement's lab did not have it."""

    old: CheckResult | None
    new: CheckResult | None


def judge_with(lab: LoadedLab, observation: Observation, digest: str) -> Made:
    """What a lab finds in an observation, whose hash is known."""
    return Made(judged(lab, observation).judgement(), digest)


def keep(desk: Desk, tx: Transaction, slug: str, candidate: str, made: Made, *, who: str, why: str = "") -> int:
    """Store a judgement and write it into the journal, together; its number. Raises Refused."""
    found = made.judgement
    order = commands.Judge(
        who=who,
        why=why,
        candidate=candidate,
        lab_hash=found.lab.hash,
        verdicts=found.digest(),
        points=float(found.points),
        max_points=float(found.max_points),
    )
    (event,) = (one for one in desk.within(tx, slug, order) if isinstance(one, events.Judged))
    judgements.add(
        tx,
        StoredJudgement(
            session=slug,
            candidate=candidate,
            number=event.number,
            made_at=desk.clock.read().wall,
            who=who,
            why=event.why,
            lab_hash=found.lab.hash,
            software=version(),
            observation=made.observation,
            document=found.model_dump_json(),
        ),
    )
    return event.number


def labs_to_judge_with(settings: Settings, stored: StoredSession) -> dict[str, Path]:
    """The folders of labs that a session's work can be judged with, by version, the newest first.

    Of a lab of this centre: its approved versions, each of which stays as it is. Of any other: its folder as it is now.
    """
    own = Path(stored.lab_folder)
    if not own.is_relative_to(settings.labs_dir):
        return {stored.lab_version: own}
    versions = (entry for entry in catalog(settings.labs_dir) if entry.id == stored.lab_id and entry.deposit)
    return {entry.version: entry.folder for entry in versions if entry.usable} or {stored.lab_version: own}


def judge_again(
    desk: Desk,
    settings: Settings,
    slug: str,
    candidates: Sequence[str],
    *,
    who: str,
    why: str,
    lab_version: str = "",
) -> dict[str, int]:
    """Judge candidates with the lab as it is now: all of them or none. The number of each new judgement.

    lab_version: one of ``labs_to_judge_with``, else the newest. Raises Refused, JudgingError, LabError or UsageError
    (the lab cannot be read).
    """
    opened = desk.open(slug)
    labs = labs_to_judge_with(settings, opened.stored)
    lab = open_lab(str(labs.get(lab_version) or next(iter(labs.values()))))
    made: dict[str, Made] = {}
    for candidate in candidates:
        sitting = opened.exam.candidates[candidate]
        made[candidate] = judge_with(lab, load_observation(settings, slug, sitting), sitting.observation or "")
    with desk.store.write() as tx:
        return {name: keep(desk, tx, slug, name, one, who=who, why=why) for name, one in made.items()}


def load_observation(settings: Settings, slug: str, sitting: Sitting) -> Observation:
    """The observation of frozen work, as the journal says it is.

    :raises JudgingError: there is none, or its file was changed since.
    """
    where = f"{slug}/{sitting.id}"
    if sitting.observation is None:
        raise JudgingError(
            Text("Il n'y a pas de relevé de ce poste.", "There is no observation of this bench."), where=where
        )
    try:
        content = observation_file(settings.benches_dir / slug / sitting.id).read_bytes()
        same = hashlib.sha256(content).hexdigest() == sitting.observation
        observation = Observation.model_validate_json(content) if same else None
    except (OSError, ValidationError) as error:
        raise JudgingError(
            Text("Le relevé de ce poste ne se lit plus.", "The observation of this bench cannot be read any more."),
            where=f"{where}: {str(error).splitlines()[0]}",
            do=Text("Remettez-le d'une sauvegarde des fichiers du poste.", "Restore it from a backup of its files."),
        ) from error
    if observation is None:
        raise JudgingError(
            Text(
                "Le relevé de ce poste n'est plus celui du journal : il a été modifié.",
                "The observation of this bench is not the journal's any more: it was changed.",
            ),
            where=where,
            do=Text(
                "Ne jugez pas sur ce fichier. Prévenez l'administrateur.", "Do not judge by it. Tell the administrator."
            ),
        )
    return observation


def read(stored: StoredJudgement) -> Judgement:
    """What a stored judgement found."""
    return Judgement.model_validate_json(stored.document)


def changes(old: Judgement, new: Judgement) -> list[Change]:
    """The checks of which two judgements differ in verdict, points or reason; in the order of the new one."""
    before, after = ({(check.task, check.id): check for check in one.checks} for one in (old, new))
    order = [*after, *(key for key in before if key not in after)]
    pairs = (Change(before.get(key), after.get(key)) for key in order)
    return [pair for pair in pairs if _said(pair.old) != _said(pair.new)]


def _said(check: CheckResult | None) -> object:
    return check and (check.verdict, check.points, check.max_points, check.reason)
