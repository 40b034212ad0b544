"""Whether a bench may move to another host: what the exam's rules cannot know."""

from __future__ import annotations

from labs.errors import UsageError
from labs.text import Text
from orchestrator.engine import service
from orchestrator.exam import Exam
from orchestrator.exam.commands import Move
from orchestrator.settings import Settings


def require_movable(asked: Move, exam: Exam, settings: Settings) -> None:
    """Refuse a host that this installation does not have, and giving up one that answers. Raises UsageError."""
    if asked.host is None:
        return
    if asked.host not in settings.host_uris:
        names = ", ".join(settings.host_uris)
        raise UsageError(
            Text(f"L'hôte « {asked.host} » est inconnu.", f"Host “{asked.host}” is unknown."),
            where=asked.host,
            do=Text(f"Hôtes de cette installation : {names}.", f"Hosts of this installation: {names}."),
        )
    if asked.host_lost:
        _require_silent(asked, exam, settings)


def _require_silent(asked: Move, exam: Exam, settings: Settings) -> None:
    """A host that answers is not lost: what it has can be moved, or its machines stopped."""
    sitting, status = exam.candidates.get(asked.candidate), service.running(settings)
    if sitting is None or asked.host is None or status is None:
        return
    home = next((host for host in sorted(sitting.hosts_but(asked.host)) if status.hosts.get(host) == ""), None)
    if home is not None:
        raise UsageError(
            Text(f"L'hôte {home} répond : il n'est pas perdu.", f"Host {home} answers: it is not lost."),
            where=f"{exam.slug}/{asked.candidate}",
            do=Text(
                "Mettez le candidat en pause, puis déplacez-le sans donner l'hôte pour perdu.",
                "Pause the candidate, then move without giving the host up.",
            ),
        )
