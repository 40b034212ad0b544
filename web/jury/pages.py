"""The pages that a jury reads: its sessions, the candidates of one, the evidence of one candidate."""

from __future__ import annotations

from flask import Response, abort, render_template, request, send_file

from checkers.report import CandidateReport
from checkers.report.html import candidate_parts, parts_css
from labs.text import current_language
from orchestrator.engine.judging import JudgingError, changes, read
from orchestrator.engine.screens import frozen_screen_path
from orchestrator.exam import SESSION_STATES
from orchestrator.exam.rules import COPYABLE
from orchestrator.store.judgements import StoredJudgement
from web.access import account, public, session_role
from web.jury.blueprint import routes
from web.jury.evidence import open_dossier
from web.jury.forms import judge_form
from web.jury.overview import overview
from web.jury.sessions import lines, waits_for
from web.site import actor, site

VERDICTS = ("PASS", "FAIL", "INCONCLUSIVE")
JUDGEABLE = (*COPYABLE, "closed")
"""States of a session in which frozen work can be judged (again)."""


@routes.get("/jury/")
@account("jury")
def sessions() -> str:
    """The sessions entrusted to whoever asks."""
    mine = [one for one in site().desk.sessions() if actor().is_trusted(one.exam.slug, "jury")]
    return render_template("jury/sessions.html", sessions=mine, states=SESSION_STATES)


@routes.get("/jury/<slug>/")
@session_role("jury")
def session(slug: str) -> str:
    """The candidates of a session. Asked by htmx: their table only."""
    opened = site().desk.open(slug)
    found = lines(opened)
    template = "jury/candidates.html" if request.headers.get("HX-Request") else "jury/session.html"
    return render_template(
        template,
        opened=opened,
        lines=found,
        states=SESSION_STATES,
        judged=[line for line in found if line.judgement],
        waiting=any(line.waits and line.sitting.state not in ("frozen", "absent", "withdrawn") for line in found),
        can_judge=opened.exam.state in JUDGEABLE,
        form=judge_form(opened),
        marking=overview(opened),
    )


@routes.get("/jury/<slug>/<candidate>")
@session_role("jury")
def candidate(slug: str, candidate: str) -> str:
    """The evidence of one candidate, as one judgement (``?jugement=2``) sees it. ``?verdict=``, ``?competence=``: only
    these checks."""
    dossier = open_dossier(slug, candidate)
    page = {
        "dossier": dossier,
        "waits": waits_for(dossier.opened.exam, dossier.sitting),
        "state": dossier.opened.exam.state,
    }
    if not dossier.is_observed or not dossier.judgements:
        can_judge = dossier.is_observed and page["state"] in JUDGEABLE
        return render_template("jury/waiting.html", **page, can_judge=can_judge)
    number = request.args.get("jugement", type=int)
    stored = dossier.judgement(number)
    try:
        report = dossier.report(number, with_journal=False)
    except JudgingError as error:
        return render_template("jury/unreadable.html", **page, error=error)
    only = _only(report)
    return render_template(
        "jury/candidate.html",
        **page,
        stored=stored,
        report=report,
        parts=candidate_parts(report, current_language(), hidden=_hidden(report, *only), zone=""),
        only=only,
        verdicts=VERDICTS,
        ticked=[task for task in report.tasks if task.id in dossier.page.ticked],
        unknown=sorted(set(dossier.page.ticked) - {task.id for task in report.tasks}),
        changed=_changed(dossier.judgements, stored.number),
        can_judge=page["state"] in JUDGEABLE,
        can_copy=page["state"] in COPYABLE,
    )


@routes.get("/jury/<slug>/<candidate>/ecran/<machine>")
@session_role("jury")
def screen(slug: str, candidate: str, machine: str) -> Response:
    """The screen of a machine as it was at the bell."""
    dossier = open_dossier(slug, candidate)
    if machine not in dossier.screens:
        abort(404)
    return send_file(frozen_screen_path(site().settings.benches_dir, slug, candidate, machine), mimetype="image/png")


@routes.get("/jury/rapport.css")
@public
def stylesheet() -> Response:
    """The style of the report's pieces."""
    return Response(parts_css(".report"), mimetype="text/css", headers={"Cache-Control": "public, max-age=3600"})


def _only(report: CandidateReport) -> tuple[str, str]:
    """The verdict and the competency that were asked for, each empty for all."""
    verdict, competency = request.args.get("verdict", ""), request.args.get("competence", "")
    known = {group.id for group in report.competencies}
    return (verdict if verdict in VERDICTS else "", competency if competency in known else "")


def _hidden(report: CandidateReport, verdict: str, competency: str) -> frozenset[str]:
    return frozenset(
        check.id
        for check in report.checks
        if (verdict and check.verdict.value != verdict) or (competency and check.competency != competency)
    )


def _changed(judgements: list[StoredJudgement], number: int) -> int | None:
    """How many checks this judgement sees otherwise than the one before; None when it is the first."""
    by_number = {one.number: one for one in judgements}
    if number - 1 not in by_number:
        return None
    return len(changes(read(by_number[number - 1]), read(by_number[number])))
