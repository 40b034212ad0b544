"""Noting the radios of a session's devices as each tells them: which are asked, and what is not told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from labs.errors import EpreuveError
from labs.text import Text
from orchestrator.devices.look import AT_ONCE, placed
from orchestrator.devices.net import DeviceNet
from orchestrator.devices.nets import net_for
from orchestrator.devices.radios import radios_of
from orchestrator.devices.together import together
from orchestrator.engine.desk import Desk, Open
from orchestrator.engine.lab import session_lab
from orchestrator.exam.commands import TellRadios
from orchestrator.exam.devices import can_tell_radios
from orchestrator.sessions import ensure_session
from orchestrator.settings import Settings

Tell = Callable[[], tuple[str, ...]]
"""Asks a device for the addresses of its radios. Raises EpreuveError."""

_MUTE = Text("Des appareils n'ont pas dit leurs radios.", "Devices did not tell their radios.")


def tellers(opened: Open, settings: Settings, net: DeviceNet, machine: str) -> list[tuple[str, Tell]]:
    """What asks each device of this name that has an address, by candidate."""
    lab = session_lab(opened.stored)
    session = ensure_session(settings.data_dir, opened.exam.slug, lab)
    return [
        (one.candidate, partial(radios_of, lab.lab, machine, one.known, session, net))
        for one in placed(opened.exam.candidates)
        if one.machine == machine and machine in lab.lab.devices
    ]


def note_radios(desk: Desk, settings: Settings, slug: str, *, who: str, simulated: bool) -> None:
    """Have every device tell its radios that is believed about them, and note them.

    Raises EpreuveError at the end, which names those that did not tell them.
    """
    opened = desk.open(slug)
    net = net_for(simulated=simulated or opened.stored.simulated)
    failed = list[tuple[str, EpreuveError]]()
    for machine in opened.exam.devices:
        asked = [
            (name, tell)
            for name, tell in tellers(opened, settings, net, machine)
            if can_tell_radios(opened.exam.candidates[name], machine)
        ]
        with ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="radios") as pool:
            told = [(name, pool.submit(tell).result) for name, tell in asked]
        for name, result in told:
            try:
                order = TellRadios(who=who, candidate=name, machine=machine, radios=result(), read=True)
                desk.do(slug, order)
            except EpreuveError as error:  # those of the others are noted all the same
                failed.append((f"{name}, {machine}", error))
    if failed:
        raise together(_MUTE, failed)
