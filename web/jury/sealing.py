"""Sealing a session, and the sealed dossiers as files: for juries and supervisors alike."""

from __future__ import annotations

from flask import Response, abort, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response as Redirection

from orchestrator.dossier.files import dossier_file
from orchestrator.dossier.sealing import without_decision
from orchestrator.engine.jobs import sealing
from orchestrator.minutes.read import read_minutes
from orchestrator.sealed.keys import ensure_key
from orchestrator.store import exams
from web.access import session_role
from web.forms import typed
from web.jury.blueprint import routes
from web.jury.evidence import name_of
from web.jury.forms import SealForm
from web.site import actor, note, site


@routes.get("/jury/<slug>/sceau")
@session_role("jury", "supervisor")
def seal(slug: str) -> str:
    """What sealing does, who has no signed decision yet, and the dossiers once they are sealed."""
    return _shown(slug, SealForm())


@routes.get("/jury/<slug>/sceau/etat")
@session_role("jury", "supervisor")
def seal_state(slug: str) -> Response:
    """How far sealing is, for htmx; when it is over the page is loaded anew."""
    job = sealing(site().settings, slug)
    response = Response(render_template("jury/seal_state.html", slug=slug, job=job))
    if job is None or not job.at_work:
        response.headers["HX-Refresh"] = "true"
    return response


@routes.post("/jury/<slug>/sceau")
@session_role("jury", "supervisor")
def seal_session(slug: str) -> Redirection | tuple[str, int]:
    """Have the session sealed, by a job that outlives the page."""
    form = SealForm()
    if not form.validate_on_submit():
        return _shown(slug, form), 400
    site().jobs.seal(slug, actor().who, why=typed(form.why), force=bool(form.force.data))
    return redirect(url_for("jury.seal", slug=slug), 303)


@routes.get("/jury/<slug>/<candidate>/dossier")
@session_role("jury", "supervisor")
def sealed(slug: str, candidate: str) -> Response | Redirection:
    """The sealed dossier of one candidate, in the very bytes that were sealed; before that, the page that says so. Who
    took it is in the audit log."""
    sitting = site().desk.open(slug).exam.candidates.get(candidate)
    if sitting is None:
        abort(404)
    path = dossier_file(site().settings, slug, candidate)
    if sitting.dossier is None or not path.is_file():
        return redirect(url_for("jury.seal", slug=slug), 303)
    note("dossier-taken", f"{slug}/{candidate}")
    return send_file(path, mimetype="application/zip", as_attachment=True, download_name=path.name)


def _shown(slug: str, form: SealForm) -> str:
    opened = site().desk.open(slug)
    closed = opened.exam.state == "closed"
    with site().store.read() as tx:
        people = {one.id: one for one in exams.candidates(tx, slug)}
    names = {name: name_of(people.get(name), name) for name in opened.exam.candidates}
    done = [name for name, one in opened.exam.candidates.items() if one.dossier]
    files = {name: dossier_file(site().settings, slug, name) for name in done}
    return render_template(
        "jury/seal.html",
        opened=opened,
        slug=slug,
        form=form,
        names=names,
        undecided=without_decision(read_minutes(site().desk, slug), opened.exam) if closed else [],
        job=sealing(site().settings, slug),
        key=ensure_key(site().settings.data_dir).public,
        sizes={name: path.stat().st_size for name, path in files.items() if path.is_file()},
        sealed=done,
        is_jury=actor().is_trusted(slug, "jury"),
    )
