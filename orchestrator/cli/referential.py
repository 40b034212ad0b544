"""``epreuve referential``: the certifications, their competencies and criteria, and what is evidence for them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import click
from rich.padding import Padding
from rich.text import Text as Styled

from labs.coverage import CompetencyCoverage, CriterionCoverage, Evidence, coverage
from labs.model import Lab
from labs.referential import Competency, Referential, load_referential, referential_names
from labs.text import Text, tr
from orchestrator.catalog import catalog, open_lab
from orchestrator.cli.common import json_option, out, print_json
from orchestrator.cli.session_common import example
from orchestrator.cli.voice import Voice
from orchestrator.settings import load_settings

_SEEN_BY = {
    "machine": Text("machine", "machine"),
    "both": Text("machine et personne", "machine and person"),
    "person": Text("personne", "person"),
}
_STATES = {
    "shown": Text("vu par les contrôles", "seen by checks"),
    "partly": Text("vu en partie, le reste à une personne", "seen in part, the rest for people"),
    "possible": Text("aucun contrôle encore : à une personne", "no check yet: for people"),
    "person": Text("à une personne", "for people"),
}


@click.group(
    "referential",
    help=tr(
        "Les référentiels des certifications : compétences, critères, et ce qui en témoigne.",
        "The referentials of certifications: competencies, criteria, and what is evidence for them.",
    ),
)
def command() -> None:
    """Referentials."""


@command.command(
    "list",
    help=tr("Les certifications fournies, avec leurs nombres.", "The certifications shipped, with their counts."),
    epilog=example("referential list"),
)
@json_option
def list_(as_json: bool) -> None:
    """List the referentials."""
    found = [load_referential(name) for name in referential_names()]
    counts = [(one, len(one.blocks), len(one.competencies()), len(one.criteria())) for one in found]
    if as_json:
        print_json(
            [
                {
                    "id": one.id,
                    "title": one.title,
                    "level": one.level,
                    "blocks": blocks,
                    "competencies": competencies,
                    "criteria": criteria,
                }
                for one, blocks, competencies, criteria in counts
            ]
        )
        return
    Voice(simulated=False).table(
        [
            tr("référentiel", "referential"),
            tr("titre", "title"),
            tr("niveau", "level"),
            tr("blocs", "blocks"),
            tr("compétences", "competencies"),
            tr("critères", "criteria"),
        ],
        [(one.id, one.title, one.level, *numbers) for one, *numbers in counts],
    )


@command.command(
    "show",
    help=tr(
        "Un référentiel dans ses propres termes : blocs, compétences, critères, leur source, et qui peut les voir "
        "(une machine, une personne, les deux).",
        "One referential in its own words: blocks, competencies, criteria, their source, and who can see them "
        "(a machine, a person, both).",
    ),
    epilog=example("referential show rncp37681"),
)
@click.argument("name")
@json_option
def show(name: str, as_json: bool) -> None:
    """Show one referential."""
    found = load_referential(name)
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    _head(found)
    for block in found.blocks:
        _line(f"\n{block.id}  {block.title}", style="bold")
        for competency in block.competencies:
            _competency(competency)
            for item in competency.criteria:
                _line(f"{item.id}  {item.wording}", indent=6)
                why = f" ({item.why})" if item.why else ""
                _line(f"{_SEEN_BY[item.seen_by]}{why} · {item.source}", indent=8, style="dim")


@command.command(
    "coverage",
    help=tr(
        "Ce qui témoigne de chaque compétence : les contrôles et les incidents des sujets, critère par critère, et ce "
        "qui reste à juger par une personne. Sans NAME : un résumé de tous les référentiels. Ce ne sont pas les "
        "résultats d'un candidat.",
        "What is evidence for each competency: the checks and incidents of labs, criterion by criterion, and what is "
        "left for people to judge. Without NAME: a summary of all referentials. These are no candidate's results.",
    ),
    epilog=example("referential coverage rncp37681"),
)
@click.argument("name", required=False)
@click.option(
    "--lab", "labs", multiple=True, help=tr("seulement ce sujet (répétable)", "only this lab (may be repeated)")
)
@json_option
def coverage_(name: str | None, labs: tuple[str, ...], as_json: bool) -> None:
    """Show what is evidence for what."""
    wanted = [load_referential(one) for one in ([name] if name else referential_names())]
    lab_models = _labs(labs)
    covered = [(one, coverage(one, lab_models)) for one in wanted]
    if as_json:
        print_json([_as_json(*one) for one in covered])
    elif name is None:
        _summary(covered)
    else:
        _details(*covered[0])


def _labs(names: Sequence[str]) -> list[Lab]:
    """The labs named, else all of the catalog that can be used, of each of the centre's the newest version."""
    if names:
        return [open_lab(name).lab for name in names]
    usable = [entry for entry in catalog(load_settings().labs_dir) if entry.usable and not entry.hidden]
    newest = {entry.id: entry.lab for entry in reversed(usable) if entry.lab is not None}
    return [loaded.lab for _, loaded in sorted(newest.items())]


def _summary(covered: Sequence[tuple[Referential, tuple[CompetencyCoverage, ...]]]) -> None:
    Voice(simulated=False).table(
        [
            tr("référentiel", "referential"),
            tr("compétences avec preuves", "competencies with evidence"),
            tr("critères vus par machine", "criteria seen by machine"),
            tr("en partie", "in part"),
            tr("restent à une personne", "left for people"),
        ],
        [
            (
                one.id,
                f"{sum(bool(item.evidence) for item in found)} / {len(found)}",
                *(
                    sum(part.state in states for item in found for part in item.criteria)
                    for states in (("shown",), ("partly",), ("possible", "person"))
                ),
            )
            for one, found in covered
        ],
    )


def _details(referential: Referential, covered: Sequence[CompetencyCoverage]) -> None:
    _head(referential)
    for block, items in groupby(covered, key=lambda item: item.block):
        _line(f"\n{block.id}  {block.title}", style="bold")
        for item in items:
            _competency(item.competency)
            _line(_counts(item.evidence), indent=6)
            for part in item.criteria:
                _line(f"{part.criterion.id}  {_STATES[part.state]}", indent=6)
                _line(part.criterion.wording, indent=8, style="dim")
                if part.evidence:
                    _line(_named(part.evidence), indent=8)
            if item.without_criterion:
                without = tr("sans critère désigné : ", "naming no criterion: ")
                _line(without + _named(item.without_criterion), indent=6)


def _counts(evidence: Sequence[Evidence]) -> str:
    if not evidence:
        return tr(
            "ni contrôle ni incident n'en témoigne : le jury seul en juge",
            "neither check nor incident is evidence for it: the jury alone judges it",
        )
    checks = sum(item.kind == "check" for item in evidence)
    labs = ", ".join(dict.fromkeys(item.lab for item in evidence))
    return tr(
        f"{checks} contrôle(s), {len(evidence) - checks} incident(s) ou demande(s) : {labs}",
        f"{checks} check(s), {len(evidence) - checks} incident(s) or request(s): {labs}",
    )


def _named(evidence: Sequence[Evidence]) -> str:
    return ", ".join(item.id for item in evidence)


def _as_json(referential: Referential, covered: Sequence[CompetencyCoverage]) -> dict[str, object]:
    return {
        "referential": referential.id,
        "competencies": [
            {
                "id": item.competency.id,
                "title": item.competency.title,
                "block": item.block.id,
                "evidence": [vars(one) for one in item.evidence],
                "criteria": [_criterion_json(part) for part in item.criteria],
            }
            for item in covered
        ],
    }


def _criterion_json(part: CriterionCoverage) -> dict[str, object]:
    return {
        **part.criterion.model_dump(mode="json"),
        "state": part.state,
        "evidence": [vars(one) for one in part.evidence],
    }


def _head(referential: Referential) -> None:
    _line(f"{referential.id}  {referential.title}", style="bold")
    _line(referential.source, style="dim")
    _line(referential.criteria_are)


def _competency(competency: Competency) -> None:
    _line(f"\n{competency.id}  {competency.title}", indent=2)


def _line(text: str, *, indent: int = 0, style: str = "") -> None:
    """A paragraph, wrapped within its indent."""
    while text.startswith("\n"):
        out.print()
        text = text[1:]
    out.print(Padding(Styled(text, style=style), (0, 0, 0, indent)))
