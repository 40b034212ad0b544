"""Doing to a bench what an incident of its lab says: breaking something, or repairing it as the reference does."""

from __future__ import annotations

from checkers.channel import ExecResult
from labs.errors import EpreuveError
from labs.incident import Change, Incident
from labs.loader import LoadedLab
from labs.text import Text
from orchestrator.bench import Bench
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.playbooks import require
from orchestrator.scripts import LIMIT_S, run_script, said
from orchestrator.sessions import Session
from orchestrator.workshop import run_in_bench


class IncidentError(EpreuveError):
    """An incident could not be brought about, or its reference repair failed."""

    code = "incident"
    exit_code = 7


def break_bench(bench: Bench, lab: LoadedLab, incident: Incident, *, session: Session, hypervisor: Hypervisor) -> None:
    """Bring an incident about. Again: nothing more is broken. A request breaks nothing.

    :raises IncidentError: the script said no, or took too long; something may be broken already.
    :raises PlaybookError: the same of a playbook.
    :raises ChannelError: the machine could not be asked.
    """
    if incident.break_ is not None:
        _change(bench, lab, incident, incident.break_, session, hypervisor)


def repair_bench(bench: Bench, lab: LoadedLab, incident: Incident, *, session: Session, hypervisor: Hypervisor) -> None:
    """Repair an incident, or fulfil a request, as the lab's reference does. Again: nothing more is done.

    Raises as ``break_bench`` does.
    """
    _change(bench, lab, incident, incident.repair, session, hypervisor)


def _change(
    bench: Bench, lab: LoadedLab, incident: Incident, change: Change, session: Session, hypervisor: Hypervisor
) -> None:
    if change.playbook is not None:
        info, playbook = hypervisor.info(), lab.path(change.playbook)
        if info.simulated:  # it runs none, but is told which one it would be
            agent = hypervisor.agent(bench.machines[incident.machine].domain)
            agent.run(["true"], stdin=playbook.read_bytes(), timeout_s=LIMIT_S)
        else:
            done = run_in_bench(bench, playbook, lab, session=session, uri=info.uri, timeout_s=int(LIMIT_S))
            require(done, playbook)
        return
    assert change.shell is not None  # noqa: S101 - the model's promise
    machine = change.on or incident.machine
    agent = hypervisor.agent(bench.machines[machine].domain)
    answer = run_script(agent, lab.path(change.shell).read_text(encoding="utf-8"), lab, machine, session=session)
    _need(answer, f"{bench.label}: {machine}: {change.shell}")


def _need(result: ExecResult, where: str) -> None:
    if result.exit_code == 0:
        return
    raise IncidentError(
        Text("Le script de l'incident n'a pas abouti.", "The incident's script did not succeed."),
        where=f"{where}: {said(result)}",
        do=Text(
            "Revenez à une copie neuve du poste, puis recommencez ou choisissez un autre incident.",
            "Go back to a fresh copy of the bench, then try again or choose another incident.",
        ),
    )
