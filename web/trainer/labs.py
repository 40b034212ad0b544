"""The catalog and a lab's page; approving and deleting. Nothing of a lab is run by any of this."""

from __future__ import annotations

import io
from collections.abc import Mapping

from flask import abort, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from labs.errors import EpreuveError
from labs.loader import LoadedLab
from labs.referential import load_referential
from labs.text import Text
from labs.variant import value_in_words
from orchestrator.catalog import Entry, catalog, find_entry
from orchestrator.engine import trials
from orchestrator.library import deposits, shelf
from orchestrator.library.errors import LibraryError
from orchestrator.library.faults import with_lines
from orchestrator.library.trust import is_trusted
from orchestrator.library.unpack import pack
from orchestrator.library.uses import sessions_with
from orchestrator.proving.book import standing
from web.access import account
from web.site import actor, note, now, site
from web.trainer.blueprint import routes
from web.trainer.view import coverage, example_paper, networks, parameter


@routes.get("/sujets/")
@account("trainer", "administrator")
def labs() -> str:
    """The catalog of labs."""
    entries = catalog(site().settings.labs_dir)
    certifications = {one.lab.lab.referential for one in entries if one.lab is not None}
    return render_template(
        "trainer/catalog.html",
        shipped=[one for one in entries if one.shipped],
        brought=[one for one in entries if not one.shipped],
        certifications={name: load_referential(name).title for name in certifications},
        my_trial=_my_trial(),
        standings={one.name: standing(one.lab, site().settings.proofs_dir) for one in entries if one.lab is not None},
    )


@routes.get("/sujets/<lab>/<version>")
@account("trainer", "administrator")
def lab(lab: str, version: str) -> str:
    """A lab's page."""
    entry = found(lab, version)
    if entry.lab is None:
        problems = getattr(entry.error, "problems", ())
        return render_template(
            "trainer/unusable.html", entry=entry, faults=with_lines(problems, entry.folder), count=len(problems)
        )
    return lab_page(entry, entry.lab)


def lab_page(
    entry: Entry, lab: LoadedLab, failed: EpreuveError | None = None, given: Mapping[str, str] | None = None
) -> str:
    """The page of a lab. failed, given: why no trial of it was begun, and what the form held."""
    return render_template(
        "trainer/lab.html",
        entry=entry,
        lab=lab.lab,
        referential=lab.referential,
        networks=networks(lab),
        paper=example_paper(lab),
        coverage=list(coverage(lab)),
        parameter=parameter,
        value_in_words=value_in_words,
        signer_known=_signer_known(entry),
        standing=standing(lab, site().settings.proofs_dir),
        my_trial=_my_trial(),
        failed=failed,
        given=given or {},
    )


@routes.get("/sujets/<lab>/<version>/archive")
@account("trainer", "administrator")
def archive(lab: str, version: str) -> Response:
    """The lab as a zip archive."""
    entry = found(lab, version)
    name = f"{entry.id}-{entry.version}"
    return send_file(
        io.BytesIO(pack(entry.folder, name)), "application/zip", as_attachment=True, download_name=f"{name}.zip"
    )


@routes.post("/sujets/<lab>/<version>/approuver")
@account("administrator")
def approve(lab: str, version: str) -> Response:
    """An administrator has read the lab and trusts it."""
    entry = found(lab, version)
    trusted = deposits.approve(usable(entry), who=actor().who, at=now(), seen=request.form.get("hash", ""))
    note("lab-approved", f"{entry.name} {trusted.hash}")
    return redirect(url_for(".lab", lab=lab, version=version), 303)


@routes.post("/sujets/<lab>/<version>/supprimer")
@account("trainer", "administrator")
def delete(lab: str, version: str) -> Response:
    """Delete a version that nobody uses."""
    entry = found(lab, version)
    if entry.shipped:
        raise LibraryError(
            Text("Ce sujet est fourni avec Épreuve.", "This lab is shipped with Épreuve."), where=entry.id
        )
    with site().store.write() as tx:  # no session is made meanwhile
        used = sessions_with(tx, site().settings.data_dir, entry.folder)
        if used:
            raise LibraryError(
                Text("Des sessions utilisent ce sujet.", "Sessions use this lab."),
                where=", ".join(used),
                do=Text("Purgez-les d'abord, ou gardez-le.", "Purge them first, or keep it."),
            )
        shelf.take_away(site().settings.labs_dir, entry.id, entry.version)
    note("lab-deleted", entry.name)
    return redirect(url_for(".labs"), 303)


def found(lab: str, version: str) -> Entry:
    """A version of a lab; 404 when there is none."""
    entry = find_entry(site().settings.labs_dir, lab, version)
    return abort(404) if entry is None else entry


def usable(entry: Entry) -> LoadedLab:
    """The lab of an entry. Raises what is wrong with it."""
    if entry.lab is None:
        raise entry.error or LibraryError(Text("Ce sujet est inutilisable.", "This lab cannot be used."))
    return entry.lab


def _signer_known(entry: Entry) -> bool:
    signer = None if entry.deposit is None else entry.deposit.signer
    return signer is not None and is_trusted(signer.public, site().settings.data_dir)


def _my_trial() -> str | None:
    """The trial that whoever asks has under way."""
    mine = actor().trusted or {}
    return next((slug for slug, held in mine.items() if "trainer" in held and _is_on(slug)), None)


def _is_on(slug: str) -> bool:
    return trials.is_trial(site().desk.open(slug))
