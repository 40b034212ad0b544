"""A trial: a lab tried at a bench of one's own, observed and judged as an exam's would be."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response as FlaskResponse
from flask import abort, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from checkers.facts import Observation
from checkers.report import CandidateReport
from checkers.report.html import candidate_html
from labs.errors import EpreuveError
from labs.loader import LoadedLab
from labs.paper import paper
from labs.text import current_language
from orchestrator.catalog import find_entry
from orchestrator.engine import trials
from orchestrator.engine.actual import FROZEN, OBSERVED
from orchestrator.engine.trials import BENCH
from orchestrator.engine.watching import last_seen, look_on
from orchestrator.exam import commands
from orchestrator.sessions import load_session
from orchestrator.stored import judged
from web.access import account, session_role
from web.console.answer import answer
from web.errors import status_of
from web.site import actor, site
from web.trainer.blueprint import routes
from web.trainer.forms import ResetForm
from web.trainer.labs import found, lab_page, usable
from web.trainer.open import Trial, open_trial, trial_lab
from web.trainer.placing import find, given_devices, shown_devices


@routes.post("/sujets/<lab>/<version>/essayer")
@account("trainer")
def begin(lab: str, version: str) -> Response | tuple[str, int]:
    """Begin a trial of a lab, and have its bench made."""
    me = actor().account
    assert me is not None  # noqa: S101 - the rule says so
    entry = found(lab, version)
    chosen = usable(entry)
    try:
        given = given_devices(chosen.lab)
        slug = trials.begin_trial(site().desk, chosen, who=me.id, name=me.name, simulated=site().simulated)
    except EpreuveError as error:
        return lab_page(entry, chosen, error, request.form), status_of(error)
    if given:
        find(slug, given)
    site().jobs.prepare(slug, me.id)
    return redirect(url_for(".trial", slug=slug), 303)


@routes.get("/essais/<slug>")
@session_role("trainer")
def trial(slug: str) -> str:
    """A trial's page."""
    return trial_page(open_trial(slug))


def trial_page(here: Trial, failed: EpreuveError | None = None, given: Mapping[str, str] | None = None) -> str:
    """The page of a trial. failed, given: what was refused of its devices, and what the form held."""
    lab = trial_lab(here)
    return render_template(
        "trainer/trial.html",
        trial=here,
        lab=lab.lab,
        subject=_subject(here, lab),
        report=_report(here, lab),
        reset=ResetForm().offer(here.opened.exam.machines),
        failed=failed,
        given=given or {},
        **shown_devices(here.opened, lab.lab),
    )


@routes.get("/essais/<slug>/etat")
@session_role("trainer")
def state(slug: str) -> FlaskResponse:
    """How it goes, for the page that asks again and again; another state makes another page."""
    here = open_trial(slug)
    response = make_response(render_template("trainer/trial_state.html", trial=here))
    if request.args.get("vu") != here.state:
        response.headers["HX-Refresh"] = "true"
    return response


@routes.get("/essais/<slug>/console/<machine>")
@session_role("trainer")
def console(slug: str, machine: str) -> FlaskResponse:
    """What opens the screen of a machine."""
    here = open_trial(slug)
    if machine not in here.opened.exam.machines:
        abort(404)
    return answer("trainer", slug, BENCH, machine)


@routes.post("/essais/<slug>/preparer")
@session_role("trainer")
def prepare(slug: str) -> Response:
    """Try to have the bench made again."""
    open_trial(slug)
    site().jobs.prepare(slug, actor().who)
    return _back(slug)


@routes.post("/essais/<slug>/commencer")
@session_role("trainer")
def start(slug: str) -> Response:
    """Let its time run."""
    open_trial(slug)
    site().desk.do(slug, commands.Start(who=actor().who))
    return _back(slug)


@routes.post("/essais/<slug>/reinitialiser")
@session_role("trainer")
def reset(slug: str) -> Response:
    """Bring a machine, or all, back to the start."""
    here = open_trial(slug)
    form = ResetForm().offer(here.opened.exam.machines)
    if not form.validate_on_submit():
        abort(400)
    order = commands.AskReset(who=actor().who, why="essai", candidate=BENCH, machine=form.machine.data or None)
    site().desk.do(slug, order)
    return _back(slug)


@routes.get("/essais/<slug>/verdicts")
@session_role("trainer")
def watch(slug: str) -> str:
    """The verdicts as they are now, for the page that asks again and again: so the bench is observed again, too."""
    here = open_trial(slug)
    on = "suivre" in request.args and here.state == "running"
    bench = site().settings.benches_dir / slug / BENCH
    if on:
        look_on(bench)
    return render_template("trainer/watch.html", trial=here, on=on, seen=last_seen(bench))


@routes.post("/essais/<slug>/observer")
@session_role("trainer")
def observe(slug: str) -> Response:
    """Freeze the bench, have it observed and judged."""
    open_trial(slug)
    site().desk.do(slug, commands.Freeze(who=actor().who, why="essai"))
    return _back(slug)


@routes.get("/essais/<slug>/rapport")
@session_role("trainer")
def report(slug: str) -> FlaskResponse:
    """The evidence report, as the jury would have it, to keep: of the trial nothing will stay here."""
    here = open_trial(slug)
    made = _report(here, trial_lab(here)) or abort(404)
    response = make_response(candidate_html(made, current_language()))
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.html"'
    return response


@routes.post("/essais/<slug>/terminer")
@session_role("trainer")
def end(slug: str) -> Response:
    """End it; nothing of it stays."""
    exam = open_trial(slug).opened.exam
    trials.end_trial(site().desk, slug, who=actor().who)
    site().jobs.serve(actor().who)
    if find_entry(site().settings.labs_dir, exam.lab, exam.lab_version) is None:
        return redirect(url_for(".labs"), 303)
    return redirect(url_for(".lab", lab=exam.lab, version=exam.lab_version), 303)


def _subject(trial: Trial, lab: LoadedLab) -> Markup | None:
    """The paper with the secrets of this bench, once they are drawn."""
    try:
        secrets = load_session(site().settings.data_dir, trial.slug).secrets
        own = lab.drawn(seed=trial.opened.exam.variants_seed, session=trial.slug, candidate=BENCH)
        shown = paper(own.lab, own.subject, secrets=secrets, variants=own.values, candidate="")
        return Markup(shown)  # noqa: S704 - our own renderer
    except EpreuveError:
        return None


def _report(trial: Trial, lab: LoadedLab) -> CandidateReport | None:
    """What was observed, judged now; None as long as nothing was."""
    if trial.sitting.state != "frozen" or trial.sitting.observation is None:
        return None
    path = site().settings.benches_dir / trial.slug / BENCH / FROZEN / OBSERVED
    observation = Observation.model_validate_json(path.read_bytes())
    return judged(lab, observation).report(1)


def _back(slug: str) -> Response:
    return redirect(url_for(".trial", slug=slug), 303)
