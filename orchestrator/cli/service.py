"""``epreuve service``: the process that keeps the deadlines."""

from __future__ import annotations

import logging

import click

from labs.text import tr
from orchestrator.cli.common import json_option, print_json
from orchestrator.cli.session_common import moment, simulated_option
from orchestrator.engine import service
from orchestrator.settings import Settings, load_settings


@click.group(
    "service",
    help=tr(
        "Le service fabrique les postes, sonne la fin, prend les points de reprise. Il peut mourir à tout moment : "
        "relancé, il reprend où il en était. Les commandes de session le démarrent quand il ne tourne pas.",
        "The service makes the benches, rings the bells, takes the checkpoints. It may die at any moment: started "
        "again, it goes on. The session commands start it when it does not run.",
    ),
)
def command() -> None:
    """The service."""


def _settings(simulated: bool) -> Settings:
    settings = load_settings()
    return settings.simulated() if simulated else settings


@command.command("run", help=tr("Le service, au premier plan.", "The service, in the foreground."))
@simulated_option
def run(simulated: bool) -> None:
    """Be the service."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    service.run(_settings(simulated), simulated=simulated)


@command.command("start", help=tr("Le démarre en arrière-plan.", "Start it in the background."))
@simulated_option
def start(simulated: bool) -> None:
    """Start the service."""
    status = service.start(_settings(simulated), simulated=simulated)
    click.echo(tr(f"Le service tourne (pid {status.pid}).", f"The service runs (pid {status.pid})."))


@command.command(
    "stop",
    help=tr(
        "L'arrête, une fois fini ce qu'il fait. Les postes continuent ; une fin qui tombe pendant l'arrêt est "
        "appliquée au redémarrage, avec son retard au journal.",
        "Stop it, once it has finished what it does. Benches go on; a deadline that passes meanwhile is applied when "
        "it starts again, with its lateness in the journal.",
    ),
)
@simulated_option
def stop(simulated: bool) -> None:
    """Stop the service."""
    stopped = service.stop(_settings(simulated))
    click.echo(
        tr("Le service est arrêté.", "The service is stopped.")
        if stopped
        else tr("Le service ne tournait pas.", "The service did not run.")
    )


@command.command("status", help=tr("Tourne-t-il, et que fait-il ?", "Does it run, and what does it do?"))
@simulated_option
@json_option
def status(simulated: bool, as_json: bool) -> None:
    """Show the service."""
    found = service.running(_settings(simulated))
    if as_json:
        print_json({"running": found is not None, **({} if found is None else vars(found))})
    elif found is None:
        click.echo(tr("Le service ne tourne pas.", "The service does not run."))
    else:
        since = moment(found.since, with_day=True)
        click.echo(tr(f"Le service tourne depuis {since} (pid {found.pid}).", f"Running since {since} ({found.pid})."))
        for bench, step in found.busy.items():
            click.echo(f"  {bench} : {step}")
        if found.trouble:
            click.echo(found.trouble)
