"""``epreuve lab probes``: what a check of the kind ``fact`` may ask, and the fields of each answer."""

from __future__ import annotations

import click

from checkers.expect.kinds import leaves, record
from checkers.probes.catalog import FACTS, facts_meant
from checkers.reference.probes import arguments
from checkers.reference.words import field_words
from labs.errors import UsageError
from labs.text import Text, tr
from orchestrator.cli.common import json_option, out, print_json, print_table
from orchestrator.cli.lab import command
from orchestrator.cli.session_common import example


@command.command(
    "probes",
    help=tr(
        "Les sondes qu'un contrôle « fact » peut interroger. PROBE : ce qu'elle prend (args) et chaque champ de sa "
        "réponse, tel que « path: » l'écrit.",
        "The probes that a check “fact” may ask. PROBE: what it takes (args) and every field of its answer, as “path:” "
        "writes it.",
    ),
    epilog=example("lab probes", "lab probes unit-state"),
)
@click.argument("probe", required=False)
@json_option
def probes(probe: str | None, as_json: bool) -> None:
    """List the probes, or show one."""
    if probe is None:
        _list(as_json)
        return
    if probe not in FACTS:
        known = facts_meant(probe)
        raise UsageError(
            Text("Un contrôle « fact » ne peut pas interroger cette sonde.", "A check “fact” cannot ask this probe."),
            where=probe,
            do=Text(f"Sondes : {known.fr}.", f"Probes: {known.en}."),
        )
    _show(probe, as_json)


def _list(as_json: bool) -> None:
    if as_json:
        print_json([_about(name) for name in FACTS])
        return
    rows = [
        (name, str(kind.about), ", ".join(f"{key}: {_bare(takes)}" for key, takes in arguments(kind)))
        for name, kind in FACTS.items()
    ]
    print_table([tr("sonde", "probe"), tr("ce qu'elle demande", "what it asks"), "args"], rows)


def _show(name: str, as_json: bool) -> None:
    about = _about(name)
    if as_json:
        print_json(about)
        return
    out.print(f"[bold]{name}[/bold]  {FACTS[name].about}\n")
    taken = arguments(FACTS[name])
    if taken:
        print_table(["args", tr("valeur", "takes")], [(key, _bare(takes)) for key, takes in taken])
        out.print()
    paths = list(leaves(record(FACTS[name].value)))
    width = max(len(path) for path, _ in paths)
    for path, kind in paths:  # no table: a path that wraps could not be copied
        click.echo(f"{path:<{width}}  {field_words(*kind.field_of) or ''} ({kind.words()})")


def _bare(takes: Text) -> str:
    """Words without the marks of Markdown."""
    return str(takes).replace("`", "")


def _about(name: str) -> dict[str, object]:
    probe = FACTS[name]
    return {
        "probe": name,
        "about": probe.about.model_dump(),
        "args": {key: takes.model_dump() for key, takes in arguments(probe)},
        "paths": {
            path: {"meaning": _both(field_words(*kind.field_of)), "is": _both(kind.words())}
            for path, kind in leaves(record(probe.value))
        },
    }


def _both(text: Text | None) -> dict[str, str] | None:
    return text.model_dump() if text is not None else None
