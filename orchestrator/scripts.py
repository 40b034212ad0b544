"""Scripts of a lab, run by a machine's administrator over its guest agent: what incidents and mutants do."""

from __future__ import annotations

from checkers.channel import Agent, ExecResult
from labs.loader import LoadedLab
from orchestrator.orders import SCRIPTS
from orchestrator.sessions import Session, script_environment

LIMIT_S = 120.0
"""Seconds that a script may take."""


def run_script(agent: Agent, body: str, lab: LoadedLab, machine: str, *, session: Session) -> ExecResult:
    """Run one on a machine of the lab, with the session's secrets and the bench's values of the variants as upper-case
    environment variables.

    Raises ChannelError.
    """
    order = SCRIPTS[lab.lab.machines[machine].family](body, script_environment(session, lab))
    return agent.run(order.argv, stdin=order.stdin, timeout_s=LIMIT_S)


def said(result: ExecResult) -> str:
    """What a script that did not succeed said, in short."""
    words = (result.stderr or result.stdout)[-300:].decode("utf-8", "replace").strip()
    return f"exit={result.exit_code} {words}".strip()
