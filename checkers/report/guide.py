"""“How to read this report”: a few lines for someone who has never seen the product."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checkers.check import DISK_CHANNELS
from checkers.report.model import FactEvidence
from labs.text import Text

INTRODUCTION = Text(
    "Ce rapport dit dans quel état se trouvaient les machines du candidat au moment de l'observation. Chaque "
    "contrôle compare cet état à ce que le sujet demandait. Chaque résultat donne son motif et ses preuves : ce que "
    "les machines et les témoins ont répondu, mot pour mot.",
    "This report tells in which state the candidate's machines were when they were observed. Each check compares that "
    "state with what the lab asked for. Each result gives its reason and its evidence: what the machines and the "
    "witnesses answered, word for word.",
)


@dataclass(frozen=True)
class Entry:
    """A word and what it means. ``verdict``: the verdict it explains, if it is one."""

    word: Text
    meaning: Text
    verdict: str = ""


VERDICTS = (
    Entry(
        Text("Conforme", "As expected"),
        Text("L'état demandé a été constaté. Les points sont acquis.", "The state asked for was found. Points earned."),
        "PASS",
    ),
    Entry(
        Text("Non conforme", "Not as expected"),
        Text(
            "L'état a été observé et il diffère de ce qui était demandé. Le motif dit ce qui a été trouvé et ce qui "
            "était attendu. Une partie des points peut être acquise.",
            "The state was observed and differs from what was asked for. The reason tells what was found and what was "
            "expected. Part of the points may be earned.",
        ),
        "FAIL",
    ),
    Entry(
        Text("Non observé", "Not observed"),
        Text(
            "L'état n'a pas pu être observé (machine muette, mesure impossible, réponse illisible). Ce n'est ni une "
            "réussite ni une faute : les points ne sont ni acquis ni perdus. Au jury de décider, en regardant le poste "
            "ou en interrogeant le candidat.",
            "The state could not be observed (silent machine, impossible measure, unreadable answer). It is neither a "
            "success nor a fault: points are neither earned nor lost. The jury decides, by looking at the bench or "
            "asking the candidate.",
        ),
        "INCONCLUSIVE",
    ),
)

_TERMS = (
    Entry(
        Text("Preuve", "Evidence"),
        Text(
            "Une question, l'endroit où elle a été posée, l'heure et la réponse brute. Les preuves sont numérotées "
            "(P1, P2…) ; un clic ouvre le détail.",
            "A question, the place where it was asked, the time and the raw answer. Evidence is numbered (P1, P2…); "
            "one click opens it.",
        ),
    ),
    Entry(
        Text("Canal", "Channel"),
        Text(
            "Le chemin qu'a pris la question. L'agent est un programme dans la machine : il répond même si le réseau "
            "du candidat est coupé, mais le candidat administre cette machine.",
            "The way the question went. The agent is a program inside the machine: it answers even when the "
            "candidate's network is cut, but the candidate administers that machine.",
        ),
    ),
    Entry(
        Text("Témoin", "Witness"),
        Text(
            "Un observateur placé hors des machines du candidat : sur son réseau, sur ses ondes Wi-Fi ou dans "
            "l'hyperviseur. Il constate l'effet réel (un bail obtenu, un port fermé), pas ce que la machine affirme.",
            "An observer outside the candidate's machines: on their network, on their Wi-Fi air or in the hypervisor. "
            "It finds the real effect (a lease obtained, a port closed), not what the machine claims.",
        ),
    ),
)
_DISK = Entry(
    Text("Lu sur le disque", "Read from the disk"),
    Text(
        "La machine ne répondait plus à la fin de l'épreuve, ou elle était éteinte : son disque a été lu à l'arrêt. Il "
        "dit ce qui est configuré, pas ce qui était en marche. Celui d'une machine mal arrêtée peut dater d'avant la "
        "fin : rien n'est jugé d'après lui.",
        "The machine no longer answered at the end of the exam, or was off: its disk was read at rest. It tells what "
        "is configured, not what was running. That of a machine that was not shut down properly may be from before "
        "the end: nothing is judged by it.",
    ),
)


def terms(facts: Iterable[FactEvidence]) -> tuple[Entry, ...]:
    """The words that a report with these facts uses."""
    return (*_TERMS, _DISK) if any(fact.channel in DISK_CHANNELS for fact in facts) else _TERMS
