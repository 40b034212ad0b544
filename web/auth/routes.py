"""Addresses to sign in and out."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from labs.text import Text
from orchestrator.store import accounts, audit, logins
from orchestrator.store.accounts import ROLES, Account
from web.access import account, public
from web.auth import login
from web.auth.errors import LoginError
from web.auth.forms import ChangePasswordForm, FirstAccountForm, SeatForm, SignInForm
from web.auth.next import safe_next
from web.auth.oidc import central_sign_in, who_signed_in
from web.auth.passwords import hash_password, is_right
from web.forms import typed
from web.site import actor, address, now, site

routes = Blueprint("auth", __name__)

FIRST = "first-account"
"""Purpose of the one-time link that ``epreuve serve`` prints."""

Answer = str | Response | tuple[str, int]


@routes.route("/connexion", methods=["GET", "POST"])
@public
def sign_in() -> Answer:
    """Sign in with an account."""
    form, refused = SignInForm(), None
    if form.validate_on_submit():
        try:
            login.sign_in(typed(form.account).lower(), form.password.data or "")
            return redirect(safe_next())
        except LoginError as error:
            refused = error
    return render_template("auth/sign_in.html", form=form, refused=refused), 200 if refused is None else 403


@routes.post("/connexion/centre")
@public
def central() -> Answer:
    """Go to the centre's own sign-in."""
    return central_sign_in(url_for("auth.central_back", _external=True))


@routes.get("/connexion/centre/retour")
@public
def central_back() -> Answer:
    """Come back from it."""
    try:
        login.remember(who_signed_in())
    except LoginError as error:
        return render_template("auth/sign_in.html", form=SignInForm(), refused=error), 403
    return redirect(url_for("home.index"))


@routes.route("/place", methods=["GET", "POST"])
@public
def seat() -> Answer:
    """Sit down with a seat code."""
    form, refused = SeatForm(), None
    if form.validate_on_submit():
        try:
            login.sit_down(typed(form.code))
            return redirect(url_for("candidate.page"))
        except LoginError as error:
            refused = error
    return render_template("auth/seat.html", form=form, refused=refused), 200 if refused is None else 403


@routes.post("/deconnexion")
@public
def sign_out() -> Answer:
    """Sign out."""
    login.sign_out()
    return redirect(url_for("home.index"))


@routes.route("/mot-de-passe", methods=["GET", "POST"])
@account()
def password() -> Answer:
    """Change one's own password; all other browsers of this account are signed out."""
    asks = actor()
    assert asks.account is not None  # noqa: S101 - the rule
    form, refused = ChangePasswordForm(), None
    if form.validate_on_submit():
        if is_right(asks.account.password, form.old.data or ""):
            with site().store.write() as tx:
                accounts.change(
                    tx, asks.account.id, password=hash_password(form.password.data or ""), must_change=False
                )
                logins.end_account(tx, asks.account.id, now(), but=asks.login or "")
                audit.note(tx, at=now(), who=asks.account.id, what="password-changed", address=address())
            return redirect(url_for("home.index"))
        refused = Text("Le mot de passe actuel est faux.", "The present password is wrong.")
    return render_template("auth/password.html", form=form, refused=refused), 200 if refused is None else 403


@routes.route("/premier-compte/<secret>", methods=["GET", "POST"])
@public
def first_account(secret: str) -> Answer:
    """Make the first account with the one-time link. It holds every role: the centre shares them out later."""
    with site().store.read() as tx:
        if accounts.count(tx) or not logins.is_open(tx, secret, FIRST, now()):
            abort(404)
    form = FirstAccountForm()
    if not form.validate_on_submit():
        return render_template("auth/first_account.html", form=form)
    new = Account(
        id=typed(form.account),
        name=typed(form.name),
        roles=ROLES,
        created_at=now(),
        password=hash_password(form.password.data or ""),
    )
    with site().store.write() as tx:
        if accounts.count(tx) or not logins.use_link(tx, secret, FIRST, now()):
            abort(404)
        accounts.create(tx, new)
        audit.note(tx, at=now(), who=new.id, what="first-account", address=address())
    session.clear()
    login.remember(new)
    return redirect(url_for("home.index"))
