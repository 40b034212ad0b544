"""The candidate's paper: the subject of a lab with one session's secrets and one candidate's values of the variants, as
Markdown, as a page that prints on A4, and as a part of a page on the screen.

The template sees ``secrets``, ``variants``, ``candidate`` and a small view of the lab; nothing of the checks, so
nothing of them can leak onto the paper. On the screen it does not see the points either: the printed paper shows them,
where its author wants, and nothing that comes from the site does.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import SimpleNamespace

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markdown_it import MarkdownIt
from markdown_it.token import Token

from labs.diagram import diagram
from labs.errors import EpreuveError
from labs.model import Lab
from labs.text import Text
from labs.variant import Value, Values

NAMES = ("secrets", "variants", "lab", "candidate")
"""The only names that a subject may use."""


_UNSAID = "\ue000"
"""What stands for points that are not said; a character that no author has a use for."""
_DIAGRAM = "\ue001"
"""What stands for the picture of the networks until the page is made."""
_ASIDE = re.compile(rf"[ \u00a0]*\([^()\n]*{_UNSAID}[^()\n]*\)")
_AMOUNT = re.compile(rf"{_UNSAID}(?:[ \u00a0]*(?:points?|pts?)\b)?")


class _Unsaid(Decimal):
    """Points of which nothing is known here: nothing can come out, whatever a template does with them."""

    def __str__(self) -> str:
        return _UNSAID

    def __format__(self, spec: str, context: object = None) -> str:
        return _UNSAID

    __repr__ = __str__


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
    """What the paper may say of the lab: ``{{ lab.title }}``, ``{{ lab.points_of('dns', 'dhcp') }}``…

    ``{{ lab.diagram }}``, alone in its paragraph: the picture of the networks when the exam starts.
    """

    id: str
    version: str
    title: str
    duration: str
    points: Decimal
    tasks: tuple[SubjectTask, ...]
    diagram: str = _DIAGRAM

    @classmethod
    def of(cls, lab: Lab, *, points: bool = True) -> SubjectLab:
        """The view of a lab. points: False leaves them all unsaid."""
        hours, minutes = divmod(lab.duration_minutes, 60)
        duration = f"{hours} h {minutes:02d}" if hours and minutes else f"{hours} h" if hours else f"{minutes} min"
        tasks = tuple(SubjectTask(task.id, task.title, task.points if points else _Unsaid()) for task in lab.tasks)
        total = lab.points if points else _Unsaid()
        return cls(lab.id, lab.version, lab.title, duration.replace(" ", "\u00a0"), total, tasks)

    def points_of(self, *tasks: str) -> Decimal:
        """The points of some tasks together. Raises KeyError for a task that the lab does not have."""
        known = {task.id: task.points for task in self.tasks}
        total = sum((known[task] for task in tasks), Decimal(0))
        return _Unsaid() if isinstance(self.points, _Unsaid) else total


@cache
def environment() -> ImmutableSandboxedEnvironment:
    """The sandbox in which subjects are rendered: a name that is not given is an error, not an empty word."""
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_said_in_french,
    )


def _said_in_french(value: object) -> object:
    """Points as a French paper has them: ``2,5``, and no needless zeros."""
    if not isinstance(value, Decimal) or isinstance(value, _Unsaid):
        return value
    return f"{value:f}".rstrip("0").rstrip(".").replace(".", ",") if "." in f"{value:f}" else value


def render_markdown(
    lab: Lab,
    subject: str,
    *,
    secrets: Mapping[str, str],
    candidate: str,
    variants: Values | None = None,
    points: bool = True,
) -> str:
    """The paper as Markdown. points: False leaves them out, with the brackets around them. Raises SubjectError."""
    text = _said(_filled(lab, subject, secrets=secrets, candidate=candidate, variants=variants, points=points))
    return text.replace(_DIAGRAM, "(schéma du réseau)")


def _filled(
    lab: Lab, subject: str, *, secrets: Mapping[str, str], candidate: str, variants: Values | None, points: bool
) -> str:
    """The template filled in; points that are not said are still marked as such. Raises SubjectError."""
    names = {
        "secrets": dict(secrets),
        "variants": {name: _parts(value) for name, value in (variants or {}).items()},
        "lab": SubjectLab.of(lab, points=points),
        "candidate": _literal(candidate),
    }
    try:
        text = environment().from_string(subject).render(names)
    except (TemplateError, KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise SubjectError(
            Text("Le sujet ne peut pas être mis en page.", "The subject cannot be rendered."),
            where=f"{lab.id}: {error}",
            do=Text("Vérifiez-le avec « epreuve lab lint ».", "Check it with “epreuve lab lint”."),
        ) from error
    return text if points else _ASIDE.sub("", text)


def _parts(value: Value) -> object:
    """A value as a template sees it: of a part that it does not have, nothing is made up."""
    return SimpleNamespace(**value) if isinstance(value, dict) else value


def _said(text: str) -> str:
    """A dash wherever points are not said."""
    return _AMOUNT.sub("—", text)


def render_part(
    lab: Lab,
    subject: str,
    *,
    secrets: Mapping[str, str],
    candidate: str,
    variants: Values | None = None,
    points: bool = False,
) -> str:
    """The paper as HTML to stand in a page, under its own first heading, without the points: a column of a table that
    holds nothing else is left out. Raises SubjectError."""
    markdown = _filled(lab, subject, secrets=secrets, candidate=candidate, variants=variants, points=points)
    return _said(_html(lab, markdown, under=1))


def render_html(
    lab: Lab, subject: str, *, secrets: Mapping[str, str], candidate: str, variants: Values | None = None
) -> str:
    """The paper as one page that needs nothing else and runs nothing. Raises SubjectError."""
    body = _html(lab, _filled(lab, subject, secrets=secrets, candidate=candidate, variants=variants, points=True))
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


def _html(lab: Lab, markdown: str, *, under: int = 0) -> str:
    """Markdown as HTML, its headings so many levels lower, the networks drawn where asked for.

    No style attributes: a strict content policy stops them.
    """
    tokens = _without_points(_markdown().parse(markdown))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1:]) + under)}"
        if align := token.attrs.pop("style", None):
            token.attrSet("class", str(align).removeprefix("text-align:"))
    page = str(_markdown().renderer.render(tokens, _markdown().options, {}))
    if _DIAGRAM in page:
        page = page.replace(f"<p>{_DIAGRAM}</p>", f"<figure>\n{diagram(lab)}</figure>").replace(_DIAGRAM, "")
    return page


def _without_points(tokens: list[Token]) -> list[Token]:
    """The tokens of a page without the columns of tables in which every cell is points that are not said."""
    kept: list[Token] = []
    table: list[Token] = []
    for token in tokens:
        (table if table or token.type == "table_open" else kept).append(token)
        if token.type == "table_close":
            kept += _narrowed(table)
            table = []
    return kept + table


def _narrowed(table: list[Token]) -> list[Token]:
    cells: dict[int, list[str]] = {}
    for column, token in _by_column(table):
        if token.type == "inline" and column is not None:
            cells.setdefault(column, []).append(token.content)
    silent = {column for column, (_title, *said) in cells.items() if said and all(map(_AMOUNT.fullmatch, said))}
    if len(silent) == len(cells):
        return table
    return [token for column, token in _by_column(table) if column not in silent]


def _by_column(table: list[Token]) -> Iterator[tuple[int | None, Token]]:
    """Each token of a table with the column of the cell that it opens, closes or fills; None outside of cells."""
    column, inside = -1, False
    for token in table:
        if token.type == "tr_open":
            column = -1
        if token.type in ("th_open", "td_open"):
            column, inside = column + 1, True
        yield column if inside else None, token
        if token.type in ("th_close", "td_close"):
            inside = False


@cache
def _markdown() -> MarkdownIt:
    # Raw HTML is shown as text, and images are off: the paper is one file and never asks the network for anything.
    return MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table").disable("image")


def _literal(name: str) -> str:
    """A name that Markdown shows as it is, on one line."""
    return re.sub(r"([\\`*_{}\[\]()#+.!|<>~&-])", r"\\\1", " ".join(name.split()))
