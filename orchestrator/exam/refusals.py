"""Why something is refused: what was asked, in which state it is, what can be done instead."""

from __future__ import annotations

from collections import Counter

from pydantic import ValidationError

from labs.errors import EpreuveError
from labs.text import Text
from orchestrator.exam.commands import Command
from orchestrator.exam.model import CandidateState, Exam, SessionState, Sitting


class Refused(EpreuveError):  # noqa: N818 - a refusal is an answer of the state machine, not a fault of it
    """What was asked cannot be done in the state that the session or the candidate is in, or with this value."""

    code = "state"
    exit_code = 6


class HistoryError(EpreuveError):
    """Events that cannot have happened in this order: the journal is not this session's, or was tampered with."""

    code = "history"
    exit_code = 6

    def __init__(self, where: str) -> None:
        super().__init__(
            Text(
                "Les événements de cette session ne se suivent pas.", "The events of this session do not fit together."
            ),
            where=where,
            do=Text(
                "Vérifiez le journal, ou repartez d'une sauvegarde.", "Verify the journal, or start from a backup."
            ),
        )


SESSION_STATES: dict[SessionState, Text] = {
    "draft": Text("en projet", "a draft"),
    "prepared": Text("prête", "prepared"),
    "running": Text("en cours", "running"),
    "frozen": Text("figée", "frozen"),
    "jury": Text("devant le jury", "before the jury"),
    "closed": Text("close", "closed"),
    "sealed": Text("scellée", "sealed"),
    "purged": Text("purgée", "purged"),
}
"""The states of a session in words."""

CANDIDATE_STATES: dict[CandidateState, Text] = {
    "enrolled": Text("inscrit, sans poste", "enrolled, without a bench"),
    "preparing": Text("en attente de son poste", "waiting for a bench"),
    "ready": Text("prêt", "ready"),
    "running": Text("en épreuve", "at work"),
    "paused": Text("en pause", "paused"),
    "ended": Text("au bout de son épreuve", "at the end of the exam"),
    "frozen": Text("figé", "frozen"),
    "absent": Text("absent", "absent"),
    "withdrawn": Text("désinscrit", "withdrawn"),
}
"""The states of a candidate in words."""

_SESSION_ADVICE: dict[SessionState, Text] = {
    "draft": Text(
        "Préparez-la (prepare) et attendez que tous les postes soient prêts ; "
        "notez absents ceux qui commenceront plus tard.",
        "Prepare it and wait until all benches are ready; mark absent those who will begin later.",
    ),
    "prepared": Text("Elle peut être démarrée (start).", "It can be started (start)."),
    "running": Text(
        "Elle finira quand chaque candidat sera figé ou absent.",
        "It will be over when every candidate is frozen or absent.",
    ),
    "frozen": Text("Ouvrez le jury ou fermez-la (close).", "Open the jury's part, or close it (close)."),
    "jury": Text("Fermez-la (close) quand le jury a fini.", "Close it (close) when the jury has finished."),
    "closed": Text("Elle peut être scellée ou purgée (purge).", "It can be sealed, or purged (purge)."),
    "sealed": Text("Elle peut seulement être purgée (purge).", "It can only be purged (purge)."),
    "purged": Text("Créez une autre session.", "Create another session."),
}

_CANDIDATE_ADVICE: dict[CandidateState, Text] = {
    "enrolled": Text("Faites préparer son poste (prepare).", "Have a bench prepared (prepare)."),
    "preparing": Text("Attendez que son poste soit prêt.", "Wait until the bench is ready."),
    "ready": Text("Démarrez d'abord son épreuve (start).", "Start the candidate first (start)."),
    "running": Text(
        "Une épreuve en cours peut être mise en pause (pause), prolongée (extend) ou arrêtée (freeze).",
        "An exam under way can be paused (pause), extended (extend) or stopped (freeze).",
    ),
    "paused": Text("Reprenez d'abord son épreuve (resume).", "Resume the candidate first (resume)."),
    "ended": Text(
        "Son temps est terminé et ne se prolonge plus : son travail va être relevé et figé.",
        "The time is over and cannot be extended: the work is about to be observed and frozen.",
    ),
    "frozen": Text("Son travail est figé et ne change plus.", "The work is frozen and does not change any more."),
    "absent": Text("Notez d'abord son retour (return).", "Mark the candidate as returned first (return)."),
    "withdrawn": Text(
        "Inscrivez la personne sous un nouvel identifiant.", "Enrol the person again, under a new identifier."
    ),
}

_VALUES: dict[str, Text] = {
    "slug": Text(
        "16 caractères au plus : lettres minuscules, chiffres, tirets.",
        "At most 16 characters: lower-case letters, digits, hyphens.",
    ),
    "who": Text("Une ligne de 1 à 64 caractères.", "One line of 1 to 64 characters."),
    "why": Text("Une ligne de 500 caractères au plus.", "One line of at most 500 characters."),
    "extra_percent": Text("Un pourcentage de 0 à 100, ou « tiers ».", "A percentage from 0 to 100, or “tiers”."),
    "radios": Text("De 1 à 8 adresses comme a4:2b:b0:01:02:50.", "From 1 to 8 addresses like a4:2b:b0:01:02:50."),
}
_VALUES |= {"candidate": _VALUES["slug"], "seat": _VALUES["who"], "host": _VALUES["who"]}


_FIELDS: dict[str, Text] = {
    "slug": Text("nom de la session", "session's name"),
    "who": Text("qui", "who"),
    "why": Text("motif", "reason"),
    "candidate": Text("candidat", "candidate"),
    "seat": Text("place", "seat"),
    "host": Text("hôte", "host"),
    "extra_percent": Text("temps majoré", "extra time"),
    "radios": Text("radios", "radios"),
}


def refused(command: Command, because: Text, do: Text, where: str = "") -> Refused:
    """A refusal, ready to be raised. because: half a sentence."""
    return Refused(
        Text(f"Impossible {command.asked.fr} : {because.fr}.", f"Cannot {command.asked.en}: {because.en}."),
        where=where,
        do=do,
    )


def wrong_session(exam: Exam, command: Command) -> Refused:
    """The session is not in a state for this."""
    state = SESSION_STATES[exam.state]
    because = Text(f"la session est {state.fr}", f"the session is {state.en}")
    return refused(command, because, _SESSION_ADVICE[exam.state], exam.slug)


def wrong_candidate(exam: Exam, sitting: Sitting, command: Command) -> Refused:
    """The candidate is not in a state for this."""
    state = CANDIDATE_STATES[sitting.state]
    because = Text(f"le candidat {sitting.id} est {state.fr}", f"candidate {sitting.id} is {state.en}")
    return refused(command, because, _CANDIDATE_ADVICE[sitting.state], place(exam, sitting))


def bell_has_rung(exam: Exam, sitting: Sitting, command: Command) -> Refused:
    """The candidate's time is over, whether or not the engine has recorded it yet."""
    because = Text(f"le temps du candidat {sitting.id} est écoulé", f"candidate {sitting.id}'s time is over")
    do = Text(
        "Après l'heure, rien ne change plus ; le jury décide de ce qu'il en fait.",
        "Nothing changes after the bell; it is for the jury to decide what to make of it.",
    )
    return refused(command, because, do, place(exam, sitting))


def nobody(exam: Exam, command: Command) -> Refused:
    """There is nobody in the room whom this order concerns."""
    because = Text("personne n'est dans un état qui le permette", "nobody is in a state for it")
    count = Counter(str(CANDIDATE_STATES[sitting.state]) for sitting in exam.candidates.values())
    where = ", ".join(f"{number} × {state}" for state, number in count.items())
    do = Text("Voyez où en est chacun (status).", "See where each one is (status).")
    return refused(command, because, do, f"{exam.slug}: {where}")


def unknown_candidate(exam: Exam, candidate: str, command: Command) -> Refused:
    """No candidate of this id is on the list."""
    name = shown(candidate)
    because = Text(f"le candidat « {name} » n'est pas inscrit", f"candidate “{name}” is not enrolled")
    return refused(
        command,
        because,
        Text(
            "Donnez un identifiant de la liste (candidates), comme c01.",
            "Give an id of the list (candidates), like c01.",
        ),
        exam.slug,
    )


def no_session(command: Command) -> Refused:
    """The session was never created."""
    because = Text("cette session n'existe pas", "there is no such session")
    return refused(command, because, Text("Créez-la d'abord (create).", "Create it first (create)."))


def no_reason(exam: Exam, command: Command) -> Refused:
    """An intervention in a candidate's exam must be explained."""
    because = Text("il manque le motif", "the reason is missing")
    return refused(
        command,
        because,
        Text(
            "Donnez-le (--reason) : le jury le lira dans le journal.",
            "Give it (--reason): the jury will read it there.",
        ),
        exam.slug,
    )


def wrong_value(command: Command, error: ValidationError) -> Refused:
    """A value that no event can hold. The value itself is not repeated: it may be anything, a name too."""
    field = str(error.errors(include_url=False, include_input=False)[0]["loc"][0])
    name = _FIELDS.get(field, Text(field, field))
    because = Text(f"la valeur de « {name.fr} » n'est pas valable", f"the value of “{name.en}” is not valid")
    return refused(command, because, _VALUES.get(field, Text("Corrigez-la.", "Correct it.")))


def place(exam: Exam, sitting: Sitting) -> str:
    """Where: session and candidate."""
    return f"{exam.slug}/{sitting.id}"


def shown(value: str) -> str:
    """A value that may be anything, as far as a sentence can hold it."""
    return "".join(character if character.isprintable() else "?" for character in value[:40])
