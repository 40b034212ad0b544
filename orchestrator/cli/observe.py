"""``epreuve observe``: all the facts of a bench, now, in a file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from checkers.checks import CHECKS
from checkers.judge import plan
from checkers.report.write import observation_json
from labs.files import write_atomic
from labs.text import tr
from orchestrator.cli.bench import bench_lab, find
from orchestrator.cli.common import Steps, json_option, print_json
from orchestrator.hypervisor import connect
from orchestrator.observer import observe_bench
from orchestrator.sessions import load_session
from orchestrator.settings import load_settings


@click.command(
    "observe",
    help=tr(
        "Relève tous les faits d'un poste et les range dans un fichier, que « epreuve judge » juge sans machine.",
        "Take all the facts of a bench into a file, which “epreuve judge” judges without a machine.",
    ),
)
@click.argument("bench")
@click.option("--out", "path", type=click.Path(dir_okay=False, path_type=Path), help=tr("fichier", "file"))
@json_option
def command(bench: str, path: Path | None, as_json: bool) -> None:
    """Observe a bench."""
    settings = load_settings()
    with connect(settings) as hypervisor:
        found = find(bench, settings)
        session = load_session(settings.data_dir, found.session)
        lab = bench_lab(found, session)
        with Steps().step(tr(f"relevé de {bench}", f"observation of {bench}")):
            planned = plan(lab.lab.checks(), CHECKS)
            observation = observe_bench(found, lab, planned, session=session, hypervisor=hypervisor)
    if path is None:
        path = found.dir / "observations" / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    write_atomic(path, observation_json(observation), mode=0o600)
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
