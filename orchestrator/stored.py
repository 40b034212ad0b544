"""Reading stored observations and judging them again: no machine, no hypervisor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from checkers.checks import CHECKS
from checkers.facts import Observation
from checkers.judge import PlannedCheck, judge, plan
from checkers.report import (
    Candidate,
    CandidateReport,
    Judgement,
    Moment,
    judgement,
    questions_in_words,
    report_of,
    titles_of,
)
from labs.errors import EpreuveError
from labs.loader import LoadedLab
from labs.text import Text
from labs.values import misfit
from orchestrator.catalog import open_lab

OTHER_LAB = Text(
    "jugé avec une autre version du sujet que celle du relevé",
    "judged with another version of the lab than the one observed",
)


class ObservationError(EpreuveError):
    """A stored observation cannot be read."""

    code = "observation"


@dataclass(frozen=True)
class Judged:
    """An observation with the lab that judges it."""

    lab: LoadedLab
    planned: list[PlannedCheck]
    observation: Observation

    def report(
        self, number: int, *, notes: list[Text] | None = None, times: list[Moment] | None = None
    ) -> CandidateReport:
        """The candidate's report. ``number``: their place in the session, from 1."""
        same = self.observation.lab_hash == self.lab.hash
        return report_of(
            self.judgement(),
            self.observation,
            candidate=Candidate(name=self.observation.candidate, number=number),
            judged_at=datetime.now(UTC),
            notes=[*(notes or []), *([] if same else [OTHER_LAB])],
            times=times or [],
        )

    def judgement(self) -> Judgement:
        """What the lab's checks find in it."""
        return judgement(
            lab=self.lab.lab,
            lab_hash=self.lab.hash,
            competencies=titles_of(self.lab.referential),
            verdicts=judge(self.planned, self.observation),
            questions=questions_in_words(self.planned),
            simulated=self.observation.simulated,
        )


def judge_stored(path: Path, lab: str | None = None) -> Judged:
    """An observation from its file, with its lab (or the one named). Raises ObservationError, UsageError or
    LabError."""
    try:
        observation = Observation.model_validate_json(path.read_bytes())
    except (OSError, ValidationError, ValueError) as error:
        raise ObservationError(
            Text("Ce fichier n'est pas une observation lisible.", "This file is no readable observation."),
            where=f"{path}: {str(error).splitlines()[0]}",
            do=Text("Donnez un fichier fait par « epreuve observe ».", "Give a file made by “epreuve observe”."),
        ) from error
    return judged(open_lab(lab or observation.lab), observation)


def judged(lab: LoadedLab, observation: Observation) -> Judged:
    """An observation with the lab that judges it, by the values that the candidate had.

    Raises VariantError when these do not go with this lab.
    """
    own = lab.variant(observation.variants)
    try:
        planned = plan(own.lab.checks(), CHECKS)
    except ValidationError as error:  # the lab was linted, but not with values of another version
        raise misfit(observation.variants) from error
    return Judged(own, planned, observation)
