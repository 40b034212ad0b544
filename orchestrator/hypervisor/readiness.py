"""Waiting for machines: until the agent answers, until services answer, until it is calm. Every wait has an end."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic, sleep

from checkers.channel import Agent, ChannelError
from labs.text import Text
from orchestrator.hypervisor.errors import HypervisorError
from orchestrator.hypervisor.port import DomainState, Hypervisor, MachineAgent
from orchestrator.orders import QUESTIONS

CALM_CPU = 0.25
"""Share of one processor under which a machine is at rest (an idle guest under TCG takes 0.02 to 0.10)."""


def wait_agent(hypervisor: Hypervisor, domain: str, *, timeout_s: float) -> MachineAgent:
    """The agent of a machine once it answers.

    :raises HypervisorError: it did not in time, or the machine went off.
    """
    agent = hypervisor.agent(domain)
    deadline = monotonic() + timeout_s
    while (left := deadline - monotonic()) > 0:
        if agent.ping(min(left, 2.0)):
            return agent
        if hypervisor.state(domain) in (DomainState.OFF, DomainState.CRASHED):
            raise HypervisorError(
                Text("La machine s'est arrêtée en démarrant.", "The machine went off while it started."),
                where=domain,
                do=Text("Lisez le journal série de la machine.", "Read the machine's serial log."),
            )
    raise HypervisorError(
        Text(
            f"L'agent de la machine n'a pas répondu en {timeout_s:.0f} s.",
            f"The machine's agent did not answer within {timeout_s:.0f} s.",
        ),
        where=domain,
        do=Text("Lisez le journal série de la machine.", "Read the machine's serial log."),
    )


def wait_ready(agent: Agent, command: str, *, domain: str, timeout_s: float, family: str = "linux") -> None:
    """Wait until a machine's ``ready`` command says yes. family: the kind of the machine, as in the lab.

    :raises HypervisorError: it did not in time; its last output is quoted.
    """
    asked = QUESTIONS[family](command)
    deadline = monotonic() + timeout_s
    said = ""
    pause = 0.05
    while (left := deadline - monotonic()) > 0:
        try:
            result = agent.run(asked.argv, stdin=asked.stdin, timeout_s=min(left, 30.0))
            if result.exit_code == 0:
                return
            said = (result.stderr or result.stdout).decode(errors="replace").strip()[-300:]
        except ChannelError as error:
            said = str(error)
        sleep(min(pause, max(deadline - monotonic(), 0)))
        pause = min(pause * 1.5, 1.0)
    raise HypervisorError(
        Text(
            f"Les services de la machine n'ont pas répondu en {timeout_s:.0f} s : {said or command}.",
            f"The machine's services did not answer within {timeout_s:.0f} s: {said or command}.",
        ),
        where=domain,
        do=Text(
            "Vérifiez la commande « ready » du sujet et le journal de la machine.",
            "Check the lab's “ready” command and the machine's log.",
        ),
    )


def wait_calm(hypervisor: Hypervisor, domains: Sequence[str], *, timeout_s: float, window_s: float = 2.0) -> bool:
    """Wait until none of these machines is busy for two windows in a row. False: still busy at the end (no error).

    Simulated ones always rest: a rehearsal does not wait for them.
    """
    if hypervisor.info().simulated:
        return True
    deadline = monotonic() + timeout_s
    calm = 0
    used = {domain: hypervisor.cpu_time(domain) for domain in domains}
    since = monotonic()
    while calm < 2:
        if monotonic() > deadline:
            return False
        sleep(window_s)
        now = {domain: hypervisor.cpu_time(domain) for domain in domains}
        elapsed = monotonic() - since
        busiest = max((now[domain] - used[domain]) / elapsed for domain in domains)
        calm = calm + 1 if busiest < CALM_CPU else 0
        used, since = now, monotonic()
    return True
