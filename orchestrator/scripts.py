"""Shell scripts of a lab, run by root in a machine of a bench over its guest agent: what incidents and mutants do."""

from __future__ import annotations

from checkers.batch import exports
from checkers.channel import Agent, ExecResult
from labs.loader import LoadedLab
from orchestrator.sessions import Session, script_environment

LIMIT_S = 120.0
"""Seconds that a script may take."""

# In a subshell, off the script's own text: what it starts reads nothing, and what it exits with is its answer. Nothing
# is left in the machine but what it did: no file of ours, no shell history.
_SCRIPT = """\
export LC_ALL=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
(
{body}
) </dev/null >&2
"""


def run_script(agent: Agent, body: str, lab: LoadedLab, *, session: Session) -> ExecResult:
    """Run one, with the session's secrets and the bench's values of the variants as upper-case environment variables.

    Raises ChannelError.
    """
    text = exports(script_environment(session, lab)) + _SCRIPT.format(body=body)
    return agent.run(["/bin/sh"], stdin=text.encode(), timeout_s=LIMIT_S)


def said(result: ExecResult) -> str:
    """What a script that did not succeed said, in short."""
    words = (result.stderr or result.stdout)[-300:].decode("utf-8", "replace").strip()
    return f"exit={result.exit_code} {words}".strip()
