"""What happened in a session that its minutes must tell, from its journal. Pure.

What is as it should be is not told (benches that get ready, checkpoints, bells on time), nor what stands in the table
of candidates. What concerned several candidates at once is one happening; what lasted has its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from labs.text import Text
from orchestrator.exam.words import duration, sentence
from orchestrator.minutes.model import Happening, Nature
from orchestrator.store.journal import Entry

LATE_BELL_S = 5.0
"""A bell that rang so much later than the deadline is worth a line."""

_NATURES: dict[str, Nature] = {
    "candidate-withdrawn": "attendance",
    "candidate-absent": "attendance",
    "candidate-returned": "attendance",
    "moved": "move",
    "time-extended": "time",
    "time-taken-back": "time",
    "candidate-stopped": "end",
    "host-was-down": "fault",
    "bench-restored": "fault",
    "machine-powered-on": "fault",
    "clock-jumped": "fault",
}
"""What is told as the journal words it."""

_WHEN: dict[str, tuple[Nature, Callable[[Entry], bool]]] = {
    "bench-frozen": ("fault", lambda entry: not entry.data.get("observation")),
    "bell-rung": ("fault", lambda entry: entry.data["late_s"] >= LATE_BELL_S),
    "judged": ("jury", lambda entry: entry.data["number"] > 1),
}
"""What is told only when it is out of the ordinary."""


class _Key(NamedTuple):
    """What several candidates' entries have in common that are one happening."""

    at: datetime
    until: datetime | None
    nature: Nature
    fr: str
    en: str
    why: str
    who: str


def happenings(entries: Sequence[Entry], titles: Mapping[str, str]) -> tuple[Happening, ...]:
    """In the order of time. ``entries``: the session's whole journal. ``titles``: what the lab calls its machines."""
    entries = [_titled(entry, titles) for entry in entries]
    told = chain(_plain(entries), _faults(entries), _pauses(entries), _resets(entries))
    grouped: dict[_Key, list[str]] = {}
    for key, candidate in sorted(told, key=lambda pair: pair[0].at):
        grouped.setdefault(key, []).extend([candidate] if candidate else [])
    return tuple(
        Happening(
            at=key.at,
            until=key.until,
            nature=key.nature,
            candidates=tuple(candidates),
            what=Text(key.fr, key.en),
            why=key.why,
            who=key.who,
        )
        for key, candidates in grouped.items()
    )


def _titled(entry: Entry, titles: Mapping[str, str]) -> Entry:
    """An entry that says « Serveur » where it said ``server``."""
    machine = entry.data.get("machine")
    data = {**entry.data, "machine": titles[machine]} if isinstance(machine, str) and machine in titles else entry.data
    missed = ", ".join(titles.get(name, name) for name in entry.why.split(", "))
    return replace(entry, data=data, why=missed if entry.kind == "bench-restored" else entry.why)


_Told = Iterable[tuple[_Key, str | None]]


def _plain(entries: Sequence[Entry]) -> _Told:
    for entry in entries:
        nature = _NATURES.get(entry.kind)
        if entry.kind in _WHEN:
            found, unusual = _WHEN[entry.kind]
            nature = found if unusual(entry) else None
        if nature is not None:
            yield _key(entry, nature, sentence(entry.kind, entry.data)), entry.candidate


def _faults(entries: Sequence[Entry]) -> _Told:
    """Benches that failed while somebody was at work on them; before and after, the engine's tries cost nobody time."""
    at_work: set[str | None] = set()
    for entry in entries:
        if entry.kind == "candidate-started":
            at_work.add(entry.candidate)
        elif entry.kind == "bench-frozen":
            at_work.discard(entry.candidate)
        elif entry.kind == "bench-failed" and entry.candidate in at_work:
            yield _key(entry, "fault", sentence(entry.kind, entry.data)), entry.candidate


def _pauses(entries: Sequence[Entry]) -> _Told:
    """Each hold on a clock, from when it was put on until it was taken off, or until the candidate's exam ended."""
    for position, entry in enumerate(entries):
        if entry.kind != "candidate-paused":
            continue
        hold = entry.data["hold"]
        end = next((one.at for one in entries[position + 1 :] if _ends(one, entry.candidate, hold)), None)
        what = Text("pause de la salle", "room paused") if hold == "room" else Text("pause", "paused")
        if end is None:
            what = Text(f"{what.fr}, pas encore levée", f"{what.en}, still lasting")
        else:
            lasted = duration((end - entry.at).total_seconds())
            what = Text(f"{what.fr} : {lasted.fr}", f"{what.en}: {lasted.en}")
        yield _key(entry, "pause", what, end), entry.candidate


def _ends(entry: Entry, candidate: str | None, hold: str) -> bool:
    if entry.candidate != candidate:
        return False
    resumed = entry.kind == "candidate-resumed" and entry.data["hold"] == hold
    return resumed or entry.kind in ("candidate-stopped", "finished-early", "bell-rung")


def _resets(entries: Sequence[Entry]) -> _Told:
    """Each reset with what came of it."""
    for position, entry in enumerate(entries):
        if entry.kind != "machine-reset-asked":
            continue
        done = next((one for one in entries[position + 1 :] if _answers(one, entry)), None)
        asked = sentence(entry.kind, entry.data)
        came = Text("pas faite", "not done") if done is None else sentence(done.kind, done.data)
        what = Text(f"{asked.fr} ; {came.fr}", f"{asked.en}; {came.en}")
        yield _key(entry, "reset", what, done.at if done else None), entry.candidate


def _answers(entry: Entry, asked: Entry) -> bool:
    return (
        entry.candidate == asked.candidate
        and entry.kind in ("machine-reset-done", "machine-reset-failed")
        and bool(entry.data["number"] == asked.data["number"])
    )


def _key(entry: Entry, nature: Nature, what: Text, until: datetime | None = None) -> _Key:
    return _Key(entry.at, until, nature, what.fr, what.en, entry.why, entry.who)
