"""A page with the consoles of a candidate's machines and nothing else, served with the real proxy beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template_string, url_for
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from labs.text import Text
from orchestrator.engine.desk import Desk
from orchestrator.settings import Settings
from orchestrator.store import Store
from tests.browser.local import Quiet
from tests.console_proxy import Proxy, proxy
from web.access import seated
from web.app import create_app
from web.console.answer import answer, unavailable
from web.site import actor

_PAGE = """
{% extends "base.html" %}
{% from "console.html" import console_assets, consoles %}
{% block title %}{{ t("Consoles", "Consoles") }}{% endblock %}
{% block head %}{{ console_assets() }}{% endblock %}
{% block body %}<h1>{{ t("Consoles", "Consoles") }}</h1>{{ consoles(machines) }}{% endblock %}
"""


@dataclass
class ConsoleSite:
    """Where the page is, the proxy, and how to sign in."""

    address: str
    proxy: Proxy
    cookie: Callable[[str], str]

    def open(self, browser: Browser, secret: str, **options: Any) -> Page:
        """The page in a window of its own, signed in with a login's secret. Close its context."""
        context = browser.new_context(**options)
        self.be(context, secret)
        page = context.new_page()
        page.goto(f"{self.address}/essai")
        return page

    def be(self, context: BrowserContext, secret: str) -> None:
        """Be signed in."""
        context.add_cookies([{"name": "epreuve", "value": self.cookie(secret), "url": self.address}])


@contextmanager
def console_site(
    settings: Settings, store: Store, desk: Desk, machines: tuple[str, ...], *, simulated: bool = True
) -> Iterator[ConsoleSite]:
    """Serve it until the block ends. Whoever is seated sees the machines of their own bench."""
    apps: list[Any] = []
    server = make_server(
        "127.0.0.1", 0, lambda environ, start: apps[0](environ, start), threaded=True, request_handler=Quiet
    )
    address = f"http://127.0.0.1:{server.port}"
    with proxy(settings, simulated=simulated, origins=(address,)) as running:
        port = int(running.address.rpartition(":")[2])
        app = create_app(settings, store, simulated=simulated, console_port=port, desk=desk)
        app.register_blueprint(_routes(machines))
        apps.append(app)

        def cookie(secret: str) -> str:
            serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
            return str(serializer.dumps({"login": secret}))

        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        try:
            yield ConsoleSite(address, running, cookie)
        finally:
            server.shutdown()
            serving.join()
            server.server_close()


def _routes(machines: tuple[str, ...]) -> Blueprint:
    routes = Blueprint("essai", __name__)

    @routes.get("/essai")
    @seated
    def page() -> str:
        listed = [
            {"machine": one, "title": one.capitalize(), "token_url": url_for("essai.console", machine=one)}
            for one in machines
        ]
        return render_template_string(_PAGE, machines=listed)

    @routes.get("/essai/console/<machine>")
    @seated
    def console(machine: str) -> Response:
        seat = actor().seat
        assert seat
        return answer("candidate", *seat, machine) if machine in machines else unavailable(Text("Aucune.", "None."))

    return routes
