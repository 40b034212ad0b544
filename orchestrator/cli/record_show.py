"""How ``epreuve record`` speaks: a line for each question while it works, then what was replaced and what differs."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import Any

import click
from rich.markup import escape

from checkers.goldens.compare import Compared
from checkers.goldens.madeup import KINDS
from checkers.goldens.shape import Difference, What
from labs.text import Text, tr
from orchestrator.cli.common import err, print_json
from orchestrator.recorder.record import Recorded
from orchestrator.recorder.recording import Recording
from orchestrator.recorder.target import Target

_WHAT: dict[What, Text] = {
    "missing": Text("clé absente", "key missing"),
    "extra": Text("clé en plus", "key extra"),
    "type": Text("autre type", "other type"),
    "array": Text("liste ou valeur seule", "list or single value"),
    "empty": Text("vide ou null", "empty or null"),
    "enum": Text("valeur jamais vue", "value never seen"),
    "time": Text("autre forme de date", "other form of time"),
    "form": Text("autre forme de texte", "other form of text"),
    "unknown": Text("jamais documenté", "never documented"),
}

_TYPES: dict[str, Text] = {
    "object": Text("objet", "object"),
    "empty object": Text("objet vide", "empty object"),
    "list": Text("liste", "list"),
    "empty list": Text("liste vide", "empty list"),
    "text": Text("texte", "text"),
    "empty text": Text("texte vide", "empty text"),
    "[]": Text("liste toujours vide", "list always empty"),
    "number": Text("nombre", "number"),
    "fraction": Text("nombre à virgule", "fraction"),
    "truth": Text("vrai ou faux", "true or false"),
    "time UTC": Text("date UTC", "time UTC"),
    "time with offset": Text("date avec décalage", "time with offset"),
    "time without zone": Text("date sans fuseau", "time without zone"),
    "time /Date()/": Text("date /Date()/", "time /Date()/"),
    "time CIM": Text("date CIM", "time CIM"),
    "time in local words": Text("date locale", "time in local words"),
    "time of day": Text("heure", "time of day"),
    "duration": Text("durée", "duration"),
    "hardware address": Text("adresse matérielle", "hardware address"),
    "IPv4/length": Text("IPv4/longueur", "IPv4/length"),
}
"""Types and forms (``shape``), for people."""


def say_target(target: Target) -> None:
    """Which machine comes now."""
    system = f" · {target.system.title}" if target.system.title else ""
    err.print(f"[bold]{escape(target.at)}[/bold]{escape(system)}", soft_wrap=True)


def say_answer(answer: Recorded) -> None:
    """What came of one question."""
    if answer.leaks:
        sign, words = "[red]![/red]", tr("un secret s'y lit encore : non écrit", "a secret is still in it: not written")
    elif answer.fact.status == "seen":
        sign, words = "[green]✓[/green]", tr("vu", "seen")
    else:
        sign, words = "[yellow]?[/yellow]", f"{tr('non vu', 'unseen')}{_colon()} {answer.why}"
    if answer.other:
        words += " · " + tr(
            "à regarder : se lit autrement sans ses clés", "look at it: reads otherwise without its keys"
        )
    elif answer.keeps:
        words += " · " + tr("garde les identifiants de la machine", "keeps the machine's identifiers")
    err.print(
        f"[dim]{answer.seconds:6.1f} s[/dim]  {sign} {escape(answer.question.key)}  [dim]{escape(words)}[/dim]",
        soft_wrap=True,
    )


def show_recording(recording: Recording, compared: Compared | None, as_json: bool) -> None:
    """The result of a recording."""
    if as_json:
        found = {**recording.summary(), "folder": str(recording.out)}
        print_json({**found, "comparison": None if compared is None else _as_json(compared)})
        return
    click.echo(_counted(recording))
    if recording.replaced:
        what = ", ".join(f"{KINDS[kind]} × {count}" for kind, count in recording.replaced.items())
        click.echo(f"{tr('Remplacé', 'Replaced')}{_colon()} {what}")
    if compared is None:
        click.echo(
            tr(
                "Pas comparé : les réponses documentées ne sont pas installées (--against).",
                "Not compared: the documented answers are not installed (--against).",
            )
        )
    else:
        _show(compared)


def show_compared(compared: Compared, as_json: bool) -> None:
    """The result of a comparison."""
    if as_json:
        print_json(_as_json(compared))
    else:
        _show(compared)


def _counted(recording: Recording) -> str:
    seen = sum(answer.fact.status == "seen" for answer in recording.answers)
    files, asked = len(recording.files), len(recording.answers)
    return tr(
        f"{files} réponses écrites dans {recording.out} ({asked} questions, {seen} vues). Regardez chaque fichier "
        "avant de le garder : la valeur est ce que la sonde a lu, pas encore ce qui est vrai.",
        f"{files} answers written to {recording.out} ({asked} questions, {seen} seen). Look at each file before "
        "keeping it: the value is what the probe read, not yet what is true.",
    )


def _show(compared: Compared) -> None:
    if compared.alone:
        names = ", ".join(compared.alone)
        click.echo(tr(f"Jamais documenté : {names}", f"Never documented: {names}"))
    if not compared.differences:
        count = len(compared.compared)
        click.echo(tr(f"{count} réponses comparées : même forme.", f"{count} answers compared: same shape."))
        return
    for path, ones in groupby(compared.differences, key=lambda pair: pair[0]):
        click.echo(f"{path.with_suffix('')}")
        for _, one in ones:
            click.echo(f"  {one.path}{_colon()} {_WHAT[one.what]}{_told(one)}")
    kinds = Counter(one.what for _, one in compared.differences)
    files = len({path for path, _ in compared.differences})
    listed = ", ".join(f"{_WHAT[kind]} × {count}" for kind, count in kinds.most_common())
    click.echo(
        tr(
            f"{files} réponses sur {len(compared.compared)} ont une autre forme : {listed}",
            f"{files} answers of {len(compared.compared)} have another shape: {listed}",
        )
    )


def _told(one: Difference) -> str:
    """What stands on each side, in brackets."""
    sides = [
        f"{name}{_colon()} {_in_words(said)}"
        for name, said in ((tr("documenté", "documented"), one.documented), (tr("lu", "found"), one.recorded))
        if said
    ]
    return f" ({', '.join(sides)})"


def _in_words(types: str) -> str:
    """Types and forms as people say them; numbers and the rest as they are."""
    return " | ".join(str(_TYPES[one]) if one in _TYPES else one for one in types.split(", "))


def _colon() -> str:
    return tr(" :", ":")


def _as_json(compared: Compared) -> dict[str, Any]:
    return {
        "compared": [path.as_posix() for path in compared.compared],
        "never_documented": list(compared.alone),
        "differences": [
            {
                "file": path.as_posix(),
                "path": one.path,
                "what": one.what,
                "documented": one.documented,
                "recorded": one.recorded,
            }
            for path, one in compared.differences
        ],
    }
