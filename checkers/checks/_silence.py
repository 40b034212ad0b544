"""When a silence, or a service that is not there, may count against a candidate."""

from __future__ import annotations

from checkers.check import Unseen, View
from checkers.checks._words import clause
from checkers.probe import Question
from checkers.probes.awake import Awake


def awake(machine: str) -> Question:
    """The question to ask beside every one whose silence may count."""
    return Question(machine, Awake())


def need_awake(view: View, machine: str) -> None:
    """Call before concluding from a missing service: raises Unseen when the machine could not be asked or is starting.

    A machine that does not even answer its own channel (frozen, overloaded, its agent killed) is mute for reasons that
    nobody can tell apart. What was read from its disk needs no such proof: there the services had been ended.
    """
    if machine in view.disk.machines:
        return
    found = view.see(machine, Awake())
    if found.starting:
        raise Unseen(
            clause(
                "la machine « {machine} » démarrait encore (depuis {s} s) : ce qui manque ne prouve rien",
                "machine “{machine}” was still starting (for {s} s): what is missing proves nothing",
                machine=machine,
                s=found.uptime_s,
            )
        )


def need_answer(view: View, machine: str, network: str) -> None:
    """Call before concluding from a silence on a network: the machine was connected, awake and done starting."""
    view.need_link(machine, network)
    need_awake(view, machine)
