"""Words about proofs."""

from __future__ import annotations

from babel.dates import format_date

from labs.text import Text
from orchestrator.proving.book import Standing
from orchestrator.proving.proof import Proof

_CLAIMS = {
    "blank": Text("(poste intact)", "(untouched bench)"),
    "solved": Text("(solution)", "(solution)"),
}
_STEPS = {
    "run": Text("script", "script"),
    "look": Text("relevé", "look"),
    "back": Text("retour", "back"),
    "healthy": Text("sain", "healthy"),
    "break": Text("panne", "break"),
    "broken": Text("panne vue", "broken"),
    "repair": Text("réparation", "repair"),
    "repaired": Text("réparation vue", "repaired"),
}
NOT_YET = Text("pas encore prouvé", "not proved yet")


def claim_word(claim: str) -> Text:
    """What was to be proved: the untouched bench, the solution, or the id of a mutant or incident."""
    return _CLAIMS.get(claim, Text(claim, claim))


def step_word(step: str) -> Text:
    """A step of proving one thing, in a word."""
    return _STEPS.get(step, Text(step, step))


def standing_word(standing: Standing) -> Text:
    """Whether a lab is proved, in a few words."""
    if standing.proof is None:
        return NOT_YET
    if not standing.proved:
        return Text("preuve périmée (le sujet a changé)", "proof out of date (the lab has changed)")
    day = standing.proof.updated_at.astimezone()
    return Text(
        f"prouvé le {format_date(day, 'dd/MM/yyyy', locale='fr_FR')}",
        f"proved on {format_date(day, 'd MMM yyyy', locale='en_GB')}",
    )


def summary(proof: Proof) -> Text:
    """What a proof holds."""
    flipping = sum(bool(one.flips) for one in proof.mutants)
    other = len(proof.mutants) - flipping
    incidents = len(proof.incidents)
    return Text(
        f"{flipping} fautes vues exactement, {other} autres bonnes façons acceptées, "
        + (f"{incidents} incidents prouvés" if incidents else "incidents non prouvés"),
        f"{flipping} wrong turns seen exactly, {other} other right ways accepted, "
        + (f"{incidents} incidents proved" if incidents else "incidents not proved"),
    )
