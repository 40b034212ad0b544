"""Words of the minutes."""

from __future__ import annotations

from collections.abc import Iterable

from labs.text import Text
from orchestrator.exam.model import IncidentState, PhaseTaken
from orchestrator.exam.words import duration, extra_time, outcome_word
from orchestrator.marks.documents import TitleDecision
from orchestrator.marks.words import TITLE_WORDS
from orchestrator.minutes.model import Attendance, Ended, Presence

_PRESENCES: dict[Presence, Text] = {
    "expected": Text("pas commencé", "not begun"),
    "present": Text("présent", "present"),
    "late": Text("présent, en retard", "present, late"),
    "absent": Text("absent", "absent"),
    "withdrawn": Text("désinscrit", "withdrawn"),
}
_ENDS: dict[Ended, Text] = {
    "bell": Text("fin du temps", "time over"),
    "early": Text("rendu avant", "handed in"),
    "stopped": Text("arrêté", "stopped"),
}


def presence_word(presence: Presence) -> Text:
    """Whether a candidate was there."""
    return _PRESENCES[presence]


def end_word(ended: Ended | None) -> Text:
    """How a candidate's practical ended."""
    return Text("", "") if ended is None else _ENDS[ended]


def time_parts(one: Attendance) -> list[Text]:
    """What a candidate's time is made of, beside the practical that everybody has; why is among the happenings."""
    by_grace = sum(more.seconds for more in one.granted if not more.returned)
    given_back = sum(more.seconds for more in one.granted if more.returned)
    share = extra_time(one.extra_percent)
    parts = [
        (one.extra_s, Text(f"de temps majoré ({share.fr})", f"of extra time ({share.en})")),
        (by_grace, Text("accordé", "granted")),
        (given_back, Text("rendu après une panne", "given back after a fault")),
    ]
    found = [Text(f"dont {duration(s).fr} {what.fr}", f"with {duration(s).en} {what.en}") for s, what in parts if s > 0]
    if one.paused_s:
        stood = duration(one.paused_s)
        found.append(Text(f"pauses, en plus : {stood.fr}", f"pauses, on top: {stood.en}"))
    return found


def phase_time(taken: PhaseTaken) -> Text:
    """How long a phase of the jury's part lasted, and for how long it was to."""
    at = taken.ended_at or taken.begun_at
    lasted, planned = duration(taken.lasted_s(at)), duration(taken.allotted_s)
    return Text(f"{lasted.fr} pour {planned.fr} prévues", f"{lasted.en} of {planned.en} planned")


def outcome(state: IncidentState) -> Text:
    """What came of an incident or a request, as the last look at it found."""
    if state.state == "failed":
        why = state.failure or Text("", "")
        return Text(f"n'a pas pu être provoqué : {why.fr}", f"could not be brought about: {why.en}")
    seen = state.verification
    if seen is None or seen.outcome is None:
        return Text("pas vérifié", "not verified")
    found = outcome_word(seen.outcome)
    if seen.harm:
        harm = ", ".join(seen.harm)
        return Text(f"{found.fr} ; dégâts : {harm}", f"{found.en}; harm: {harm}")
    return found


def title_word(title: TitleDecision | None) -> Text:
    """What was decided of the title."""
    return Text("", "") if title is None else TITLE_WORDS[title]


def ranges(numbers: Iterable[int]) -> str:
    """``1–4, 6, 8–9``."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("–".join(map(str, run)) for run in runs)
