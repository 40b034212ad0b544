"""Judging again after a check was corrected, and what that changed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from orchestrator.engine.judging import Change, changes, judge_again, read
from orchestrator.store.judgements import StoredJudgement
from web.access import session_role
from web.forms import typed
from web.jury.blueprint import routes
from web.jury.evidence import open_dossier
from web.jury.forms import JudgeForm, judge_form
from web.jury.pages import JUDGEABLE
from web.site import actor, site


@dataclass(frozen=True)
class Pair:
    """Two judgements, one after the other, and the checks that they see otherwise."""

    old: StoredJudgement
    new: StoredJudgement
    points: tuple[object, object]
    changes: list[Change]


@routes.get("/jury/<slug>/<candidate>/jugements")
@session_role("jury")
def judgements(slug: str, candidate: str) -> str:
    """Every judgement of a candidate, the last one first, with both verdicts of whatever changed."""
    dossier = open_dossier(slug, candidate)
    found = [(stored, read(stored)) for stored in dossier.judgements]
    pairs = [
        Pair(old, new, (before.points, after.points), changes(before, after))
        for (old, before), (new, after) in pairwise(found)
    ]
    return render_template(
        "jury/judgements.html",
        dossier=dossier,
        found=found[::-1],
        pairs=pairs[::-1],
        form=judge_form(dossier.opened),
        can_judge=dossier.is_observed and dossier.opened.exam.state in JUDGEABLE,
    )


@routes.post("/jury/<slug>/<candidate>/jugements")
@session_role("jury")
def judge(slug: str, candidate: str) -> str | Response | tuple[str, int]:
    """Judge a candidate's work (again)."""
    dossier = open_dossier(slug, candidate)
    form = judge_form(dossier.opened)
    if dossier.judgements and not form.validate_on_submit():
        return judgements(slug, candidate), 400
    _judge(slug, [candidate], form)
    return redirect(url_for("jury.judgements", slug=slug, candidate=candidate), 303)


@routes.post("/jury/<slug>/juger")
@session_role("jury")
def judge_all(slug: str) -> Response:
    """Judge everybody's work again, all of it or none: a corrected check is corrected for all."""
    opened = site().desk.open(slug)
    candidates = opened.exam.candidates.items()
    frozen = [name for name, one in candidates if one.state == "frozen" and one.observation is not None]
    _judge(slug, frozen, judge_form(opened))
    return redirect(url_for("jury.session", slug=slug), 303)


def _judge(slug: str, candidates: list[str], form: JudgeForm) -> None:
    version = form.lab_version.data if "lab_version" in form else ""
    judge_again(
        site().desk, site().settings, slug, candidates, who=actor().who, why=typed(form.why), lab_version=version or ""
    )
