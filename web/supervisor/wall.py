"""The wall: a session at one moment, in pieces of HTML. Made at most once a second, however many look at it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from time import monotonic

from flask import current_app, render_template

from labs.errors import EpreuveError
from labs.text import current_language
from orchestrator.engine import service
from orchestrator.engine.desk import Open
from orchestrator.engine.jobs import Progress, preparation, starting
from orchestrator.engine.lab import lab_as_it_was
from orchestrator.engine.screens import screen_path
from orchestrator.engine.service import Status
from orchestrator.exam import Sitting
from orchestrator.exam.rules import OPEN
from orchestrator.store import benches, exams, seats
from orchestrator.store.benches import StoredBench
from orchestrator.store.seats import Page
from web.site import now, site
from web.supervisor.orders import ROOM, possible
from web.supervisor.tiles import Machine, Tile, make_tile, short_titles, to_ms

EVERY_S = 1.0
SILENT_S = 10.0
"""A service that says nothing for so long is said to be silent."""
HEAD, ORDERS, TICK = "head", "orders", "tick"

_NAME = "epreuve-walls"


@dataclass(frozen=True)
class Seen:
    """What was read of a session at one moment."""

    opened: Open
    names: Mapping[str, str]
    machines: Mapping[str, str]
    benches: Mapping[str, StoredBench]
    pages: Mapping[str, Page]
    service: Status | None
    job: Progress | None
    start: Progress | None
    """How the last start of a service that was asked for here went."""

    @property
    def silent(self) -> bool:
        """The service runs and says nothing."""
        return self.service is not None and (now() - self.service.seen).total_seconds() > SILENT_S

    @property
    def no_service(self) -> bool:
        """None runs, and something waits for one."""
        return self.service is None and self.needs_service

    @property
    def preparable(self) -> bool:
        """Somebody has no bench yet, and nobody is seeing to it."""
        at_work = self.job is not None and self.job.at_work
        enrolled = any(one.state == "enrolled" for one in self.opened.exam.candidates.values())
        return enrolled and not at_work and self.opened.exam.state in OPEN

    @property
    def needs_service(self) -> bool:
        """Something waits for a service."""
        waiting = any(one.state == "preparing" for one in self.opened.exam.candidates.values())
        return self.opened.exam.state in ("running", "frozen", "jury") or waiting


@dataclass
class Snapshot:
    """A wall: its pieces as HTML by the name of the event that brings them, and the exam time. Tiles by candidate."""

    parts: dict[str, str]
    tiles: dict[str, Tile]
    now_ms: int
    speed: float
    made_at: float = field(default_factory=monotonic)


def read(slug: str) -> Seen:
    """Read a session: a few queries, whatever the number of candidates. Raises RecordError."""
    with site().store.read() as tx:
        opened = site().desk.look(tx, slug)
        names = {one.id: f"{one.surname} {one.first_name}" for one in exams.candidates(tx, slug)}
        stored = {one.candidate: one for one in benches.benches(tx, slug)}
        pages = seats.pages(tx, slug)
    settings = site().settings
    return Seen(
        opened,
        names,
        machines_of(opened),
        stored,
        pages,
        service=service.running(settings),
        job=preparation(settings, slug),
        start=starting(settings),
    )


def machines_of(opened: Open) -> dict[str, str]:
    """What the machines of a session are called, by name; by their names when the lab is not any more as it was."""
    titles = _titles(opened.stored.lab_folder, opened.stored.lab_hash)
    return {name: titles.get(name, name) for name in opened.exam.machines}


def device_titles(opened: Open) -> dict[str, str]:
    """What the physical devices of a session are called, by name."""
    titles = _titles(opened.stored.lab_folder, opened.stored.lab_hash)
    return {name: titles.get(name, name) for name in opened.exam.devices}


@lru_cache(maxsize=16)
def _titles(folder: str, hash_: str) -> Mapping[str, str]:
    try:
        return {name: machine.title for name, machine in lab_as_it_was(folder, hash_).lab.machines.items()}
    except EpreuveError:  # remembered as well: a wall asks every second
        return {}


def tile_of(seen: Seen, sitting: Sitting) -> Tile:
    """A candidate's tile."""
    exam, status = seen.opened.exam, seen.service
    bench = f"{exam.slug}/{sitting.id}"
    states = {} if status is None else status.machines.get(bench, {})
    # The machines of frozen work are at most a copy of it, for the observation or the jury: not the candidate's.
    machines = {} if sitting.state in ("frozen", "withdrawn") else seen.machines
    short = short_titles(machines.values())
    return make_tile(
        sitting,
        seen.names.get(sitting.id, ""),
        tuple(
            Machine(name, title, short[title], states.get(name, ""), _screen(exam.slug, sitting, name))
            for name, title in machines.items()
        ),
        page=seen.pages.get(sitting.id, Page()),
        bench=seen.benches.get(sitting.id),
        devices=device_titles(seen.opened),
        step=None if status is None else status.busy.get(bench),
        phase="" if (phase := exam.phase_of(sitting)) is None else phase.title,
        exam_now=seen.opened.now,
        now=now(),
    )


def _screen(slug: str, sitting: Sitting, machine: str) -> int | None:
    if sitting.state not in ("running", "paused", "ended"):
        return None
    try:
        return to_ms_of(screen_path(site().settings.benches_dir, slug, sitting.id, machine))
    except OSError:
        return None


def to_ms_of(path: Path) -> int:
    """When a file was written, in milliseconds. Raises OSError."""
    return path.stat().st_mtime_ns // 1_000_000


class Walls:
    """The newest snapshots of all sessions that somebody looks at, shared by the streams of a process."""

    def __init__(self, every_s: float = EVERY_S) -> None:
        self._every_s = every_s
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], Snapshot] = {}

    def look(self, slug: str, *, at_once: bool = False) -> Snapshot:
        """A session as it was a second ago at most, or as it is now, in this request's language. Raises RecordError."""
        key = (slug, current_language())
        with self._lock:
            lock = self._locks.setdefault(slug, threading.Lock())
        with lock:
            known = self._known.get(key)
            if at_once or known is None or monotonic() - known.made_at >= self._every_s:
                known = self._known[key] = _made(slug, known)
        return known


def walls() -> Walls:
    """Those of this application."""
    found: Walls = current_app.extensions.setdefault(_NAME, Walls(current_app.config.get("WALL_EVERY_S", EVERY_S)))
    return found


def _made(slug: str, before: Snapshot | None) -> Snapshot:
    seen = read(slug)
    exam = seen.opened.exam
    tiles = {one.id: tile_of(seen, one) for one in exam.candidates.values()}
    parts = {}
    for name, tile in tiles.items():
        if before is not None and before.tiles.get(name) == tile:
            parts[tile_event(name)] = before.parts[tile_event(name)]
        else:
            parts[tile_event(name)] = render_template("supervisor/tile.html", slug=slug, tile=tile)
    parts[HEAD] = render_template("supervisor/head.html", seen=seen, exam=exam, tiles=tiles)
    parts[ORDERS] = " ".join(orders_of(seen))
    now_ms, speed = to_ms(seen.opened.now), seen.opened.stored.anchor.speed
    return Snapshot(parts, tiles, now_ms, speed)


def orders_of(seen: Seen) -> list[str]:
    """What can be ordered of the room now, by name. Only that is in the stream: the forms are each browser's own."""
    names = [offer.order.name for offer in possible(seen.opened, ROOM) if offer.refused is None]
    return [*names, *(["preparer"] if seen.preparable else []), *(["service"] if seen.no_service else [])]


def tile_event(candidate: str) -> str:
    """The name of the event that brings a candidate's tile."""
    return f"tile-{candidate}"
