"""Addresses of the list of sessions, and of the form that makes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response as Answered
from flask import redirect, render_template, request, url_for
from openpyxl.utils import get_column_letter
from werkzeug.wrappers import Response

from labs.errors import EpreuveError, UsageError
from labs.formats import Format, as_rehearsal
from labs.loader import LoadedLab
from labs.text import Text
from orchestrator.catalog import catalog
from orchestrator.engine.desk import Open
from orchestrator.engine.opening import choose_format, enrolments, open_session, phases_of
from orchestrator.proving.book import Standing, standing
from orchestrator.roster import RosterError, parse_roster
from orchestrator.simulation import is_recorded
from orchestrator.store import accounts
from orchestrator.store.accounts import Account
from orchestrator.store.errors import RecordError
from web.access import account
from web.errors import status_of
from web.forms import typed
from web.site import actor, site
from web.supervisor.blueprint import routes
from web.supervisor.forms import CreateForm, minutes_in, offered_formats
from web.uploads import takes_file

MAX_ROSTER = 1 << 20
"""Bytes of a roster; a list of 500 candidates has some 50 000."""

_CREATE = "/surveillance/creer-une-session"
"""Longer than any session's name: no session is hidden behind it."""

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Listed:
    """A session in the list. counts: candidates by what they do."""

    opened: Open
    present: int
    at_work: int
    frozen: int


@routes.get("/surveillance/")
@account("supervisor")
def sessions() -> str:
    """The sessions entrusted to whoever asks, the newest first."""
    mine = [one for one in site().desk.sessions() if actor().is_trusted(one.exam.slug, "supervisor")]
    return render_template("supervisor/sessions.html", sessions=[_listed(one) for one in reversed(mine)])


@routes.route(_CREATE, methods=["GET", "POST"])
@account("supervisor")
@takes_file(MAX_ROSTER)
def create() -> Answer:
    """Make a session. With htmx only what is wrong is sent back, so that the form stays as it is, its file too."""
    form, lab, failed = _form(), None, None
    try:
        labs = _labs()
        lab = _lab(labs)
        form.offer(labs, lab, _accounts(), _me())
        if form.validate_on_submit():
            return _gone_to(_created(form, lab))
    except EpreuveError as error:
        failed = error
    wrong = failed is not None or bool(form.errors)
    page = "supervisor/faults.html" if wrong and request.headers.get("HX-Request") else "supervisor/create.html"
    status = (
        200 if not wrong else 422 if failed is None else 409 if isinstance(failed, RecordError) else status_of(failed)
    )
    return (
        render_template(
            page,
            form=form,
            failed=failed,
            problems=_problems(failed),
            chosen=_chosen(form, lab),
            given=request.values,
            standing=_standing(lab),
        ),
        status,
    )


@routes.get(f"{_CREATE}/format")
@account("supervisor")
def format_part() -> str:
    """The part of the form that depends on the lab and the format."""
    labs = _labs()
    form, lab = CreateForm(request.args, meta={"csrf": False}), _lab(labs)
    form.offer(labs, lab, [], _me())
    return render_template(
        "supervisor/format.html", form=form, chosen=_chosen(form, lab), given=request.args, standing=_standing(lab)
    )


def _form() -> CreateForm:
    form = CreateForm()
    if not site().simulated:
        del form.clock_speed
    return form


def _labs() -> dict[str, LoadedLab]:
    """The labs that benches can be made of, by name; of simulated machines, those that answers were recorded for."""
    entries = [one for one in catalog(site().settings.labs_dir) if one.usable and not one.hidden]
    real = not site().simulated
    return {one.name: one.lab for one in entries if one.lab is not None and (real or is_recorded(one.lab.lab.id))}


def _lab(labs: Mapping[str, LoadedLab]) -> LoadedLab:
    """The lab that is chosen, or else the first; never a folder that somebody names."""
    wanted = request.values.get("lab") or next(iter(labs))
    if wanted not in labs:
        raise UsageError(Text("Ce sujet n'existe pas.", "There is no such lab."))
    return labs[wanted]


def _chosen(form: CreateForm, lab: LoadedLab | None) -> Format | None:
    """The format that is chosen, or else the first."""
    if lab is None:
        return None
    offered = {one.id: one for one in offered_formats(lab)}
    if not offered:
        return None
    format_ = offered.get(str(form.format.data)) or next(iter(offered.values()))
    return as_rehearsal(format_) if form.rehearsal.data else format_


def _standing(lab: LoadedLab | None) -> Standing | None:
    return None if lab is None else standing(lab, site().settings.proofs_dir)


def _created(form: CreateForm, lab: LoadedLab) -> str:
    """Make it; its slug. Raises RosterError with every fault of the file, FormatError, Refused, RecordError."""
    format_id, rehearsal = str(form.format.data), bool(form.rehearsal.data)
    plain = choose_format(lab, format_id, rehearsal=rehearsal)
    format_ = choose_format(lab, format_id, rehearsal=rehearsal, minutes=minutes_in(request.form, plain))
    data = form.roster.data.stream.read(MAX_ROSTER + 1)
    if len(data) > MAX_ROSTER:
        raise UsageError(
            Text("La liste fait plus de 1 Mio.", "The roster is larger than 1 MiB."),
            do=Text("Gardez la liste seule.", "Keep the list alone."),
        )
    slug, me = typed(form.slug), _me()
    open_session(
        site().desk,
        slug,
        lab,
        enrolments(parse_roster(data)),
        format_id=format_.id,
        phases=phases_of(format_, lab),
        who=actor().who,
        retention_days=int(form.retention.data or 0),
        simulated=site().simulated,
        clock_speed=float(form.clock_speed.data or 1) if site().simulated else 1.0,
        trusted={
            "supervisor": [me.id, *(form.supervisors.data or [])],
            "jury": [*([me.id] if "jury" in me.roles else []), *(form.jury.data or [])],
        },
        proofs=site().settings.proofs_dir,
        unproved=typed(form.unproved),
    )
    return slug


def _gone_to(slug: str) -> Response:
    there = url_for("supervisor.wall", slug=slug)
    if request.headers.get("HX-Request"):
        return Answered(status=204, headers={"HX-Redirect": there})
    return redirect(there)


def _problems(failed: EpreuveError | None) -> list[tuple[str, str, Text, Text]]:
    """The faults of a roster: line, column, what, what to do."""
    if not isinstance(failed, RosterError):
        return []
    return [
        (
            "" if one.line is None else str(one.line),
            "" if one.column is None else f"{get_column_letter(one.column)} {one.header}".strip(),
            one.what,
            one.do,
        )
        for one in failed.problems
    ]


def _listed(opened: Open) -> Listed:
    states = [one.state for one in opened.exam.candidates.values()]
    return Listed(
        opened,
        present=sum(state not in ("absent", "withdrawn") for state in states),
        at_work=sum(state in ("running", "paused") for state in states),
        frozen=states.count("frozen"),
    )


def _me() -> Account:
    found = actor().account
    assert found is not None  # noqa: S101 - the rule
    return found


def _accounts() -> list[Account]:
    with site().store.read() as tx:
        return accounts.every(tx)
