"""What the commands share: options, output as table or JSON, progress, an open hypervisor."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Column, Table

from labs.errors import UsageError
from labs.text import Text, tr
from labs.variant import Values, in_words

F = TypeVar("F", bound=Callable[..., Any])

out = Console(soft_wrap=False, highlight=False)
err = Console(stderr=True, highlight=False)


def json_option(function: F) -> F:
    """``--json``: the result as JSON on standard output, for programs."""
    return click.option("--json", "as_json", is_flag=True, help=tr("résultat en JSON", "result as JSON"))(function)


def pair_option(flag: str, into: str, *, metavar: str, needs: Text, example: Text, help_: str) -> Callable[[F], F]:
    """An option ``NAME=VALUE`` that can be given again; the command gets a mapping of texts. needs: what is said of one
    without ``=``; example: what it should look like."""

    def read(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
        for one in given:
            if "=" not in one:
                raise UsageError(needs, where=one, do=example)
        return {name: value for name, _, value in (one.partition("=") for one in given)}

    return click.option(flag, into, multiple=True, callback=read, metavar=metavar, help=help_)


def variant_option(function: F) -> F:
    """``--variant NAME=VALUE``: which value of a variant of the lab; ``variants`` is then a mapping of texts."""
    return pair_option(
        "--variant",
        "variants",
        metavar=tr("NOM=VALEUR", "NAME=VALUE"),
        needs=Text("--variant demande un nom et une valeur.", "--variant needs a name and a value."),
        example=Text("Par exemple --variant site=Lorient.", "For example --variant site=Lorient."),
        help_=tr(
            "cette valeur d'une variante du sujet, au lieu de la première ; se répète",
            "this value of a variant of the lab, instead of the first; repeatable",
        ),
    )(function)


def say_variants(values: Values) -> None:
    """Which values are used, on the error output; nothing for a lab without variants."""
    if values:
        err.print(tr(f"variantes : {in_words(values)}", f"variants: {in_words(values)}"), markup=False, soft_wrap=True)


def print_json(value: Any) -> None:
    """A value as JSON on standard output; moments as in ISO 8601."""

    def plain(other: object) -> str:
        return other.isoformat() if isinstance(other, datetime) else str(other)

    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=plain) + "\n")


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]], *, title: str | None = None) -> None:
    """Rows as a table. What has no room goes on below: a name that is cut cannot be typed."""
    heads = [Column(column, overflow="fold") for column in columns]
    table = Table(*heads, title=title, title_justify="left", show_edge=False, pad_edge=False)
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    out.print(table)


class Steps:
    """Progress of long work: one line per step with its time; what it is busy with, in a spinner on a terminal."""

    def __init__(self, prefix: str = "", *, done: str = "[green]✓[/green]") -> None:
        """done: the sign of a step that has ended; another one where a step may end without having been right."""
        self._prefix = prefix
        self._done = done
        self._began = time.monotonic()

    @contextmanager
    def step(self, title: str) -> Iterator[Callable[[Text], None]]:
        """A step; gives a function that shows what it is busy with."""
        began = time.monotonic()
        if err.is_terminal:
            with err.status(f"{self._prefix}{title}") as status:
                yield lambda text: status.update(f"{self._prefix}{title} [dim]· {text}[/dim]")
        else:
            self._line("…", title)
            yield lambda text: self._line(" ", f"  {text}")
        self._line(self._done, f"{title} [dim]({time.monotonic() - began:.1f} s)[/dim]")

    def _line(self, sign: str, text: str) -> None:
        elapsed = time.monotonic() - self._began
        err.print(f"{self._prefix}[dim]{elapsed:6.1f} s[/dim]  {sign} {text}", soft_wrap=True)


def points(value: object) -> str:
    """Points as people write them: ``2``, ``1,5``."""
    return f"{float(str(value)):g}".replace(".", tr(",", "."))
