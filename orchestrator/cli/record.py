"""``epreuve record``: what real machines answer, as golden files; and where they answer otherwise than documented."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from checkers.channels.winrm_ import Trust
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
from orchestrator.cli.session_common import example
from orchestrator.hypervisor import connect
from orchestrator.recorder.address import PORT, WinRm, winrm_targets
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
    "--winrm",
    "host",
    metavar=tr("ADRESSE[:PORT]", "ADDRESS[:PORT]"),
    help=tr(
        "la machine Windows à cette adresse, par WinRM en HTTPS ; TARGET est alors son nom dans le sujet",
        "the Windows machine at this address, by WinRM over HTTPS; TARGET is then its name in the lab",
    ),
)
@click.option(
    "--user",
    help=tr(
        "avec --winrm : un administrateur ; son mot de passe est demandé, ou lu dans EPREUVE_PASSWORD",
        "with --winrm: an administrator; the password is asked for, or read from EPREUVE_PASSWORD",
    ),
)
@click.option(
    "--ca",
    "authority",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=tr(
        "avec --winrm : le certificat de l'autorité qui a signé celui de la machine, en PEM",
        "with --winrm: the certificate of the authority that signed the machine's, in PEM",
    ),
)
@click.option(
    "--pin",
    metavar="SHA256",
    help=tr(
        "au lieu de --ca : l'empreinte du certificat de la machine (« sha256 » de winrm.json)",
        "instead of --ca: the fingerprint of the machine's certificate (“sha256” in winrm.json)",
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
def command(
    target: str | None,
    machines: tuple[str, ...],
    out: Path | None,
    name: str,
    probes: tuple[str, ...],
    lab: str | None,
    host: str | None,
    user: str | None,
    authority: Path | None,
    pin: str | None,
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
    way = _way(host, user, authority, pin)
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
def _targets(target: str, machines: Sequence[str], lab: str | None, way: WinRm | None) -> Iterator[Iterator[Target]]:
    """What is to be recorded, one after another."""
    more: list[Question] = lab_questions(open_lab(lab)) if lab else []
    if way is not None:
        with winrm_targets(target, way, more) as found:
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


def _way(host: str | None, user: str | None, authority: Path | None, pin: str | None) -> WinRm | None:
    """How a machine is reached by its address; None when it is one of a bench. Raises UsageError."""
    if not any((host, user, authority, pin)):
        return None
    if not host or not user or (authority is None) == (pin is None):
        raise UsageError(
            Text("--winrm, --user et --ca ou --pin vont ensemble.", "--winrm, --user and --ca or --pin go together."),
            do=Text(
                "Par exemple : --winrm srv.centre.lan --user Administrateur --ca autorite.pem.",
                "For example: --winrm srv.centre.lan --user Administrator --ca authority.pem.",
            ),
        )
    address, _, port = host.partition(":")
    # Never an argument: those stand in the list of processes.
    password = os.environ.get("EPREUVE_PASSWORD") or click.prompt(
        tr(f"Mot de passe de {user}", f"Password of {user}"), hide_input=True, err=True
    )
    trust = Trust(fingerprint=pin, authority=authority)
    return WinRm(address, user, password, trust, int(port) if port.isdecimal() else PORT)


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
