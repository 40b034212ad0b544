"""``epreuve demo``."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from labs.text import current_language, tr
from orchestrator.catalog import open_lab
from orchestrator.cli.common import Steps, err, print_json
from orchestrator.cli.verdicts import print_verdicts
from orchestrator.settings import load_settings


@click.command(
    "demo",
    help=tr(
        "Un examen complet de deux candidats sur de vraies machines : images, postes, travail, relevé, "
        "verdicts, rapports.\n\n"
        "La première fois construit les images et les machines (environ dix minutes) ; ensuite tout est en "
        "cache. Ne laisse "
        "derrière elle que les rapports et ce cache, sauf --keep.",
        "A whole exam of two candidates on real machines: images, benches, work, observation, verdicts, reports.\n\n"
        "The first time it builds the images and machines (about ten minutes); then all is cached. It leaves "
        "nothing but the "
        "reports and that cache, unless --keep.",
    ),
)
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("epreuve-demo"),
    show_default=True,
    help=tr("dossier des rapports", "folder of the reports"),
)
@click.option("--lab", default="tai-complet", show_default=True, help=tr("sujet", "lab"))
@click.option("--keep", is_flag=True, help=tr("laisser les postes en marche", "leave the benches running"))
@click.option(
    "--simulated",
    is_flag=True,
    help=tr(
        "sans machine virtuelle : hyperviseur simulé et réponses enregistrées sur de vraies machines",
        "without virtual machines: simulated hypervisor and answers recorded from real machines",
    ),
)
@click.option(
    "--web",
    is_flag=True,
    help=tr(
        "dans le navigateur : ouvre une session de deux candidats et le site, jusqu'à Ctrl-C",
        "in the browser: opens a session of two candidates and the site, until Ctrl-C",
    ),
)
@click.option(
    "--port",
    type=click.IntRange(1, 65534),
    default=8080,
    show_default=True,
    help=tr("port du site", "port of the site"),
)
@click.option("--record", is_flag=True, hidden=True, help="keep the observations as recordings for --simulated")
@click.option("--json", "as_json", is_flag=True, help=tr("résultat en JSON", "result as JSON"))
def command(
    folder: Path, lab: str, keep: bool, simulated: bool, web: bool, port: int, record: bool, as_json: bool
) -> None:
    """Run the demonstration."""
    if web:
        # The site is a layer above: known by name only, as an entry point would be.
        importlib.import_module("web.serve.demo").run(lab, simulated=simulated, port=port)
        return
    from orchestrator.demo import SESSION, run_demo
    from orchestrator.hypervisor import connect
    from orchestrator.hypervisor.fake import FakeHypervisor
    from orchestrator.sessions import load_session
    from orchestrator.simulation import record as keep_recording
    from orchestrator.simulation import recordings, replay

    settings = load_settings()
    if simulated:
        settings = settings.simulated()
    loaded = open_lab(lab)
    mark = tr("[simulé] ", "[simulated] ").replace("[", r"\[") if simulated else ""
    with connect(settings, simulated=simulated) as hypervisor:
        if isinstance(hypervisor, FakeHypervisor):
            recorded = recordings(loaded.lab.id)
            hypervisor.programs = replay(
                lambda stamp: recorded.get(stamp.bench), lambda _: load_session(settings.data_dir, SESSION).secrets
            )
        result = run_demo(
            loaded,
            hypervisor=hypervisor,
            settings=settings,
            out=folder,
            keep=keep,
            progress=Steps(mark),
            language=current_language(),
        )
    if record:
        for name, observation in result.observations.items():
            keep_recording(observation, name)
    if as_json:
        print_json([report.model_dump(mode="json") for report in result.reports])
        return
    for report in result.reports:
        print_verdicts(report)
    index = next(path for path in result.files if path.name == "index.html")
    err.print(f"{mark}{tr('Rapports', 'Reports')} : {index}", soft_wrap=True)
