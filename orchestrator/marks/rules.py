"""What may be written next: who marks, when the jury deliberates, what a decision needs, who signs. Pure.

Whatever is refused raises Refused, with a sentence that says what to do instead.
"""

from __future__ import annotations

from collections.abc import Mapping

from checkers.proposal import Level
from labs.text import Text
from orchestrator.exam.refusals import Refused
from orchestrator.marks.documents import (
    CommonMark,
    Decision,
    Document,
    HandedIn,
    JurorMissing,
    Mark,
    Note,
    Signed,
)
from orchestrator.marks.fold import Marking
from orchestrator.marks.frame import Frame
from orchestrator.marks.outcomes import (
    block_needs_words,
    block_outcome,
    common_needs_words,
    needs_words,
    title_needs_words,
)

Proposed = Mapping[str, Level]
"""What the machine proposes, by competency and criterion."""


def check(marking: Marking, frame: Frame, who: str, said: Document, proposed: Proposed) -> None:
    """Whether this juror may write this now. proposed: what the machine proposes now. Raises Refused."""
    match said:
        case CommonMark():
            _common_mark(marking, frame, who, said)
        case Mark():
            _mark(marking, frame, who, said)
        case Note():
            _unsettled(marking)
            _known(said.about.startswith(("phase-", "general")) or said.about in frame.competencies, said.about)
        case HandedIn():
            _hand_in(marking, frame, who)
        case JurorMissing():
            _juror_missing(marking, who)
        case Decision():
            _decide(marking, frame, who, said, proposed)
        case Signed():
            _sign(marking, who, said)


def unmarked(marking: Marking, frame: Frame, juror: str) -> list[str]:
    """The competencies that keep a grid from being handed in: without a level."""
    return [name for name in frame.competencies if marking.grid(juror).mark(name) is None]


def unexplained(marking: Marking, juror: str) -> list[str]:
    """The competencies and criteria that keep a grid from being handed in: without the justification they need."""
    marks = {about: versions[-1].said for about, versions in marking.grid(juror).marks.items()}
    return [about for about, mark in marks.items() if lacks_words(mark)]


def lacks_words(mark: Mark) -> bool:
    """A juror's mark needs a justification and has none."""
    return needs_words(mark.level, mark.proposed) and not mark.justification


def common_lacks_words(marking: Marking, mark: CommonMark) -> bool:
    """The same of a common mark."""
    jurors = [found for name in marking.jurors if (found := marking.grid(name).levels.get(mark.about))]
    return common_needs_words(mark.level, mark.proposed, jurors) and not mark.justification


def undecided(marking: Marking, frame: Frame) -> list[str]:
    """The competencies that keep the jury from deciding: without a common mark, or without the words that it needs."""
    common = {about: versions[-1].said for about, versions in marking.common.items()}
    return [name for name in frame.competencies if name not in common or common_lacks_words(marking, common[name])]


def _mark(marking: Marking, frame: Frame, who: str, said: Mark) -> None:
    _unsettled(marking)
    _known(frame.knows(said.about), said.about)
    if marking.grid(who).handed_in is None:
        return
    if marking.decisions:
        raise Refused(
            Text(
                "La grille ne change plus : le jury a décidé.", "The grid does not change any more: the jury decided."
            ),
            where=said.about,
            do=Text("Corrigez l'évaluation commune.", "Correct the common mark."),
        )
    if not said.reason:
        raise _why(said.about)
    if lacks_words(said):
        raise _words(said.about)


def _hand_in(marking: Marking, frame: Frame, who: str) -> None:
    _unsettled(marking)
    if marking.grid(who).handed_in:
        raise Refused(
            Text("Cette grille est déjà remise.", "This grid is handed in already."),
            do=Text("Corrigez une évaluation, avec son motif.", "Correct a mark, with its reason."),
        )
    if missing := unmarked(marking, frame, who):
        raise Refused(
            Text("Il reste des compétences à évaluer.", "Competencies are left to be marked."),
            where=", ".join(missing),
            do=Text(
                "Évaluez-les ; « non observé » convient à ce que vous n'avez pas pu voir.",
                "Mark them; “not seen” fits what you could not see.",
            ),
        )
    if missing := unexplained(marking, who):
        raise _words(", ".join(missing))


def _juror_missing(marking: Marking, who: str) -> None:
    _handed_in(marking, who)
    if marking.deliberates:
        raise Refused(
            Text("La délibération est déjà ouverte.", "The deliberation is open already."),
            do=Text("Poursuivez.", "Go on."),
        )


def _common_mark(marking: Marking, frame: Frame, who: str, said: CommonMark) -> None:
    _deliberates(marking, who)
    _known(frame.knows(said.about), said.about)
    if marking.decisions and not said.reason:
        raise _why(said.about)


def _decide(marking: Marking, frame: Frame, who: str, said: Decision, proposed: Proposed) -> None:
    _deliberates(marking, who)
    if missing := undecided(marking, frame):
        raise Refused(
            Text(
                "Il manque des évaluations communes, ou leur justification.",
                "Common marks, or their justification, are missing.",
            ),
            where=", ".join(missing),
            do=Text("Complétez-les, puis décidez.", "Complete them, then decide."),
        )
    if said.levels != {name: marking.levels[name] for name in frame.competencies}:
        raise Refused(
            Text("Les évaluations communes viennent de changer.", "The common marks have just changed."),
            do=Text("Relisez-les, puis décidez.", "Read them again, then decide."),
        )
    if marking.decisions and not said.reason:
        raise _why("")
    _blocks(marking, frame, said, proposed)
    _title(frame, said)


def _blocks(marking: Marking, frame: Frame, said: Decision, proposed: Proposed) -> None:
    if [one.block for one in said.blocks] != [block.id for block in frame.blocks]:
        raise Refused(
            Text("La décision porte sur chacun des blocs de l'épreuve.", "Each block of the exam is decided."),
            where=", ".join(block.id for block in frame.blocks),
            do=Text("Décidez de chacun.", "Decide on each of them."),
        )
    for block, one in zip(frame.blocks, said.blocks, strict=True):
        jurors = [block_outcome(block, marking.grid(name).levels) for name in marking.jurors]
        common, machine = block_outcome(block, said.levels), block_outcome(block, proposed)
        if block_needs_words(one, common, jurors, machine) and not one.motivation:
            raise _motivation(one.block)


def _title(frame: Frame, said: Decision) -> None:
    granted = [one.granted for one in said.blocks]
    fits = {"granted": all(granted), "partial": any(granted), "refused": not any(granted), None: True}[said.title]
    if (said.title is None) is frame.decides_title or not fits:
        raise Refused(
            Text("La décision sur le titre contredit celles sur les blocs.", "The title contradicts the blocks."),
            do=Text(
                "Titre accordé : tous les blocs le sont. Refusé : aucun ne l'est.",
                "Title granted: so are all blocks. Refused: none is.",
            ),
        )
    if said.title is not None and title_needs_words(said.title, granted) and not said.motivation:
        raise _motivation("")


def _sign(marking: Marking, who: str, said: Signed) -> None:
    _handed_in(marking, who)
    decided = marking.decision
    if decided is None or (decided.number, decided.version.digest) != (said.decision, said.digest):
        raise Refused(
            Text("Ce n'est pas la décision en vigueur.", "This is not the decision in force."),
            do=Text("Relisez la page, puis signez.", "Read the page again, then sign."),
        )
    if marking.is_outdated:
        raise Refused(
            Text("Une évaluation a changé depuis cette décision.", "A mark has changed since this decision was taken."),
            do=Text("Décidez à nouveau, avec un motif, puis signez.", "Decide again, with a reason, then sign."),
        )
    if who in decided.signatures:
        raise Refused(
            Text("Vous avez déjà signé cette décision.", "You have signed this decision already."),
            do=Text("Il n'y a rien de plus à faire.", "There is nothing more to do."),
        )


def _deliberates(marking: Marking, who: str) -> None:
    _handed_in(marking, who)
    if not marking.deliberates:
        raise Refused(
            Text("Une seule grille est remise.", "Only one grid is handed in."),
            do=Text(
                "Attendez la seconde, ou dites pourquoi il n'y en a qu'une.",
                "Wait for the second one, or say why there is only one.",
            ),
        )


def _handed_in(marking: Marking, who: str) -> None:
    if marking.grid(who).handed_in is None:
        raise Refused(
            Text("Vous n'avez pas remis votre grille.", "You have not handed in your grid."),
            do=Text("Remettez-la d'abord.", "Hand it in first."),
        )


def _unsettled(marking: Marking) -> None:
    if marking.settled:
        raise Refused(
            Text("La décision a été signée.", "The decision was signed."),
            do=Text(
                "Ceux qui l'ont signée peuvent la réviser, avec un motif.",
                "Those who signed it can revise it, with a reason.",
            ),
        )


def _known(known: bool, about: str) -> None:
    if not known:
        raise Refused(
            Text("Cette session n'évalue pas cette compétence.", "This session does not assess this competency."),
            where=about,
            do=Text("Rechargez la page.", "Reload the page."),
        )


def _why(about: str) -> Refused:
    return Refused(
        Text("Il manque le motif du changement.", "The reason for the change is missing."),
        where=about,
        do=Text("D'autres l'ont déjà lu : dites pourquoi il change.", "Others have read it: say why it changes."),
    )


def _words(about: str) -> Refused:
    return Refused(
        Text("Il manque une justification.", "A justification is missing."),
        where=about,
        do=Text(
            "Justifiez ce qui s'écarte de la proposition, et ce qui n'est pas satisfait sans preuve.",
            "Justify what deviates from the proposal, and what is not met without evidence.",
        ),
    )


def _motivation(block: str) -> Refused:
    return Refused(
        Text("Il manque la motivation de la décision.", "The motivation of the decision is missing."),
        where=block,
        do=Text(
            "Motivez ce qui s'écarte des évaluations, des grilles ou de la proposition.",
            "Give the grounds for what deviates from the marks, the grids or the proposal.",
        ),
    )
