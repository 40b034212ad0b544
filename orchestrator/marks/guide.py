"""The interview guide: what is worth asking about each competency, derived from the evidence. Pure.

Asked about are what was found otherwise than expected, what could not be observed, and what no machine sees or saw.
Where all is as expected, the candidate explains some of it: who did the work knows why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from checkers.proposal import CompetencyProposal, Evidence
from checkers.report.model import CheckResult
from checkers.verdict import Outcome
from labs.referential import Competency
from labs.text import Text

Topic = Literal["otherwise", "unseen", "person", "nothing", "expected"]

TOPICS: Mapping[Topic, Text] = {
    "otherwise": Text("Constaté autrement que demandé", "Found otherwise than asked for"),
    "unseen": Text("Non observé", "Not observed"),
    "person": Text("Ce qu'aucune machine ne voit, ou pas en entier", "What no machine sees, or not all of it"),
    "nothing": Text("Sans preuve", "Without evidence"),
    "expected": Text("Conforme : à faire expliquer", "As expected: to be explained"),
}
ASK: Mapping[Topic, Text] = {
    "otherwise": Text(
        "« Que vouliez-vous obtenir ? Comment vérifiez-vous que c'est en place ? Que changeriez-vous maintenant ? »",
        "“What did you want to achieve? How do you check that it is in place? What would you change now?”",
    ),
    "unseen": Text(
        "« Montrez-le sur la copie du poste, ou expliquez ce que vous avez fait et où cela se voit. »",
        "“Show it on the copy of the bench, or explain what you did and where it can be seen.”",
    ),
    "person": Text(
        "Faites-en donner un exemple tiré du travail fait ou de l'expérience.",
        "Ask for an example from the work done, or from experience.",
    ),
    "nothing": Text(
        "Aucun contrôle n'en témoigne : faites-le montrer, ou raconter.",
        "No check is evidence of it: have it shown, or told.",
    ),
    "expected": Text(
        "« Pourquoi l'avoir fait ainsi ? Que se passerait-il autrement ? »",
        "“Why was it done like this? What would happen otherwise?”",
    ),
}
"""What to ask, whatever the subject."""

FEW = 3
"""How many things that are as expected are named: one of them is enough to talk about."""


@dataclass(frozen=True)
class Question:
    """Something to ask about. about: a check, an incident or a criterion, in its own words. why: what was found; None
    where there is nothing to add. check: the check's id, if it is one."""

    topic: Topic
    about: str
    why: Text | None = None
    check: str = ""


def questions(
    competency: Competency, proposal: CompetencyProposal | None, checks: Mapping[str, CheckResult]
) -> tuple[Question, ...]:
    """What to ask about one competency. checks: those of the judgement, by id; the proposal rests on some of them."""
    evidence = () if proposal is None else proposal.evidence
    found = [
        *(_question("otherwise", one, checks) for one in evidence if one.outcome is Outcome.FAIL),
        *(_question("unseen", one, checks) for one in evidence if one.outcome is Outcome.INCONCLUSIVE),
        *(Question("person", one.wording) for one in competency.criteria if one.seen_by != "machine"),
        *(Question("nothing", one.wording) for one in competency.criteria if one.seen_by == "machine" and not evidence),
        *[_question("expected", one, checks) for one in evidence if one.counts and one.outcome is Outcome.PASS][:FEW],
    ]
    return tuple(found) or (Question("nothing", competency.title),)


def _question(topic: Topic, one: Evidence, checks: Mapping[str, CheckResult]) -> Question:
    check = checks.get(one.id) if one.kind == "check" else None
    if check is None:
        return Question(topic, one.title)
    return Question(topic, one.title, Text(check.reason, check.reason_en), check.id)
