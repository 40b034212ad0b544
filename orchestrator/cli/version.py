"""``epreuve version``."""

from __future__ import annotations

import platform

import click

from labs.text import tr
from orchestrator.cli.common import json_option, print_json
from orchestrator.version import version


@click.command("version", help=tr("Version d'Épreuve et de Python.", "Version of Épreuve and of Python."))
@json_option
def command(as_json: bool) -> None:
    """Print the version."""
    if as_json:
        print_json({"épreuve": version(), "python": platform.python_version()})
    else:
        click.echo(f"Épreuve {version()} (Python {platform.python_version()})")
