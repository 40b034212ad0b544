"""Making the application: one installation, its parts, and what holds for every request."""

from __future__ import annotations

import importlib
from datetime import timedelta

from flask import Flask, g, request, session
from flask_wtf.csrf import CSRFProtect

from labs.text import current_language
from orchestrator.engine.desk import Desk
from orchestrator.engine.jobs import DetachedJobs, Jobs
from orchestrator.settings import Settings
from orchestrator.store import Store
from web.access import check, public, require_rules
from web.auth.login import actor_of
from web.auth.oidc import use_oidc
from web.errors import use_errors
from web.headers import use_headers
from web.language import use_language
from web.nav import use_nav
from web.secret import load_secret
from web.site import NAME, Site, actor, site
from web.typography import use_typography
from web.uploads import allow_body
from web.words import use_words

PARTS = ("home", "auth", "supervisor", "candidate", "jury", "tickets", "trainer", "admin", "health")
"""Packages of this one; each has ``routes.routes``, a blueprint."""

MAX_BODY = 256 << 10
"""Bytes of a request's body, but where a view allows more (uploads): a candidate's notes at their longest fit in."""


def create_app(
    settings: Settings,
    store: Store,
    *,
    simulated: bool = False,
    console_port: int | None = None,
    secure: bool = False,
    desk: Desk | None = None,
    jobs: Jobs | None = None,
) -> Flask:
    """The application for one installation. settings: those in force (of what is simulated, when it is).

    secure: it is served over TLS. desk: another one than the store's own, with another clock; jobs: others than
    processes of their own (tests).
    """
    app = Flask("web", static_folder="static", template_folder="templates")
    app.extensions[NAME] = Site(
        settings,
        store,
        desk or Desk(store),
        load_secret(settings),
        jobs or DetachedJobs(settings, simulated=simulated),
        simulated,
        console_port,
    )
    app.config.update(
        SECRET_KEY=app.extensions[NAME].secret,
        SESSION_COOKIE_NAME="epreuve",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        PERMANENT_SESSION_LIFETIME=timedelta(days=1),
        MAX_CONTENT_LENGTH=MAX_BODY,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the login: an exam lasts longer than an hour
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(allow_body)
    app.before_request(_who_asks)
    use_language(app)
    app.before_request(check)  # before anything reads a body: only of those who may is it looked at
    CSRFProtect(app)
    use_headers(app)
    use_errors(app)
    use_words(app)
    use_typography(app)
    use_nav(app)
    use_oidc(app, settings.oidc)
    app.jinja_env.globals.update(site=site, actor=actor, language=current_language)
    public(app.view_functions["static"])
    for part in PARTS:
        app.register_blueprint(importlib.import_module(f"web.{part}.routes").routes)
    require_rules(app)
    return app


def _who_asks() -> None:
    if request.endpoint != "static":  # files are for everybody: the database is not asked who wants them
        g.actor = actor_of(session.get("login"))
