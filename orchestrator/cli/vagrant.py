"""``epreuve vagrant``: a lab's machines on a trainer's own computer, started by Vagrant."""

from __future__ import annotations

import click

from labs.text import tr
from orchestrator.cli.common import Steps, print_json
from orchestrator.settings import load_settings
from orchestrator.vagrant import prepare as set_up
from orchestrator.vagrant.place import find_place
from orchestrator.vagrant.plan import plan_for, require_plan


@click.group(
    "vagrant",
    help=tr(
        "Les machines d'un sujet sur l'ordinateur d'un formateur, démarrées par Vagrant.\n\n"
        "Dans le dossier vagrant/ : « LAB=tai-complet vagrant up », puis « epreuve observe --vagrant ». "
        "Voir docs/vagrant.md.",
        "A lab's machines on a trainer's own computer, started by Vagrant.\n\n"
        "In the folder vagrant/: “LAB=tai-complet vagrant up”, then “epreuve observe --vagrant”. See docs/vagrant.md.",
    ),
)
def command() -> None:
    """Vagrant."""


@command.command(
    "plan",
    help=tr(
        "Ce que le Vagrantfile lit : les machines du sujet, en JSON. Sans LAB : celles qui sont là.",
        "What the Vagrantfile reads: the lab's machines, as JSON. Without LAB: those that are there.",
    ),
)
@click.argument("lab", required=False)
def plan(lab: str | None) -> None:
    """Print the plan."""
    print_json(plan_for(lab or None, find_place(), load_settings()).model_dump(mode="json"))


@command.command(
    "prepare",
    help=tr(
        "Met en place les machines que Vagrant a démarrées (« vagrant up » l'appelle lui-même).",
        "Set up the machines that Vagrant has started (“vagrant up” calls it itself).",
    ),
)
def prepare() -> None:
    """Set up."""
    place = find_place()
    with Steps().step(tr("mise en place", "set-up")) as busy:
        missing = set_up.prepare(require_plan(place), place, busy)
    if missing:
        names = ", ".join(missing)
        click.echo(tr(f"Mise en place quand elles y seront toutes : {names}", f"Set-up waits for: {names}"))
    else:
        click.echo(
            tr(f"Le sujet, avec les mots de passe : {place.subject}", f"The paper, with the passwords: {place.subject}")
        )


@command.command(
    "solve",
    help=tr(
        "Laisse la solution de référence faire le travail, ou les tâches nommées.",
        "Let the reference solution do the work, or the tasks named.",
    ),
)
@click.option(
    "--task", "tasks", multiple=True, help=tr("une tâche seulement (répétable)", "one task only (repeatable)")
)
def solve(tasks: tuple[str, ...]) -> None:
    """Let the solution play."""
    place = find_place()
    with Steps().step("solution") as busy:
        set_up.solve(require_plan(place), place, tasks=tasks, progress=busy)
