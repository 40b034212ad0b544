"""``epreuve benchmark``: how fast, measured on this host."""

from __future__ import annotations

import json
import os
import shlex
import sys
from pathlib import Path

import click

from labs.errors import UsageError
from labs.files import write_atomic
from labs.text import Text, tr
from orchestrator.catalog import open_lab
from orchestrator.cli.common import Steps, err, json_option, print_json, print_table
from orchestrator.settings import load_settings

CHECKOUT = Path(__file__).parents[2]


@click.command(
    "benchmark",
    help=tr(
        "Mesure, sur cette machine et avec le sujet tai-complet : clonage d'un poste, démarrage à froid, remise "
        "à zéro, relevé et jugement, comparaison avec pytest-testinfra et Vagrant, mémoire.\n\n"
        "Dure de vingt à quarante minutes sans KVM. Lancez-la sur une machine au repos : la charge est notée avec "
        "chaque mesure. Ne laisse rien derrière elle que FICHIER.",
        "Measure, on this machine and with the lab tai-complet: cloning a bench, cold boot, reset, observation "
        "and judgement, comparison with pytest-testinfra and Vagrant, memory.\n\n"
        "Takes twenty to forty minutes without KVM. Run it on an idle machine: the load is noted with each measure. "
        "Leaves nothing behind but FILE.",
    ),
)
@click.option(
    "--out",
    "path",
    metavar=tr("FICHIER", "FILE"),
    type=click.Path(dir_okay=False, path_type=Path),
    help=tr("fichier JSON : machine, versions, chaque échantillon", "JSON file: machine, versions, every sample"),
)
@click.option(
    "--rounds",
    type=click.IntRange(1, 100),
    default=3,
    show_default=True,
    help=tr("nombre de fois que chaque chose est mesurée", "how often each thing is measured"),
)
@click.option(
    "--only",
    multiple=True,
    metavar=tr("NOM[,NOM…]", "NAME[,NAME…]"),
    help=tr(
        "seulement ces mesures (et celles auxquelles elles se comparent)",
        "only these measures (and those they are compared with)",
    ),
)
@json_option
def command(path: Path | None, rounds: int, only: tuple[str, ...], as_json: bool) -> None:
    """Run the benchmark."""
    _need_checkout()
    from orchestrator.hypervisor import connect
    from tests.benchmark import table
    from tests.benchmark.run import LAB, Results, chosen, run

    names = chosen(only)
    _need_folder(path)
    settings = load_settings()
    results = Results(command=shlex.join(["./epreuve", *sys.argv[1:]]), rounds=rounds)
    try:
        with connect(settings) as hypervisor:
            run(open_lab(LAB), results, names=names, hypervisor=hypervisor, settings=settings, progress=Steps())
    finally:
        if path is not None and results.measures:  # interrupted: what was measured is not lost
            write_atomic(path, json.dumps(results.as_json(), ensure_ascii=False, indent=1) + "\n")
    if as_json:
        print_json(results.as_json())
        return
    print_table(table.columns(), table.rows(results.measures))
    for name, note in table.notes(results.measures):
        err.print(f"[bold]{name}[/bold] : {note}", soft_wrap=True)


def _need_checkout() -> None:
    """The measures are part of the sources, not of the installed package."""
    if (CHECKOUT / "tests" / "benchmark" / "run.py").is_file():
        if str(CHECKOUT) not in sys.path:
            sys.path.insert(0, str(CHECKOUT))
        return
    raise UsageError(
        Text(
            "Les mesures font partie des sources d'Épreuve, qui n'est ici qu'installé.",
            "The benchmark is part of Épreuve's sources; here it is only installed.",
        ),
        do=Text(
            "Récupérez les sources (git clone) et lancez-y « ./epreuve benchmark ».",
            "Get the sources (git clone) and run “./epreuve benchmark” there.",
        ),
    )


def _need_folder(path: Path | None) -> None:
    """Told now rather than after half an hour."""
    if path is not None and not (path.parent.is_dir() and os.access(path.parent, os.W_OK)):
        raise UsageError(
            Text("Le dossier du fichier de résultats n'existe pas.", "The folder of the results file does not exist."),
            where=str(path.parent),
            do=Text("Créez-le, ou donnez un autre --out.", "Create it, or give another --out."),
        )
