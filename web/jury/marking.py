"""What the pages of marks share: the sheet as the juror who asks may see it, and writing into the book."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from flask import redirect, request
from pydantic import BaseModel, ValidationError
from werkzeug.wrappers import Response

from labs.text import Text
from orchestrator.exam import Refused
from orchestrator.exam.jury import RECORDABLE, WRITABLE
from orchestrator.marks import desk
from orchestrator.marks.documents import Document
from orchestrator.marks.fold import Grid, Marking
from orchestrator.marks.sheet import Sheet, read_sheet
from orchestrator.marks.views import seen_by
from orchestrator.store import accounts
from web.jury.evidence import Dossier, of_exam, open_dossier
from web.site import actor, site

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Table:
    """One candidate's sheet before one juror. sheet: what they may see of it; whole: what the rules go by, for counting
    only. names: how jurors are called, by id."""

    dossier: Dossier
    sheet: Sheet
    whole: Marking
    names: dict[str, str]

    @property
    def juror(self) -> str:
        """Who asks."""
        return actor().who

    @property
    def is_shut(self) -> bool:
        """Nothing is written yet (before the exam), any more (once it is sealed), or at all (nobody sat it)."""
        return self.dossier.opened.exam.state not in WRITABLE or self.dossier.sitting.state not in RECORDABLE

    @property
    def grid(self) -> Grid:
        """Their own grid."""
        return self.sheet.marking.grid(self.juror)

    @property
    def others(self) -> list[Grid]:
        """The grids of others that they may see."""
        return [grid for grid in self.sheet.marking.grids.values() if grid.juror != self.juror]

    def name(self, juror: str) -> str:
        """How a juror is called; their id where the account is gone."""
        return self.names.get(juror, juror)


def open_table(slug: str, candidate: str) -> Table:
    """A candidate's sheet with all that a page shows; 404 when nobody of this id sits this exam.

    Raises Refused, HistoryError, LabError.
    """
    dossier = open_dossier(slug, candidate)
    with site().store.read() as tx:
        sheet = read_sheet(tx, dossier.opened, candidate)
        names = {one.id: one.name for one in accounts.every(tx)}
    return Table(dossier, _seen(sheet), sheet.marking, names)


def open_sheet(slug: str, candidate: str) -> Sheet:
    """The sheet alone, as the juror who asks may see it: enough to say that something is saved. Raises the same."""
    opened, _ = of_exam(slug, candidate)
    with site().store.read() as tx:
        return _seen(read_sheet(tx, opened, candidate))


def _seen(sheet: Sheet) -> Sheet:
    return replace(sheet, marking=seen_by(sheet.marking, actor().who))


def made(model: type[M], **values: object) -> M:
    """A document of what was typed. Raises Refused when it cannot hold it."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        field = ".".join(map(str, error.errors(include_url=False, include_input=False)[0]["loc"]))
        raise Refused(
            Text("Ce qui a été saisi ne convient pas.", "What was typed does not fit."),
            where=field,
            do=Text("4 000 caractères au plus, sans caractères de contrôle.", "At most 4,000 characters, no controls."),
        ) from error


def write(slug: str, candidate: str, *documents: Document) -> None:
    """Write as the juror who asks; 404 when nobody of this id sits this exam. Raises Refused."""
    of_exam(slug, candidate)
    desk.write(site().desk, slug, candidate, *documents, who=actor().who)


def typed(name: str) -> str:
    """A field of the form that was sent."""
    return request.form.get(name, "")


def by_htmx() -> bool:
    """A part of the page asks, which is to be told what became of it."""
    return bool(request.headers.get("HX-Request"))


def then(address: str) -> Response:
    """After an order: the page anew, at this address."""
    if by_htmx():
        # To a place in the same page a browser would only scroll.
        anew = {"HX-Refresh": "true"} if "#" in address else {"HX-Redirect": address}
        return Response(status=200, headers=anew)
    return redirect(address, 303)
