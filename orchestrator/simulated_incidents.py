"""Incidents on simulated machines: they break when the lab's script is run, and answer as a real machine was recorded.

A recording of an incident is two observations of its proof on a real bench, ``recordings/<lab>/incidents/<id>-sound``
and ``…-broken``; of a request, fulfilled and not yet. What is broken in a copy is kept beside its disks.

There is nothing to repair in a simulated machine. Whoever plays the candidate types ``reparer`` and Enter on the
console of any machine of the copy: then all that was broken is repaired, and what was asked for is done.
"""

from __future__ import annotations

import json
import threading
import unicodedata
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from pathlib import Path

from checkers.checks import CHECKS
from checkers.facts import Observation, Raw
from checkers.incidents import Condition, plan_proof
from checkers.judge import questions
from labs.files import write_atomic
from labs.incident import Change, Incident
from labs.loader import LoadedLab
from orchestrator.bench_start import domain_name
from orchestrator.hypervisor.port import Stamp
from orchestrator.simulation import outputs, record, recording

REPAIR = ("reparer", "repair")
"""What is typed; accents and capitals do not matter."""

_COPY, _BROKEN = "copy", "simulated-incidents.json"


def record_incident(incident: Incident, condition: Condition, seen: Observation) -> Path:
    """Keep what was seen of an incident on a real bench as its recording, of its proof alone. For maintainers:
    ``solved_bench(…, keep=record_incident)`` proves incidents and records them."""
    asked = {question.key for question in questions(plan_proof(incident, CHECKS))}
    facts = tuple(fact for fact in seen.facts if fact.key in asked)
    return record(seen.model_copy(update={"facts": facts}), f"incidents/{incident.id}-{condition}")


class SimulatedIncidents:
    """What became of the machines of simulated copies. Safe for many threads."""

    def __init__(
        self,
        store: Path,
        *,
        lab: Callable[[Stamp], LoadedLab],
        put: Callable[[Stamp], Collection[str]],
        typed: Callable[[str], str],
    ) -> None:
        """store: the benches' directory. lab: of a machine's session. put: what the jury has put to the candidate whose
        machine it is. typed: what was typed on a domain's console."""
        self._store = store
        self._put = put
        self._lab = lab
        self._typed = typed
        self._lock = threading.Lock()

    def ran(self, stamp: Stamp, script: str) -> None:
        """A script was run in a machine: it breaks what the incident that it belongs to breaks."""
        file = self._file(stamp)
        if not file.parent.is_dir():
            return
        lab = self._lab(stamp)
        for incident in lab.lab.incidents:
            if _is(incident.break_, incident, stamp, lab, script):
                with self._lock:
                    broken = _read(file) | {incident.id: self._repairs(stamp, lab)}
                    write_atomic(file, json.dumps(broken), mode=0o600)

    def outputs(self, stamp: Stamp, recorded: Mapping[str, Raw]) -> Mapping[str, Raw]:
        """As the bench was recorded, but for what is broken in the copy, or was done for a request. What it was not
        recorded with is as it was where the incident was."""
        file = self._file(stamp)
        if not file.parent.is_dir():
            return recorded
        lab = self._lab(stamp)
        repairs, broken, put = self._repairs(stamp, lab), _read(file), self._put(stamp)
        elsewhere: dict[str, Raw] = {}
        now: dict[str, Raw] = {}
        for incident in lab.lab.incidents:
            at_first, then = ("broken", "sound") if incident.kind == "request" else ("sound", "broken")
            elsewhere |= _recorded(lab.lab.id, incident.id, at_first)
            if incident.kind == "request":
                changed = repairs > 0 and incident.id in put
            else:
                changed = broken.get(incident.id) == repairs
            if changed:
                before = _recorded(lab.lab.id, incident.id, at_first)
                for key, raw in _recorded(lab.lab.id, incident.id, then).items():
                    own = now.get(key, recorded.get(key))
                    now[key] = raw if own is None else _changed(own, before[key], raw)
        return {**elsewhere, **recorded, **now}

    def _repairs(self, stamp: Stamp, lab: LoadedLab) -> int:
        """How often ``reparer`` was typed in the copy."""
        domains = (domain_name(stamp.session, stamp.bench, machine) for machine in lab.lab.virtual)
        lines = (line for domain in domains for line in self._typed(domain).split("\n")[:-1])
        return sum(_plain(line) in REPAIR for line in lines)

    def _file(self, stamp: Stamp) -> Path:
        return self._store / stamp.session / stamp.bench / _COPY / _BROKEN


@lru_cache(maxsize=128)
def _recorded(lab: str, incident: str, how: str) -> Mapping[str, Raw]:
    found = recording(lab, f"incidents/{incident}-{how}")
    return {} if found is None else outputs(found)


def _changed(own: Raw, before: Raw, after: Raw) -> Raw:
    """What a machine answers after a change that another one was recorded with. Of a directory only the entries that
    changed there: the others are not the same on every bench."""
    was, now = _entries(before.stdout), _entries(after.stdout)
    if not was or not now:
        return after
    parts = own.stdout.split("\n\n")
    for place, part in enumerate(parts):
        name = _dn(part)
        if name in now and now[name] != was.get(name):
            parts[place] = f"{part.partition('dn: ')[0]}{now[name]}"
    return own.model_copy(update={"stdout": "\n\n".join(parts)})


def _entries(text: str) -> dict[str, str]:
    """The entries of a directory's output, by distinguished name; none of any other output."""
    return {_dn(part): part[part.index("dn: ") :] for part in text.split("\n\n") if _dn(part)}


def _dn(part: str) -> str:
    lines = [line for line in part.split("\n") if line.startswith("dn: ")]
    return lines[0] if lines else ""


def _is(change: Change | None, incident: Incident, stamp: Stamp, lab: LoadedLab, script: str) -> bool:
    if change is None or (change.on or incident.machine) != stamp.machine:
        return False
    file = change.shell or change.playbook
    return file is not None and lab.path(file).read_text(encoding="utf-8") in script


def _read(file: Path) -> dict[str, int]:
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}


def _plain(line: str) -> str:
    letters = unicodedata.normalize("NFD", line.strip().casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
