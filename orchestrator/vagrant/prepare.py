"""Setting Vagrant's machines up as an exam's benches are: playbooks, services, then this lab's passwords and keys.

Vagrant starts machines side by side and calls once for each (``vagrant up``). Set-up plays on all of them together, so
it is done at the last call; what was done is not done again.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from checkers.channel import Agent
from labs.files import write_atomic
from labs.loader import LoadedLab
from labs.subject import render_html
from labs.text import Text
from orchestrator.catalog import open_lab
from orchestrator.hypervisor.readiness import wait_ready
from orchestrator.library.deposits import require_approved
from orchestrator.personalise import Personaliser
from orchestrator.playbooks import PlayResult, play, require
from orchestrator.sessions import Session
from orchestrator.vagrant.place import VagrantError, VagrantPlace
from orchestrator.vagrant.plan import VagrantPlan, vagrant_session
from orchestrator.vagrant.reach import Address, addresses, agents, meet, playbook_hosts
from orchestrator.workshop import solution_playbook

READY_LIMIT_S = 300.0

Progress = Callable[[Text], None]


def prepare(plan: VagrantPlan, place: VagrantPlace, progress: Progress) -> list[str]:
    """Set up what is not yet, once every machine is there. Returns the machines that are still missing (then nothing
    was done but to meet the others).

    :raises ChannelError: a machine does not answer. PlaybookError, BenchError: it could not be set up.
    """
    lab = open_lab(str(plan.lab_folder))
    require_approved(lab)  # from here on, what the lab says is run
    with _alone(place):
        if missing := [name for name in plan.machines if place.uuid(name) is None]:
            return missing
        new = [name for name in plan.machines if not place.prepared(name).exists()]
        if not new:
            return []
        reached = addresses(plan.machines, place)
        if silent := [name for name in plan.machines if name not in reached]:
            return silent  # still starting, and Vagrant calls again for it
        for name, address in reached.items():
            meet(name, address, place)
        session = vagrant_session(place)
        _play_set_up(lab, new, playbook_hosts(reached, place, plan.key), progress)
        machines = agents(reached, place, session)
        _personalise(lab, session, {name: machines[name] for name in new}, progress)
        subject = render_html(lab.lab, lab.subject, secrets=session.secrets, variants=lab.values, candidate="Vagrant")
        write_atomic(place.subject, subject, mode=0o600)
        for name in new:
            write_atomic(place.prepared(name), "")
    return []


def solve(
    plan: VagrantPlan, place: VagrantPlace, *, tasks: tuple[str, ...] = (), progress: Progress | None = None
) -> PlayResult:
    """Let the reference solution do the work, or some of its tasks. Raises UsageError, PlaybookError."""
    lab = open_lab(str(plan.lab_folder))
    require_approved(lab)
    playbook = solution_playbook(lab, tasks)
    hosts = playbook_hosts(reach_prepared(plan, place), place, plan.key)
    given = {"secrets": vagrant_session(place).secrets, "variants": dict(lab.values)}
    return require(play(playbook, hosts=hosts, variables=given, tags=tasks, progress=progress), playbook)


def reach_prepared(plan: VagrantPlan, place: VagrantPlace) -> dict[str, Address]:
    """Where the machines are that are set up. Raises VagrantError when none is, or one is not."""
    if unready := [name for name in plan.machines if not place.prepared(name).exists()]:
        raise VagrantError(
            Text(
                f"Ces machines ne sont pas en place : {', '.join(unready)}.",
                f"These machines are not set up: {', '.join(unready)}.",
            ),
            where=str(place.folder),
            do=Text("Lancez « vagrant up » et lisez ce qu'il dit.", "Run “vagrant up” and read what it says."),
        )
    return addresses(plan.machines, place)


def _play_set_up(
    lab: LoadedLab, machines: list[str], hosts: Mapping[str, Mapping[str, str]], progress: Progress
) -> None:
    for name in machines:
        if (file := lab.lab.virtual[name].prepare) is not None:
            progress(Text(f"{name} : {file}", f"{name}: {file}"))
            require(play(lab.path(file), hosts=hosts, progress=progress), lab.path(file))


def _personalise(lab: LoadedLab, session: Session, machines: Mapping[str, Agent], progress: Progress) -> None:
    personaliser = Personaliser(lab, session)

    def one(name: str) -> None:
        wait_ready(machines[name], lab.lab.virtual[name].ready, domain=name, timeout_s=READY_LIMIT_S)
        personaliser(name, machines[name])

    progress(Text("attente des services, mots de passe et clés", "waiting for services, passwords and keys"))
    with ThreadPoolExecutor() as pool:
        list(pool.map(one, machines))


@contextmanager
def _alone(place: VagrantPlace) -> Iterator[None]:
    """Wait for Vagrant's calls for the other machines."""
    descriptor = os.open(place.ours / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
