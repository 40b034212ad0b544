"""``epreuve session decisions``: how far the jury is with each candidate, and what it decided."""

from __future__ import annotations

import click

from labs.text import tr
from orchestrator.cli.common import json_option
from orchestrator.cli.session import command
from orchestrator.cli.session_common import example, opened_desk, simulated_option
from orchestrator.cli.voice import Voice
from orchestrator.exam.words import candidate_word
from orchestrator.marks.fold import Marking
from orchestrator.marks.reading import as_data, of_session, stage
from orchestrator.marks.views import without_drafts
from orchestrator.marks.words import TITLE_WORDS, block_word
from orchestrator.store import exams


@command.command(
    "decisions",
    help=tr(
        "Où en est le jury avec chaque candidat : grilles remises, décision par bloc et pour le titre, signatures. "
        "Les membres du jury évaluent sur le site ; cette commande ne fait que lire.",
        "How far the jury is with each candidate: grids handed in, decision for each block and the title, signatures. "
        "Jurors mark on the site; this command only reads.",
    ),
    epilog=example("session decisions juin", "session decisions juin --json"),
)
@click.argument("session")
@simulated_option
@json_option
def decisions(session: str, simulated: bool, as_json: bool) -> None:
    """List decisions."""
    voice = Voice(simulated)
    with opened_desk(simulated) as (desk, _settings):
        exam = desk.open(session).exam
        with desk.store.read() as tx:
            known = {one.id: f"{one.surname} {one.first_name}" for one in exams.candidates(tx, session)}
            found = of_session(tx, session)
    markings = {name: found.get(name, Marking()) for name in exam.candidates}
    if as_json:
        listed = [
            {"id": name, "state": exam.candidates[name].state, "stage": str(stage(one)), **as_data(without_drafts(one))}
            for name, one in markings.items()
        ]
        voice.json({"session": session, "candidates": listed})
        return
    rows = [
        (name, known.get(name, tr("(purgé)", "(purged)")), *_row(marking, exam.candidates[name].state))
        for name, marking in markings.items()
    ]
    columns = ["id", tr("nom", "name"), tr("jury", "jury"), tr("grilles", "grids"), tr("blocs", "blocks")]
    voice.table([*columns, tr("titre", "title"), tr("signatures", "signatures")], rows, title=session)


def _row(marking: Marking, state: str) -> tuple[object, ...]:
    decided = marking.decision
    if state in ("absent", "withdrawn"):
        return (candidate_word(state), "", "", "", "")
    if decided is None:
        return (stage(marking), ", ".join(marking.jurors), "", "", "")
    said = decided.said
    return (
        stage(marking),
        ", ".join(marking.jurors),
        ", ".join(f"{one.block} {str(block_word(one.granted)).lower()}" for one in said.blocks),
        TITLE_WORDS[said.title] if said.title else "",
        f"{len(marking.jurors) - len(marking.unsigned)}/{len(marking.jurors)}",
    )
