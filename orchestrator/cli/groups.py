"""Groups of commands that are in several modules: only that of the command that is called is imported."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import ClassVar

import click


class GroupOfModules(click.Group):
    """modules: the commands in the order of the help, and the module of this package that adds each to the group."""

    modules: ClassVar[Mapping[str, str]] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.modules:
            importlib.import_module(f"orchestrator.cli.{self.modules[cmd_name]}")
        return super().get_command(ctx, cmd_name)
