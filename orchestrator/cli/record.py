"""``epreuve record``: what real machines answer, as golden files; and where they answer otherwise than documented."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from checkers.goldens.compare import compare
from checkers.goldens.files import GoldenError, GoldenFile
from checkers.probe import Question
from checkers.probes.catalog import PROBES
from labs.errors import UsageError
from labs.problems import one_of
from labs.text import Text, tr
from orchestrator.catalog import open_lab
from orchestrator.cli.bench import bench_lab, find
from orchestrator.cli.common import json_option
from orchestrator.cli.record_show import say_answer, say_target, show_compared, show_recording
from orchestrator.cli.record_way import ByAddress, address_options, way_of
from orchestrator.cli.session_common import example
from orchestrator.hypervisor import connect
from orchestrator.recorder.address import Ssh, WinRm, address_targets
from orchestrator.recorder.recording import Recording
from orchestrator.recorder.reference import compared_folder, reference
from orchestrator.recorder.target import Target, bench_targets, lab_questions, stored_targets
from orchestrator.sessions import load_session
from orchestrator.settings import load_settings

DIFFERENT = 7
"""Exit code when a shape is another than documented."""


@click.command(
    "record",
    epilog=example(
        "record essai/a --out releve",
        "record essai/a server --probe dhcp-config --name untouched --out releve",
        "record observation.json wire:lan --out releve",
        "record server --winrm srv.centre.lan --user Administrateur --ca autorite.pem --out releve",
        "record ap --ssh 192.168.1.1 --user root --family openwrt --out releve",
        "record --compare releve",
    ),
    help=tr(
        "Enregistre ce que de vraies machines répondent aux sondes, pour les tests : un fichier par réponse, sans "
        "secrets. TARGET : un poste (session/poste), toutes ses machines ou celles que l'on nomme ; ou une observation "
        "déjà prise. Demande tout ce qui peut l'être à la machine sans arguments, et ce que demandent les contrôles "
        "du sujet.\n\n"
        "Ce qui ressemble à une clé ou à un mot de passe, et ce qui n'appartient qu'à cette machine (SID, GUID, "
        "adresses matérielles, numéros de série) est remplacé ; seul le nombre en est dit. Puis compare avec les "
        "réponses documentées : code de sortie 7 quand une forme diffère. --compare : seulement comparer.",
        "Record what real machines answer to the probes, for the tests: a file an answer, without secrets. TARGET: a "
        "bench (session/bench), all its machines or those that are named; or an observation that was taken already. "
        "Asks all that can be asked of the machine without arguments, and what the lab's checks ask.\n\n"
        "What looks like a key or a password, and what is one machine's alone (SIDs, GUIDs, hardware addresses, serial "
        "numbers) is replaced; only how many is told. Then compares with the documented answers: exit code 7 when a "
        "shape is different. --compare: only compare.",
    ),
)
@click.argument("target", required=False)
@click.argument("machines", nargs=-1, metavar="[MACHINE]...")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help=tr("dossier des fichiers", "folder of the files")
)
@click.option(
    "--name",
    default="solved",
    show_default=True,
    help=tr("état de la machine : untouched, solved…", "state of the machine: untouched, solved…"),
)
@click.option(
    "--probe", "probes", multiple=True, help=tr("cette sonde seulement ; se répète", "this probe only; repeatable")
)
@click.option(
    "--lab",
    help=tr(
        "aussi ce que demandent les contrôles de ce sujet ; par défaut celui du poste",
        "also what this lab's checks ask; by default the bench's",
    ),
)
@click.option(
    "--compare",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=tr("comparer ce qu'un dossier contient, sans machine", "compare what a folder holds, without a machine"),
)
@click.option(
    "--against",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=tr(
        "les réponses documentées ; par défaut tests/goldens de la copie des sources",
        "the documented answers; by default tests/goldens of the checkout",
    ),
)
@json_option
@address_options
def command(
    target: str | None,
    machines: tuple[str, ...],
    out: Path | None,
    name: str,
    probes: tuple[str, ...],
    lab: str | None,
    at: ByAddress,
    folder: Path | None,
    against: Path | None,
    as_json: bool,
) -> None:
    """Record goldens, or compare them."""
    _require_sense(target, out, folder)
    for probe in probes:
        _require_probe(probe)
    if folder is not None:
        sys.exit(_compare(folder, against, as_json))
    assert target is not None and out is not None  # noqa: S101, PT018 - see _require_sense
    way = way_of(at)
    # Read before anything is written: the folder may be theirs.
    documented = _documented(against)
    recording = Recording(out, name)
    with _targets(target, machines, lab, way) as found:
        for one in found:
            say_target(one)
            for answer in recording.record(one, probes):
                say_answer(answer)
    recording.finish(target)
    compared = compare(recording.files, documented) if documented else None
    show_recording(recording, compared, as_json)
    recording.require()
    sys.exit(DIFFERENT if compared is not None and compared.differences else 0)


def _compare(folder: Path, against: Path | None, as_json: bool) -> int:
    """Compare what was recorded before; the exit code."""
    compared = compared_folder(folder, against)
    show_compared(compared, as_json)
    return DIFFERENT if compared.differences else 0


@contextmanager
def _targets(
    target: str, machines: Sequence[str], lab: str | None, way: WinRm | Ssh | None
) -> Iterator[Iterator[Target]]:
    """What is to be recorded, one after another."""
    more: list[Question] = lab_questions(open_lab(lab)) if lab else []
    if way is not None:
        with address_targets(target, way, more) as found:
            yield found
        return
    if Path(target).is_file():
        yield iter(stored_targets(Path(target), machines))
        return
    settings = load_settings()
    with connect(settings) as hypervisor:
        bench = find(target, settings)
        session = load_session(settings.data_dir, bench.session)
        own = bench_lab(bench, session)
        with bench_targets(
            bench, own, machines, session=session, hypervisor=hypervisor, more=more or lab_questions(own)
        ) as found:
            yield found


def _documented(against: Path | None) -> list[GoldenFile]:
    """The documented answers; none where an installed Épreuve has none and was given none."""
    try:
        return reference(against)
    except GoldenError:
        if against is not None:
            raise
        return []


def _require_sense(target: str | None, out: Path | None, folder: Path | None) -> None:
    if (target is None) == (folder is None) or (target is not None and out is None):
        raise UsageError(
            Text("Que faut-il enregistrer, et où ?", "What is to be recorded, and where?"),
            do=Text(
                "Nommez un poste et un dossier (epreuve record essai/a --out DOSSIER), ou un dossier à comparer "
                "(--compare DOSSIER).",
                "Name a bench and a folder (epreuve record essai/a --out FOLDER), or a folder to compare "
                "(--compare FOLDER).",
            ),
        )


def _require_probe(probe: str) -> None:
    if probe not in PROBES:
        known = one_of(PROBES, probe)
        raise UsageError(
            Text("Il n'y a pas de telle sonde.", "There is no such probe."),
            where=probe,
            do=Text(f"Sondes : {known.fr}.", f"Probes: {known.en}."),
        )
