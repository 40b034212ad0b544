"""Addresses for administrators."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from orchestrator.doctor import examine
from orchestrator.store import accounts as stored
from orchestrator.store import audit
from orchestrator.store.accounts import Role
from orchestrator.store.errors import RecordError
from web.access import account
from web.admin import deeds, staff
from web.admin.deeds import AccountError
from web.admin.forms import ROLE_WORDS, AccountForm, NewAccountForm, StaffForm
from web.admin.health import look
from web.admin.words import AUDIT_WORDS, FINDING_WORDS
from web.forms import typed
from web.site import note, now, site

routes = Blueprint("admin", __name__)

AUDIT_PAGE = 100

Answer = str | Response | tuple[str, int]


@routes.get("/administration/")
@account("administrator")
def accounts() -> Answer:
    """The accounts."""
    with site().store.read() as tx:
        return render_template("admin/accounts.html", accounts=stored.every(tx), now=now())


@routes.route("/administration/comptes/nouveau", methods=["GET", "POST"])
@account("administrator")
def new_account() -> Answer:
    """Make an account; its first password is shown once."""
    form, refused = NewAccountForm(), None
    if form.validate_on_submit():
        try:
            password = deeds.make(typed(form.account), typed(form.name), _roles(form), central=bool(form.central.data))
            return render_template("admin/password.html", account_id=typed(form.account), password=password)
        except RecordError as error:
            refused = error
    return (
        render_template("admin/new_account.html", form=form, refused=refused, words=ROLE_WORDS),
        200 if refused is None else 409,
    )


@routes.route("/administration/comptes/<account_id>", methods=["GET", "POST"])
@account("administrator")
def one_account(account_id: str) -> Answer:
    """An account: its name and roles."""
    with site().store.read() as tx:
        found = deeds.known(tx, account_id)
    form, refused = AccountForm(name=found.name, roles=list(found.roles)), None
    if form.validate_on_submit():
        try:
            deeds.change(account_id, typed(form.name), _roles(form))
            return redirect(url_for("admin.accounts"))
        except AccountError as error:
            refused = error
    return (
        render_template("admin/account.html", form=form, refused=refused, account=found, words=ROLE_WORDS, now=now()),
        200 if refused is None else 409,
    )


@routes.post("/administration/comptes/<account_id>/mot-de-passe")
@account("administrator")
def give_password(account_id: str) -> Answer:
    """Give an account a new password; it is shown once."""
    password = deeds.give_password(account_id)
    return render_template("admin/password.html", account_id=account_id, password=password)


@routes.post("/administration/comptes/<account_id>/fermer")
@account("administrator")
def disable(account_id: str) -> Answer:
    """Disable an account."""
    deeds.disable(account_id)
    return redirect(url_for("admin.one_account", account_id=account_id))


@routes.post("/administration/comptes/<account_id>/rouvrir")
@account("administrator")
def enable(account_id: str) -> Answer:
    """Enable an account, unlock it."""
    deeds.enable(account_id)
    return redirect(url_for("admin.one_account", account_id=account_id))


@routes.get("/administration/sessions")
@account("administrator")
def sessions() -> Answer:
    """Every session, and to whom it is entrusted."""
    with site().store.read() as tx:
        names = {one.id: one.name for one in stored.every(tx)}
        return render_template("admin/sessions.html", sessions=staff.every(tx), names=names)


@routes.route("/administration/sessions/<session>", methods=["GET", "POST"])
@account("administrator")
def entrust(session: str) -> Answer:
    """Entrust a session to supervisors and to a jury: those of the command line begin with nobody."""
    form = StaffForm()
    with site().store.read() as tx:
        found = staff.of(tx, session)
        form.offer(stored.every(tx), found)
    if form.validate_on_submit():
        deeds.entrust(session, {"supervisor": form.supervisor.data or [], "jury": form.jury.data or []})
        return redirect(url_for("admin.sessions"))
    return render_template("admin/entrust.html", form=form, session=found)


@routes.get("/administration/sante")
@account("administrator")
def health() -> Answer:
    """How the installation is doing."""
    return render_template("admin/health.html", health=look(site().settings, site().desk))


@routes.post("/administration/sante/examen")
@account("administrator")
def examination() -> Answer:
    """Look the host and its hypervisors over: takes some seconds."""
    note("examined")
    findings = list(examine(site().settings, simulated=site().simulated))
    return render_template("admin/examination.html", findings=findings, words=FINDING_WORDS)


@routes.get("/administration/journal")
@account("administrator")
def log() -> Answer:
    """The audit log, the newest first."""
    before = request.args.get("avant", type=int)
    with site().store.read() as tx:
        entries = audit.latest(tx, AUDIT_PAGE, before=before)
    older = entries[-1].id if len(entries) == AUDIT_PAGE else None
    return render_template("admin/log.html", entries=entries, older=older, words=AUDIT_WORDS)


def _roles(form: AccountForm) -> list[Role]:
    return cast("list[Role]", list(form.roles.data or ()))
