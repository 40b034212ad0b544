"""What the pages of marks share: the sheet as the juror who asks may see it, and writing into the book."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from flask import abort, redirect, request
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
from web.jury.evidence import Dossier, open_dossier
from web.site import actor, site

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Desk:
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
        """Nothing is written any more (the session is sealed), or there is nobody to write about."""
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


def open_sheet(slug: str, candidate: str) -> Desk:
    """A candidate's sheet; 404 when nobody of this id sits this exam. Raises Refused, HistoryError, LabError."""
    dossier = open_dossier(slug, candidate)
    with site().store.read() as tx:
        sheet = read_sheet(tx, dossier.opened, candidate)
        names = {one.id: one.name for one in accounts.every(tx)}
    seen = replace(sheet, marking=seen_by(sheet.marking, actor().who))
    return Desk(dossier, seen, sheet.marking, names)


def require_candidate(slug: str, candidate: str) -> None:
    """404 when nobody of this id sits this exam."""
    if candidate not in site().desk.open(slug).exam.candidates:
        abort(404)


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


def write(slug: str, candidate: str, *documents: Document) -> bool:
    """Write as the juror who asks; whether there was anything new. Raises Refused."""
    return bool(desk.write(site().desk, slug, candidate, *documents, who=actor().who))


def typed(name: str) -> str:
    """A field of the form that was sent."""
    return request.form.get(name, "")


def then(address: str) -> Response:
    """After an order: the page anew, at this address."""
    if request.headers.get("HX-Request"):
        answer = Response(status=200)
        answer.headers["HX-Redirect" if "#" not in address else "HX-Refresh"] = (
            address if "#" not in address else "true"
        )
        return answer
    return redirect(address, 303)
