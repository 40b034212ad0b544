"""The navigation: what an account's roles let it open."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, request, url_for

from labs.text import Text
from orchestrator.store.accounts import Role
from web.site import actor

_ENTRIES: tuple[tuple[tuple[Role, ...], str, Text], ...] = (
    (("supervisor",), "supervisor.sessions", Text("Surveillance", "Supervision")),
    (("jury",), "jury.sessions", Text("Jury", "Jury")),
    (("trainer", "administrator"), "trainer.labs", Text("Sujets", "Labs")),
    (("administrator",), "admin.accounts", Text("Administration", "Administration")),
)


@dataclass(frozen=True)
class Entry:
    """One entry. ``here``: the page belongs to it."""

    title: Text
    address: str
    here: bool


def entries() -> list[Entry]:
    """What to show whoever asks."""
    part = (request.endpoint or "").split(".")[0]
    return [
        Entry(title, url_for(endpoint), part == endpoint.split(".")[0])
        for roles, endpoint, title in _ENTRIES
        if actor().has(*roles)
    ]


def use_nav(app: Flask) -> None:
    """Make it known to templates as ``nav()``."""
    app.jinja_env.globals["nav"] = entries
