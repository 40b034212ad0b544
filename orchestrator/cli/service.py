"""``epreuve service``: the process that keeps the deadlines."""

from __future__ import annotations

import logging

import click

from labs.text import tr
from orchestrator.cli.common import json_option
from orchestrator.cli.session_common import example, moment, own_settings, simulated_option
from orchestrator.cli.voice import Voice
from orchestrator.engine import service


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


@command.command(
    "run",
    help=tr(
        "Le service, au premier plan (pour systemd ; voir docs/operations.md).",
        "The service, in the foreground (for systemd; see docs/operations.md).",
    ),
    epilog=example("service run"),
)
@simulated_option
def run(simulated: bool) -> None:
    """Be the service."""
    mark = Voice(simulated).mark
    logging.basicConfig(level=logging.INFO, format=f"%(asctime)s {mark}%(levelname)s %(name)s: %(message)s")
    service.run(own_settings(simulated), simulated=simulated)


@command.command(
    "start",
    help=tr("Le démarre en arrière-plan.", "Start it in the background."),
    epilog=example("service start"),
)
@simulated_option
@json_option
def start(simulated: bool, as_json: bool) -> None:
    """Start the service."""
    voice, settings = Voice(simulated), own_settings(simulated)
    before = service.running(settings)
    status = service.start(settings, simulated=simulated)
    already = before is not None and before.pid == status.pid
    if as_json:
        voice.json({"pid": status.pid, "already": already})
    elif already:
        voice.say(
            tr(
                f"Le service tournait déjà (pid {status.pid}) ; ses réglages n'ont pas changé.",
                f"The service ran already (pid {status.pid}); its settings are as before.",
            )
        )
    else:
        voice.say(tr(f"Le service tourne (pid {status.pid}).", f"The service runs (pid {status.pid})."))


@command.command(
    "stop",
    help=tr(
        "L'arrête, une fois fini ce qu'il fait. Les postes continuent ; une fin qui tombe pendant l'arrêt est "
        "appliquée au redémarrage, avec son retard au journal.",
        "Stop it, once it has finished what it does. Benches go on; a deadline that passes meanwhile is applied when "
        "it starts again, with its lateness in the journal.",
    ),
    epilog=example("service stop"),
)
@simulated_option
@json_option
def stop(simulated: bool, as_json: bool) -> None:
    """Stop the service."""
    voice = Voice(simulated)
    stopped = service.stop(own_settings(simulated))
    if as_json:
        voice.json({"stopped": stopped})
    elif stopped:
        voice.say(tr("Le service est arrêté.", "The service is stopped."))
    else:
        voice.say(tr("Le service ne tournait pas.", "The service did not run."))


@command.command(
    "status",
    help=tr("Tourne-t-il, et que fait-il ?", "Does it run, and what does it do?"),
    epilog=example("service status"),
)
@simulated_option
@json_option
def status(simulated: bool, as_json: bool) -> None:
    """Show the service."""
    voice, settings = Voice(simulated), own_settings(simulated)
    found = service.running(settings)
    log_file = service.log_path(settings)
    if as_json:
        about = {} if found is None else vars(found)
        voice.json({"running": found is not None, **about, "log": log_file if log_file.exists() else None})
        return
    if found is None:
        voice.say(tr("Le service ne tourne pas.", "The service does not run."))
    else:
        since = moment(found.since, with_day=True)
        voice.say(
            tr(f"Le service tourne depuis {since} (pid {found.pid}).", f"Running since {since} (pid {found.pid}).")
        )
        for bench, step in found.busy.items():
            voice.say("  " + voice.about(bench, step))
        if found.trouble:
            voice.say(found.trouble)
    if log_file.exists():
        voice.say(tr(f"Son compte rendu : {log_file}", f"Its log: {log_file}"))
