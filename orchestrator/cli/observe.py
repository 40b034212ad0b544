"""``epreuve observe``: all the facts of a bench, now, in a file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from checkers.checks import CHECKS
from checkers.facts import Observation
from checkers.judge import plan
from checkers.report.write import observation_json
from labs.errors import UsageError
from labs.files import write_atomic
from labs.text import Text, tr
from orchestrator.cli.bench import bench_lab, find
from orchestrator.cli.common import Steps, json_option, print_json
from orchestrator.cli.device_option import device_option, told_devices
from orchestrator.devices.known import exam_devices
from orchestrator.devices.nets import bench_devices, net_of
from orchestrator.devices.reach import NOT_SAID
from orchestrator.hypervisor import connect
from orchestrator.observer import observe_bench
from orchestrator.sessions import load_session
from orchestrator.settings import Settings, load_settings
from orchestrator.vagrant.bench import observe_vagrant
from orchestrator.vagrant.place import find_place
from orchestrator.vagrant.plan import require_plan


@click.command(
    "observe",
    help=tr(
        "Relève tous les faits d'un poste et les range dans un fichier, que « epreuve judge » juge sans machine.",
        "Take all the facts of a bench into a file, which “epreuve judge” judges without a machine.",
    ),
)
@click.argument("bench", required=False)
@click.option(
    "--vagrant",
    "by_vagrant",
    is_flag=True,
    help=tr(
        "au lieu d'un poste : les machines démarrées par Vagrant", "instead of a bench: the machines started by Vagrant"
    ),
)
@click.option("--out", "path", type=click.Path(dir_okay=False, path_type=Path), help=tr("fichier", "file"))
@device_option
@json_option
def command(bench: str | None, by_vagrant: bool, path: Path | None, devices: dict[str, str], as_json: bool) -> None:
    """Observe a bench."""
    if (bench is None) != by_vagrant:
        raise UsageError(
            Text("Que faut-il relever ?", "What is to be observed?"),
            do=Text(
                "Nommez un poste (session/poste), ou donnez --vagrant.",
                "Name a bench (session/bench), or give --vagrant.",
            ),
        )
    settings = load_settings()
    observation, folder = _of_vagrant(settings) if bench is None else _of_bench(bench, devices, settings)
    if path is None:
        path = folder / "observations" / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    write_atomic(path, observation_json(observation), mode=0o600)
    if by_vagrant and path.is_relative_to(folder):
        find_place().give(path.parent, path)
    unseen = [fact for fact in observation.facts if fact.status == "unseen"]
    if as_json:
        print_json(
            {
                "file": str(path),
                "sha256": observation.digest(),
                "facts": len(observation.facts),
                "unseen": {fact.key: str(fact.why) for fact in unseen},
            }
        )
        return
    click.echo(path)
    for fact in unseen:
        click.echo(f"  {tr('non observé', 'unseen')} : {fact.key} : {fact.why}", err=True)


def _of_bench(bench: str, devices: dict[str, str], settings: Settings) -> tuple[Observation, Path]:
    """The observation of a bench, and the bench's folder."""
    with connect(settings) as hypervisor:
        found = find(bench, settings)
        session = load_session(settings.data_dir, found.session)
        lab = bench_lab(found, session)
        told = told_devices(session.folder, lab.lab, devices, net_of(found, hypervisor))
        known = {**exam_devices(settings, found.session, found.name), **told}
        with (
            Steps().step(tr(f"relevé de {bench}", f"observation of {bench}")),
            bench_devices(lab.lab, known, session, found, hypervisor, settings.radio, unplaced=NOT_SAID) as reached,
        ):
            planned = plan(lab.lab.checks(), CHECKS)
            places = reached.places
            seen = observe_bench(found, lab, planned, session=session, hypervisor=hypervisor, devices=places)
            return seen, found.dir


def _of_vagrant(settings: Settings) -> tuple[Observation, Path]:
    """The observation of what Vagrant started, and our folder beside it."""
    place = find_place()
    with Steps().step(tr("relevé des machines de Vagrant", "observation of Vagrant's machines")):
        return observe_vagrant(require_plan(place), place, settings), place.ours
