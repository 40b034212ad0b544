"""The device's web page: sign in, Wi-Fi, network, administration. Port 80, French."""

from __future__ import annotations

import hmac
import secrets
import subprocess
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, abort, flash, redirect, render_template, request, session, url_for

from . import PRODUCT
from .settings import (
    ADMIN,
    CHANNELS,
    PASSWORD_HASH,
    SECURITIES,
    SETTINGS,
    SettingError,
    faults,
    shown,
)
from .store import Store, is_password, new_password

APPLY = ["sudo", "-n", "/usr/sbin/netbox-apply"]
Applied = Callable[[], str]
WIFI = ("wifi.ssid", "wifi.band", "wifi.channel", "wifi.security", "wifi.key")
WIFI_SWITCHES = ("wifi.enabled", "wifi.hidden", "wifi.isolation")
LAN = ("lan.address", "lan.prefix", "lan.gateway", "system.hostname")


def apply_now() -> str:
    """Put the configuration into effect; the messages of what went wrong, else nothing."""
    try:
        done = subprocess.run(APPLY, capture_output=True, text=True, timeout=90, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "Erreur : la configuration n’a pas pu être mise en service."
    return done.stderr.strip() or "Erreur inconnue." if done.returncode else ""


def create_app(store: Store, apply: Applied = apply_now) -> Flask:
    app = Flask(__name__)
    app.secret_key = secrets.token_bytes(32)
    app.config.update(SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Strict", MAX_CONTENT_LENGTH=65536)

    @app.before_request
    def _guard() -> Any:
        if "csrf" not in session:
            session["csrf"] = secrets.token_urlsafe(16)
        if request.method == "POST":
            token = request.form.get("csrf", "")
            if not hmac.compare_digest(token.encode(), str(session["csrf"]).encode()):
                abort(400, "Formulaire périmé : rechargez la page.")
        if request.endpoint not in ("login", "static") and session.get("seal") != _seal():
            return redirect(url_for("login"))
        return None

    def _seal() -> str:
        """Ties a session to the password it was opened with: changing it closes the others."""
        return str(store.read()[PASSWORD_HASH])[-16:]

    @app.context_processor
    def _common() -> dict[str, Any]:
        return {"product": PRODUCT, "csrf": session.get("csrf", ""), "signed_in": "seal" in session}

    @app.after_request
    def _headers(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Content-Security-Policy"] = "default-src 'self'"
        return response

    @app.route("/login", methods=["GET", "POST"])
    def login() -> Any:
        if request.method == "POST":
            name, password = request.form.get("user", ""), request.form.get("password", "")
            if name == ADMIN and is_password(store.read(), password):
                session.clear()
                session["csrf"], session["seal"] = secrets.token_urlsafe(16), _seal()
                return redirect(url_for("wifi"))
            time.sleep(0.5)
            flash("Identifiant ou mot de passe incorrect.", "error")
            return render_template("login.html"), 401
        return render_template("login.html")

    @app.post("/logout")
    def logout() -> Any:
        session.clear()
        return redirect(url_for("login"))

    @app.get("/")
    def index() -> Any:
        return redirect(url_for("wifi"))

    def _save(names: tuple[str, ...], switches: tuple[str, ...] = ()) -> bool:
        """Store the settings of a form, all or none; then apply."""
        with store.editing():
            config = store.read()
            wrong = []
            for name in (*names, *switches):
                text = request.form.get(name, "non" if name in switches else "")
                if SETTINGS[name].secret and not text:
                    continue  # an empty key keeps the present one
                try:
                    config = {**config, name: SETTINGS[name].parse(text)}
                except SettingError as error:
                    wrong.append(f"{SETTINGS[name].label} : {error}")
            wrong = wrong or faults(config)
            if not wrong:
                store.write(config)
        for message in wrong:
            flash(message, "error")
        if wrong:
            return False
        failure = apply()
        flash(failure or "Réglages enregistrés et mis en service.", "error" if failure else "success")
        return not failure

    @app.route("/wifi", methods=["GET", "POST"])
    def wifi() -> Any:
        if request.method == "POST" and _save(WIFI, WIFI_SWITCHES):
            return redirect(url_for("wifi"))
        config = {**store.read(), **_typed(WIFI)}
        return render_template("wifi.html", c=config, channels=CHANNELS, securities=SECURITIES)

    @app.route("/reseau", methods=["GET", "POST"])
    def network() -> Any:
        if request.method == "POST" and _save(LAN):
            return redirect(url_for("network"))
        return render_template("network.html", c={**store.read(), **_typed(LAN)})

    @app.route("/administration", methods=["GET", "POST"])
    def administration() -> Any:
        if request.method == "POST":
            action = request.form.get("action", "")
            if action == "password":
                _change_password()
            elif action == "factory-reset":
                with store.editing():
                    store.reset()
                flash(apply() or "Réglages d’usine en service : reconnectez-vous.", "success")
                return redirect(url_for("login"))
        return render_template("administration.html", c=store.read())

    def _change_password() -> None:
        form = request.form
        if not is_password(store.read(), form.get("current", "")):
            flash("Le mot de passe actuel est incorrect.", "error")
            return
        if form.get("new", "") != form.get("again", ""):
            flash("Les deux saisies du nouveau mot de passe diffèrent.", "error")
            return
        try:
            with store.editing():
                store.write(new_password(store.read(), form.get("new", "")))
        except SettingError as error:
            flash(f"Erreur : {error}.", "error")
            return
        failure = apply()
        session["seal"] = _seal()
        flash(failure or "Mot de passe changé.", "error" if failure else "success")

    def _typed(names: tuple[str, ...]) -> dict[str, str]:
        """After a refused form, show what the person typed."""
        return {n: request.form[n] for n in names if request.method == "POST" and n in request.form}

    app.jinja_env.filters["shown"] = shown
    return app


def main() -> None:
    from waitress import serve  # type: ignore[import-untyped]

    serve(create_app(Store()), host="0.0.0.0", port=80, threads=4, ident="NETBOX")  # noqa: S104  the device's page
