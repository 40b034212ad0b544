"""Vagrant's machines as a bench, so that they are observed and judged like any other; asked over SSH."""

from __future__ import annotations

import time

from checkers.checks import CHECKS
from checkers.facts import Observation
from checkers.judge import plan as planned_checks
from checkers.observe import Channel
from labs.loader import LoadedLab
from orchestrator.bench import Bench, BenchMachine
from orchestrator.catalog import open_lab
from orchestrator.hypervisor import connect
from orchestrator.observer import observe_bench
from orchestrator.settings import Settings
from orchestrator.together import together
from orchestrator.vagrant.place import SESSION, VagrantPlace
from orchestrator.vagrant.plan import VagrantPlan, vagrant_session
from orchestrator.vagrant.prepare import reach_prepared
from orchestrator.vagrant.reach import agents

_CONNECT_LIMIT_S = 60.0


def as_bench(plan: VagrantPlan, place: VagrantPlace, lab: LoadedLab) -> Bench:
    """What the rest of Épreuve needs to know of the machines."""
    return Bench(
        session=SESSION,
        name=plan.lab,
        candidate="Vagrant",
        lab=plan.lab,
        golden_key="vagrant",
        state="ready",
        machines={
            name: BenchMachine(name=name, domain=plan.domain(name), uuid=place.uuid(name) or "", start="cold")
            for name in plan.machines
        },
        variants=dict(lab.values),
        networks={name: plan.network(name) for name in lab.lab.networks},
        created_at=time.time(),
        dir=place.ours,
    )


def observe_vagrant(plan: VagrantPlan, place: VagrantPlace, settings: Settings) -> Observation:
    """Everything that the lab's checks need to know. A machine that does not answer is unseen, not an error.

    The witnesses need this host's own libvirt and root; without, what they would see is unseen, with the reason.

    :raises VagrantError: the machines were not set up.
    """
    lab = open_lab(str(plan.lab_folder))
    session = vagrant_session(place)
    reached = agents(reach_prepared(plan, place), place, session)
    # Once connected they answer fast; an emulated machine takes its time for that.
    together(lambda agent: agent.ping(_CONNECT_LIMIT_S), reached.values())
    channels = {name: [Channel("ssh", reached[name])] if name in reached else [] for name in plan.machines}
    with connect(settings.model_copy(update={"libvirt_uri": plan.uri, "hosts": {}})) as hypervisor:
        try:
            return observe_bench(
                as_bench(plan, place, lab),
                lab,
                planned_checks(lab.lab.checks(), CHECKS),
                session=session,
                hypervisor=hypervisor,
                channels=channels,
            )
        finally:
            for agent in reached.values():
                agent.close()
