"""The candidate's paper: the subject of a lab with one session's secrets, as Markdown and as a page that prints on A4.

The template sees ``secrets``, ``candidate`` and a small view of the lab; nothing of the checks, so nothing of them can
leak onto the paper.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markdown_it import MarkdownIt

from labs.errors import EpreuveError
from labs.model import Lab
from labs.text import Text

NAMES = ("secrets", "lab", "candidate")
"""The only names that a subject may use."""


class SubjectError(EpreuveError):
    """The subject cannot be rendered."""

    code = "subject"


@dataclass(frozen=True)
class SubjectTask:
    """What the paper may say of a task."""

    id: str
    title: str
    points: Decimal


@dataclass(frozen=True)
class SubjectLab:
    """What the paper may say of the lab: ``{{ lab.title }}``, ``{{ lab.points_of('dns', 'dhcp') }}``…"""

    id: str
    version: str
    title: str
    duration: str
    points: Decimal
    tasks: tuple[SubjectTask, ...]

    @classmethod
    def of(cls, lab: Lab) -> SubjectLab:
        """The view of a lab."""
        hours, minutes = divmod(lab.duration_minutes, 60)
        duration = f"{hours} h {minutes:02d}" if hours and minutes else f"{hours} h" if hours else f"{minutes} min"
        tasks = tuple(SubjectTask(task.id, task.title, task.points) for task in lab.tasks)
        return cls(lab.id, lab.version, lab.title, duration.replace(" ", "\u00a0"), lab.points, tasks)

    def points_of(self, *tasks: str) -> Decimal:
        """The points of some tasks together. Raises KeyError for a task that the lab does not have."""
        known = {task.id: task.points for task in self.tasks}
        return sum((known[task] for task in tasks), Decimal(0))


@cache
def environment() -> ImmutableSandboxedEnvironment:
    """The sandbox in which subjects are rendered: a name that is not given is an error, not an empty word."""
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render_markdown(lab: Lab, subject: str, *, secrets: Mapping[str, str], candidate: str) -> str:
    """The paper as Markdown. Raises SubjectError."""
    try:
        return (
            environment()
            .from_string(subject)
            .render(secrets=dict(secrets), lab=SubjectLab.of(lab), candidate=_literal(candidate))
        )
    except (TemplateError, KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise SubjectError(
            Text("Le sujet ne peut pas être mis en page.", "The subject cannot be rendered."),
            where=f"{lab.id}: {error}",
            do=Text("Vérifiez-le avec « epreuve lab lint ».", "Check it with “epreuve lab lint”."),
        ) from error


def render_html(lab: Lab, subject: str, *, secrets: Mapping[str, str], candidate: str) -> str:
    """The paper as one page that needs nothing else and runs nothing. Raises SubjectError."""
    markdown = render_markdown(lab, subject, secrets=secrets, candidate=candidate)
    body = _markdown().render(markdown)
    style = files("labs").joinpath("subject.css").read_text(encoding="utf-8")
    title = f"{lab.title} — {candidate}" if candidate else lab.title
    return (
        "<!doctype html>\n"
        '<html lang="fr">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{html.escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        f"<main>\n{body}</main>\n</body>\n</html>\n"
    )


@cache
def _markdown() -> MarkdownIt:
    # Raw HTML is shown as text, and images are off: the paper is one file and never asks the network for anything.
    return MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table").disable("image")


def _literal(name: str) -> str:
    """A name that Markdown shows as it is, on one line."""
    return re.sub(r"([\\`*_{}\[\]()#+.!|<>~&-])", r"\\\1", " ".join(name.split()))
