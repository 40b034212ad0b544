"""Bringing a lab: all its faults are shown in place, a sound one is put on the shelf. Nothing of it is run."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from labs.errors import EpreuveError
from labs.text import Text
from orchestrator.catalog import lab_names
from orchestrator.library.entries import MAX_ARCHIVE, MAX_ENTRIES, MAX_UNPACKED
from orchestrator.library.errors import ArchiveError, LibraryError
from orchestrator.library.faults import FaultyLabError
from orchestrator.library.intake import take_in
from web.access import account
from web.site import actor, note, now, site
from web.trainer.blueprint import routes
from web.trainer.forms import UploadForm
from web.uploads import takes_file


@routes.get("/sujets/ajouter")
@account("trainer")
def bring() -> str:
    """Where a lab is brought."""
    return _page(UploadForm())


@routes.post("/sujets/ajouter")
@account("trainer")
@takes_file(MAX_ARCHIVE)
def take() -> str | Response | tuple[str, int]:
    """Take a lab, or show what is wrong with it."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _page(form), 400
    try:
        lab = _put(form.archive.data)
    except FaultyLabError as error:
        return _page(form, faulty=error), 422
    except LibraryError as error:
        return _page(form, refused=error), 409
    note("lab-brought", f"{lab[0]}@{lab[1]} {lab[2]}")
    return redirect(url_for(".lab", lab=lab[0], version=lab[1]), 303)


def _put(sent: object) -> tuple[str, str, str]:
    if not isinstance(sent, FileStorage) or not sent.filename:
        raise ArchiveError(
            Text("Aucun fichier n'a été choisi.", "No file was chosen."),
            do=Text("Choisissez un fichier .zip ou .tar.gz.", "Choose a .zip or .tar.gz file."),
        )
    put = take_in(
        sent.stream,
        site().settings,
        who=actor().who,
        at=now(),
        trusted=actor().has("administrator"),
        taken=lab_names(),
    )
    return put.lab.id, str(put.lab.version), put.hash


def _page(form: UploadForm, *, faulty: FaultyLabError | None = None, refused: EpreuveError | None = None) -> str:
    return render_template(
        "trainer/bring.html",
        form=form,
        faulty=faulty,
        refused=refused,
        limits=(MAX_ARCHIVE >> 20, MAX_UNPACKED >> 20, MAX_ENTRIES),
    )
