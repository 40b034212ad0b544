"""``epreuve lab show``: what is in a lab."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from labs.diagram import diagram
from labs.errors import UsageError
from labs.files import write_atomic
from labs.folder import lab_files
from labs.loader import LoadedLab
from labs.secrets import example_values
from labs.subject import render_html
from labs.text import Text, current_language, tr
from labs.variant import value_in_words
from orchestrator.catalog import open_lab
from orchestrator.cli.common import json_option, out, points, print_json, print_table, say_variants, variant_option
from orchestrator.cli.lab import command
from orchestrator.cli.session_common import example
from orchestrator.pdf import to_pdf
from orchestrator.proving.book import standing
from orchestrator.proving.devices import note_of, unprovable
from orchestrator.proving.words import standing_word, summary
from orchestrator.settings import load_settings


@command.command(
    "show",
    help=tr(
        "Un sujet : machines, tâches, contrôles et points. Avec --paper ou --diagram : le sujet tel que le candidat le "
        "lira (avec des mots de passe d'exemple), le schéma de son réseau, dans des fichiers.",
        "One lab: machines, tasks, checks, points. With --paper or --diagram: the paper as the candidate will read it "
        "(with example passwords), the picture of its networks, in files.",
    ),
    epilog=example("lab show tai-complet", "lab show ./mon-sujet --paper sujet.pdf --diagram reseau.svg"),
)
@click.argument("lab")
@click.option(
    "--paper",
    type=click.Path(dir_okay=False, path_type=Path),
    help=tr("le sujet, dans ce fichier .html ou .pdf", "the paper, in this .html or .pdf file"),
)
@click.option(
    "--diagram",
    "picture",
    type=click.Path(dir_okay=False, path_type=Path),
    help=tr("le schéma du réseau, dans ce fichier .svg", "the picture of the networks, in this .svg file"),
)
@variant_option
@json_option
def show(lab: str, paper: Path | None, picture: Path | None, variants: dict[str, str], as_json: bool) -> None:
    """Show one lab."""
    loaded = open_lab(lab).chosen(variants)
    say_variants(loaded.values)
    if paper is not None:
        _write(loaded, paper, {".html": _paper, ".pdf": lambda lab: to_pdf(_paper(lab))})
    if picture is not None:
        _write(loaded, picture, {".svg": _networks})
    if paper or picture:
        return
    found = standing(loaded, load_settings().proofs_dir)
    if as_json:
        about = loaded.lab.model_dump(mode="json", by_alias=True)
        print_json({"hash": loaded.hash, "folder": str(loaded.folder), "proved": found.proved, **about})
        return
    lab_ = loaded.lab
    out.print(f"[bold]{lab_.title}[/bold]  ({lab_.id} {lab_.version}, {lab_.duration_minutes} min, {lab_.referential})")
    out.print(f"[dim]{loaded.folder}  {loaded.hash[:16]}[/dim]")
    proved = f" ({summary(found.proof)})" if found.proved and found.proof else ""
    out.print(f"{standing_word(found)}{proved}")
    if (note := note_of(unprovable(loaded))) is not None:
        out.print(str(note), markup=False, soft_wrap=True)
    out.print()
    print_table(
        [tr("machine", "machine"), tr("image", "image"), tr("mémoire", "memory"), tr("réseaux", "networks")],
        [
            *(
                (name, m.image, f"{m.memory_mib} MiB", ", ".join(f"{d}: {n.network}" for d, n in m.nics.items()))
                for name, m in lab_.virtual.items()
            ),
            *((name, tr("appareil réel", "real device"), d.family, d.network) for name, d in lab_.devices.items()),
        ],
    )
    out.print()
    print_table(
        [tr("tâche", "task"), tr("compétence", "competency"), tr("contrôles", "checks"), "points"],
        [(t.title, t.competency, len(t.checks), points(t.points)) for t in lab_.tasks],
    )
    if lab_.variants:
        out.print()
        print_table(
            [tr("variante", "variant"), tr("une par", "one for each"), tr("valeurs", "values")],
            [(name, one.per, "\n".join(map(value_in_words, one.values))) for name, one in lab_.variants.items()],
        )
    kinds = Counter(check.check for _, check in lab_.checks())
    out.print(f"\n{tr('Contrôles', 'Checks')} : " + ", ".join(f"{kind} ×{count}" for kind, count in kinds.items()))


def _paper(lab: LoadedLab) -> str:
    secrets = example_values(lab.lab.secrets, lab.hash)
    return render_html(lab.lab, lab.subject, secrets=secrets, variants=lab.values, candidate="Camille Exemple")


def _networks(lab: LoadedLab) -> str:
    return diagram(lab.lab, language=current_language(), staff=True, alone=True)


def _write(lab: LoadedLab, target: Path, forms: Mapping[str, Callable[[LoadedLab], str | bytes]]) -> None:
    """Write one of these forms, by the name of the file. Raises UsageError for another, or for a file of the lab."""
    form = forms.get(target.suffix.lower())
    if form is None:
        known = ", ".join(forms)
        raise UsageError(
            Text("Ce genre de fichier ne peut pas être écrit.", "This kind of file cannot be written."),
            where=str(target),
            do=Text(f"Terminez son nom par : {known}.", f"Let its name end with: {known}."),
        )
    if target.resolve() in {path.resolve() for path in lab_files(lab.folder)}:
        raise UsageError(
            Text("C'est un fichier du sujet lui-même.", "This is a file of the lab itself."),
            where=str(target),
            do=Text("Choisissez un autre nom.", "Choose another name."),
        )
    write_atomic(target, form(lab))
    click.echo(str(target))
