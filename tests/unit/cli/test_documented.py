"""The commands that the documentation shows exist, with the options that it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from orchestrator.cli import group

ROOT = Path(__file__).parents[3]
PAGES = (
    "README.md",
    "docs/sessions.md",
    "docs/operations.md",
    "docs/privacy.md",
    "docs/journal.md",
    "docs/referentials.md",
    "docs/dossier.md",
    "docs/incidents.md",
    "docs/windows.md",
)
SHOWN = re.compile(
    r"^(?:\$ |    )(?:\./)?epreuve (?P<typed>[^#\n]+)|`(?:\./)?epreuve (?P<inline>[^`\n]+)`", re.MULTILINE
)


def _shown() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        for match in SHOWN.finditer((ROOT / page).read_text(encoding="utf-8")):
            typed = (match["typed"] or match["inline"]).split("&&")[0].strip()
            found.append((page, typed))
    return found


def test_the_pages_show_commands() -> None:
    assert {page for page, _ in _shown()} == set(PAGES)


@pytest.mark.parametrize(("page", "typed"), _shown())
def test_a_command_that_is_shown_exists(page: str, typed: str) -> None:
    command: click.Command = group
    context = click.Context(group)
    words = shlex.split(typed)
    while isinstance(command, click.Group) and words and words[0] not in ("…", "test"):
        found = command.get_command(context, words[0])
        assert found is not None, f"{page}: epreuve {typed}"
        command, words = found, words[1:]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    unknown = [word for word in words if word.startswith("--") and len(word) > 2 and word not in known]
    assert unknown == [], f"{page}: epreuve {typed}"
