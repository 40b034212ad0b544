"""Preparing a session: refused with figures before anything is touched, else ordered, and a service is at work."""

from __future__ import annotations

from labs.loader import LoadedLab
from orchestrator.capacity import Room, require_room_for, room_on
from orchestrator.catalog import open_lab
from orchestrator.engine import service
from orchestrator.engine.desk import Desk
from orchestrator.exam import commands as order
from orchestrator.exam import decide
from orchestrator.hypervisor import connect_all
from orchestrator.settings import Settings
from orchestrator.workshop import Progress, ensure_lab_golden, require_serving


def prepare_session(
    slug: str,
    desk: Desk,
    settings: Settings,
    *,
    who: str,
    simulated: bool,
    progress: Progress | None = None,
    warn: Progress | None = None,
) -> Room:
    """Have the benches made of all who have none; how much room there is for them. Takes as long as the golden does.

    Ordered already: only a service is seen to. warn: called with what is still right but will not stay so. Raises
    Refused before the golden is made, CapacityError before the benches are ordered, other EpreuveErrors when the golden
    cannot be made or no service starts.
    """
    opened = desk.open(slug)
    asked = order.Prepare(who=who)
    states = [sitting.state for sitting in opened.exam.candidates.values()]
    made = {"preparing", "ready"} if opened.exam.has_practical else {"preparing", "ready", "ended", "frozen"}
    ordered = "enrolled" not in states and not made.isdisjoint(states)
    if not ordered:
        decide(opened.exam, asked, opened.now)
    wanted = sum(state in ("enrolled", "preparing") for state in states)
    room = _room(
        open_lab(opened.stored.lab_folder), wanted, settings, simulated=simulated, progress=progress, warn=warn
    )
    if not ordered:
        desk.do(slug, asked)
    service.start(settings, simulated=simulated)
    return room


def _room(
    lab: LoadedLab,
    wanted: int,
    settings: Settings,
    *,
    simulated: bool,
    progress: Progress | None,
    warn: Progress | None,
) -> Room:
    if not simulated:
        for warning in require_serving(lab, settings, progress):
            (warn or progress or (lambda _text: None))(warning)
    with connect_all(settings, simulated=simulated) as hosts:
        golden = ensure_lab_golden(lab, hosts.first(), settings, progress)
        room = room_on(hosts.up(), settings.benches_dir, golden.need(), wanted)
    require_room_for(room)
    return room
