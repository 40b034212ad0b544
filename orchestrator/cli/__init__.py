"""The command line. Each command has a module of its own, imported only when it is called: ``epreuve version`` is
fast."""

from __future__ import annotations

import importlib

import click

from labs.text import tr

COMMANDS = {
    "doctor": "doctor",
    "image": "image",
    "lab": "lab",
    "referential": "referential",
    "session": "session",
    "service": "service",
    "bench": "bench",
    "vagrant": "vagrant",
    "observe": "observe",
    "record": "record",
    "judge": "judge",
    "report": "report",
    "tickets": "tickets",
    "dossier": "dossier",
    "backup": "backup",
    "restore": "restore",
    "benchmark": "benchmark",
    "serve": "web.serve.command",
    "demo": "demo",
    "version": "version",
}


class LazyGroup(click.Group):
    """A group whose commands are modules ``orchestrator.cli.<name>`` with a ``command``.

    A name with dots is a module of a layer above: known by name only, as an entry point would be.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = COMMANDS[cmd_name]
        command = importlib.import_module(module if "." in module else f"orchestrator.cli.{module}").command
        assert isinstance(command, click.Command)  # noqa: S101 - a promise between modules of this package
        return command


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    help=tr(
        "Épreuve : examens pratiques d'informatique sur de vraies machines, avec des preuves pour le jury.\n\n"
        "Pour commencer : « epreuve demo » (un examen complet de deux candidats), puis « epreuve lab list ».",
        "Épreuve: practical IT exams on real machines, with evidence for the jury.\n\n"
        "To begin: “epreuve demo” (a whole exam of two candidates), then “epreuve lab list”.",
    ),
    epilog=tr(
        "Codes de sortie : 0 réussi ; 1 erreur ; 2 commande mal employée ; 3 sujet ou liste fautifs ; 4 machine "
        "injoignable ; 5 hyperviseur ; 6 session ou poste ; 7 playbook en échec, réponses d'une autre forme ; "
        "8 base de données ; 9 dossier ; 70 défaut d'Épreuve. EPREUVE_LANG=en pour l'anglais.",
        "Exit codes: 0 done; 1 error; 2 command used wrongly; 3 faulty lab or roster; 4 machine out of reach; "
        "5 hypervisor; 6 session or bench; 7 playbook failed, answers of another shape; 8 database; 9 dossier; "
        "70 a defect of Épreuve. EPREUVE_LANG=en for English.",
    ),
)
def group() -> None:
    """The root command."""


def main() -> None:
    """Run the command line; every known error is one sentence with what to do, never a stack trace."""
    from orchestrator.cli.run import run

    run(group)
