"""A candidate's tile on the wall: what a supervisor needs to see at a glance. Pure: from what was read to values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from labs.text import Text
from orchestrator.devices.look import device_state
from orchestrator.engine.plan import step_word
from orchestrator.exam import Sitting
from orchestrator.exam.words import candidate_word
from orchestrator.store.benches import StoredBench
from orchestrator.store.seats import Page

LOST_AFTER = timedelta(seconds=20)
"""The page of a candidate at work says that it is there every few seconds."""

_MACHINE_STATES = {
    "running": Text("en marche", "running"),
    "paused": Text("suspendue", "suspended"),
    "off": Text("éteinte", "off"),
    "crashed": Text("perdue", "lost"),
}
_ASKED_STILL = ("enrolled", "preparing", "ready", "running", "paused", "ended")
"""States of candidates whose devices are still to be asked at the bell."""
_GOING = ("enrolled", "preparing", "ready", "paused")


@dataclass(frozen=True)
class Machine:
    """A machine of a bench.

    title: what the lab calls it; short: the same, for a tile. state: the hypervisor's word; empty: there is none.
    screen: when its picture was taken, in milliseconds; None: there is none to show.
    """

    name: str
    title: str
    short: str
    state: str
    screen: int | None = None

    @property
    def word(self) -> Text:
        """Its state for people."""
        return _MACHINE_STATES.get(self.state, Text("absente", "not there"))


@dataclass(frozen=True)
class Tile:
    """What a tile shows. deadline_ms: exam time at which the bell rings; None: the clock does not run, and shows left_s
    (None: nothing to show). hand: since when it is up. lost: since when the candidate's page is not seen; ``never``: it
    never was. here: it was seen a moment ago. doing: what the service is doing to the bench. phase: title of
    the one of the jury's part that they are in. devices: what is wrong with theirs; other_key: one is not asked because
    it shows another key."""

    id: str
    name: str
    seat: str
    state: str
    deadline_ms: int | None = None
    left_s: int | None = None
    machines: tuple[Machine, ...] = ()
    hand: datetime | None = None
    lost: datetime | None = None
    never: bool = False
    here: bool = False
    failure: Text | None = None
    missed: Text | None = None
    doing: Text | None = None
    point: str = ""
    point_at: datetime | None = None
    finished_early: bool = False
    phase: str = ""
    devices: tuple[Text, ...] = ()
    other_key: bool = False

    @property
    def word(self) -> Text:
        """The candidate's state for people."""
        return candidate_word(self.state)

    @property
    def need(self) -> int:
        """How much they need the supervisor: 0 not at all."""
        return (
            8 * bool(self.failure)
            + 4 * (bool(self.hand) or self.other_key)
            + 2 * (self.lost is not None or self.never)
            + (bool(self.missed) or bool(self.devices))
        )


def short_titles(titles: Iterable[str]) -> dict[str, str]:
    """Titles by their first words (« Serveur », « Poste »), as long as these tell the machines apart."""
    all_ = list(titles)
    first = {title: title.split()[0] for title in all_ if title.split()}
    return first if len(set(first.values())) == len(all_) else {title: title for title in all_}


def make_tile(
    sitting: Sitting,
    name: str,
    machines: tuple[Machine, ...],
    *,
    page: Page,
    bench: StoredBench | None,
    devices: Mapping[str, str],
    step: str | None,
    phase: str,
    exam_now: datetime,
    now: datetime,
) -> Tile:
    """The tile of a candidate. devices: titles of the physical ones, by name. phase: title of the one of the jury's
    part that they are in. exam_now: exam time. now: the wall clock, by which browsers are seen."""
    clock, at_work = sitting.clock, sitting.state == "running"
    deadline = clock.deadline() if at_work else None
    here = page.seen_at is not None and now - page.seen_at <= LOST_AFTER
    gone = at_work and page.seen_at is not None and not here
    return Tile(
        id=sitting.id,
        name=name,
        seat=sitting.seat or "",
        state=sitting.state,
        deadline_ms=None if deadline is None else to_ms(deadline),
        left_s=int(clock.remaining_s(exam_now)) if sitting.state in _GOING and clock.allotted_s else None,
        machines=machines,
        hand=page.hand_at,
        lost=page.seen_at if gone else None,
        never=at_work and page.seen_at is None,
        here=here,
        failure=sitting.failure,
        missed=sitting.checkpoint_failure,
        doing=None if step is None else step_word(step),
        point=sitting.checkpoints[-1] if sitting.checkpoints else "",
        point_at=None if bench is None else bench.last_checkpoint_at,
        finished_early=sitting.finished_early,
        phase=phase,
        devices=_wrong_devices(sitting, devices),
        other_key=any(known.refused for known in sitting.devices.values()) and sitting.state in _ASKED_STILL,
    )


def _wrong_devices(sitting: Sitting, titles: Mapping[str, str]) -> tuple[Text, ...]:
    """What a supervisor has to see to before the bell. Titles by their first words."""
    if sitting.state not in _ASKED_STILL:
        return ()
    short, found = short_titles(titles.values()), []
    for name, title in titles.items():
        known = sitting.devices.get(name)
        if known is None or not known.host_key or known.refused or known.silent:
            word = device_state(known)
            found.append(Text(f"{short[title]} : {word.fr}", f"{short[title]}: {word.en}"))
    return tuple(found)


def to_ms(at: datetime) -> int:
    """A moment as browsers count: milliseconds since 1970."""
    return round(at.timestamp() * 1000)
