"""The orders that a supervisor gives from the site: what each is called, what it asks for, and the command it makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from labs.errors import UsageError
from labs.text import Text
from orchestrator.engine.desk import Open
from orchestrator.exam import Command, Refused, commands, decide

Field = Literal["why", "minutes", "seat", "host", "lost", "machine", "to", "early"]
Given = Mapping[str, str]
"""What the form holds. ``why``: the reason."""

MAX_MINUTES = 480

Make = Callable[[str, str | None, Given], Command]
"""Who, the candidate or None for the room, and the form: the command."""


@dataclass(frozen=True)
class Order:
    """One order. fields: what its form asks for. question: asked once before; {whom}: the candidate's name. dangerous:
    there is no way back."""

    name: str
    title: Text
    make: Make
    fields: tuple[Field, ...] = ()
    needs_reason: bool = False
    question: Text | None = None
    dangerous: bool = False


@dataclass(frozen=True)
class Offer:
    """An order, and why it would be refused now; None when it can be given."""

    order: Order
    refused: Refused | None


def possible(opened: Open, orders: Mapping[str, Order], candidate: str | None = None) -> list[Offer]:
    """Which orders can be given now: the exam's own rules are asked, nothing is changed."""
    return [Offer(order, _refusal(opened, order, candidate)) for order in orders.values()]


def _refusal(opened: Open, order: Order, candidate: str | None) -> Refused | None:
    try:
        decide(opened.exam, order.make("?", candidate, _TRIAL), opened.now)
    except Refused as error:
        return error
    return None


_TRIAL: Given = {"why": "?", "minutes": "0.02", "seat": "?", "host": "?", "to": "start"}
"""With these an order is refused only because of the state that things are in."""


def _why(given: Given) -> str:
    return " ".join(given.get("why", "").split())


def _seconds(given: Given) -> int:
    try:
        minutes = float(given.get("minutes", "").replace(",", "."))
    except ValueError:
        minutes = 0.0
    if not 0 < minutes <= MAX_MINUTES:  # nor when it is no number at all
        raise UsageError(
            Text("Cette durée n'est pas lisible.", "This length of time cannot be read."),
            do=Text("Donnez un nombre de minutes, de 1 à 480.", "Give a number of minutes, from 1 to 480."),
        )
    return max(1, round(minutes * 60))


def _one(candidate: str | None) -> str:
    if candidate is None:
        raise UsageError(Text("Cet ordre concerne un candidat.", "This order concerns one candidate."))
    return candidate


def _plain(command: Callable[..., Command]) -> Make:
    """A command that needs nothing but who, why, and whom: one, or (None) the room."""
    return lambda who, candidate, given: command(who=who, why=_why(given), candidate=candidate)


def _timed(command: Callable[..., Command]) -> Make:
    return lambda who, candidate, given: command(who=who, why=_why(given), candidate=candidate, seconds=_seconds(given))


def _whole(command: Callable[..., Command]) -> Make:
    """A command about the session as a whole."""
    return lambda who, _candidate, given: command(who=who, why=_why(given))


def _move(who: str, candidate: str | None, given: Given) -> Command:
    seat = given.get("seat", "").strip() or None
    return commands.Move(who=who, why=_why(given), candidate=_one(candidate), seat=seat)


def _change_host(who: str, candidate: str | None, given: Given) -> Command:
    host, lost = given.get("host") or None, "lost" in given
    return commands.Move(who=who, why=_why(given), candidate=_one(candidate), host=host, host_lost=lost)


def _reset(who: str, candidate: str | None, given: Given) -> Command:
    machine, to = given.get("machine") or None, given.get("to") or "start"
    return commands.AskReset(who=who, why=_why(given), candidate=_one(candidate), machine=machine, to=to)


def _by_name(*orders: Order) -> dict[str, Order]:
    return {order.name: order for order in orders}


CHANGE_HOST = "changer-d-hote"
"""Offered where there are several hosts."""

_PAUSE = Text("Mettre en pause", "Pause")
_RESUME = Text("Reprendre", "Resume")
_EXTEND = Text("Accorder du temps", "Grant time")
_TAKE_BACK = Text("Retirer du temps accordé", "Take granted time back")

ROOM = _by_name(
    Order(
        "demarrer",
        Text("Démarrer l'épreuve", "Start the exam"),
        _plain(commands.Start),
        question=Text("Démarrer l'épreuve de tous ceux qui sont prêts ?", "Start the exam of everybody who is ready?"),
    ),
    Order(
        "pause",
        _PAUSE,
        _plain(commands.Pause),
        ("why",),
        needs_reason=True,
        question=Text("Arrêter l'horloge et les machines de toute la salle ?", "Stop all clocks and machines?"),
    ),
    Order("reprise", _RESUME, _plain(commands.Resume), question=Text("Reprendre l'épreuve ?", "Resume the exam?")),
    Order(
        "prolonger",
        _EXTEND,
        _timed(commands.Extend),
        ("minutes", "why"),
        needs_reason=True,
        question=Text("Accorder ce temps à tous ceux qui composent ?", "Grant this time to everybody at work?"),
    ),
    Order(
        "reprendre-du-temps",
        _TAKE_BACK,
        _timed(commands.TakeBack),
        ("minutes", "why"),
        needs_reason=True,
        question=Text("Retirer ce temps à tous ceux qui l'ont reçu ?", "Take this time back from everybody?"),
    ),
    Order(
        "figer",
        Text("Arrêter l'épreuve", "Stop the exam"),
        _plain(commands.Freeze),
        ("why",),
        needs_reason=True,
        question=Text(
            "Arrêter l'épreuve de toute la salle, pour de bon ? Le travail est figé tel qu'il est.",
            "Stop the exam of the whole room, for good? Work is frozen as it stands.",
        ),
        dangerous=True,
    ),
    Order(
        "jury",
        Text("Ouvrir le jury", "Open the jury's part"),
        _whole(commands.OpenJury),
        question=Text("Ouvrir le passage devant le jury ?", "Begin the jury's part?"),
    ),
    Order(
        "clore",
        Text("Clore la session", "Close the session"),
        _whole(commands.Close),
        ("why",),
        question=Text(
            "Clore la session ? Les points de reprise et les postes non figés sont supprimés.",
            "Close the session? Checkpoints and benches that are not frozen are removed.",
        ),
        dangerous=True,
    ),
    Order(
        "purger",
        Text("Supprimer les données personnelles", "Remove the personal data"),
        _whole(commands.Purge),
        ("early", "why"),
        question=Text(
            "Supprimer pour toujours les noms et les fichiers de cette session ?",
            "Remove the names and files of this session for good?",
        ),
        dangerous=True,
    ),
)
"""Those about the whole room."""

ONE = _by_name(
    Order(
        "demarrer",
        Text("Démarrer", "Start"),
        _plain(commands.Start),
        question=Text("Démarrer l'épreuve de {whom} ?", "Start the exam of {whom}?"),
    ),
    Order(
        "pause",
        _PAUSE,
        _plain(commands.Pause),
        ("why",),
        needs_reason=True,
        question=Text("Arrêter l'horloge et les machines de {whom} ?", "Stop clock and machines of {whom}?"),
    ),
    Order(
        "reprise", _RESUME, _plain(commands.Resume), question=Text("Reprendre l'épreuve de {whom} ?", "Resume {whom}?")
    ),
    Order(
        "prolonger",
        _EXTEND,
        _timed(commands.Extend),
        ("minutes", "why"),
        needs_reason=True,
        question=Text("Accorder ce temps à {whom} ?", "Grant this time to {whom}?"),
    ),
    Order(
        "reprendre-du-temps",
        _TAKE_BACK,
        _timed(commands.TakeBack),
        ("minutes", "why"),
        needs_reason=True,
        question=Text("Retirer ce temps à {whom} ?", "Take this time back from {whom}?"),
    ),
    Order(
        "reinitialiser",
        Text("Réinitialiser une machine", "Reset a machine"),
        _reset,
        ("machine", "to", "why"),
        needs_reason=True,
        question=Text(
            "Ramener cette machine (ou tout le poste) de {whom} en arrière ? Ce qui est remplacé est gardé de côté.",
            "Bring this machine (or the whole bench) of {whom} back? What is replaced is kept aside.",
        ),
        dangerous=True,
    ),
    Order(
        "deplacer",
        Text("Changer de place", "Move to another seat"),
        _move,
        ("seat", "why"),
        question=Text("Déplacer {whom} ?", "Move {whom}?"),
    ),
    Order(
        CHANGE_HOST,
        Text("Changer d'hôte", "Move to another host"),
        _change_host,
        ("host", "lost", "why"),
        question=Text(
            "Déplacer le poste de {whom} ? Un hôte donné pour perdu doit être éteint : deux postes du même candidat ne "
            "doivent pas tourner à la fois.",
            "Move the bench of {whom}? A host given up must be off: two benches of one candidate must not run at once.",
        ),
    ),
    Order(
        "absent",
        Text("Noter absent", "Mark absent"),
        _plain(commands.MarkAbsent),
        ("why",),
        question=Text("Noter {whom} absent ?", "Mark {whom} absent?"),
    ),
    Order(
        "retour",
        Text("Noter le retour", "Mark as returned"),
        _plain(commands.Return),
        question=Text("{whom} est arrivé finalement ?", "{whom} came after all?"),
    ),
    Order(
        "rendre",
        Text("Rendre avant la fin", "Hand in early"),
        _plain(commands.FinishEarly),
        question=Text("{whom} rend son travail, pour de bon ?", "{whom} hands in, for good?"),
        dangerous=True,
    ),
    Order(
        "figer",
        Text("Arrêter l'épreuve", "Stop the exam"),
        _plain(commands.Freeze),
        ("why",),
        needs_reason=True,
        question=Text(
            "Arrêter l'épreuve de {whom}, pour de bon ? Son travail est figé tel qu'il est.",
            "Stop the exam of {whom}, for good? The work is frozen as it stands.",
        ),
        dangerous=True,
    ),
    Order(
        "desinscrire",
        Text("Désinscrire", "Withdraw"),
        _plain(commands.Withdraw),
        ("why",),
        needs_reason=True,
        question=Text("Désinscrire {whom}, pour de bon ?", "Withdraw {whom}, for good?"),
        dangerous=True,
    ),
)
"""Those about one candidate."""
