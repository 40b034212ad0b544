"""The navigation: what an account's roles let it open."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, request, url_for

from labs.text import Text
from orchestrator.store.accounts import Role
from web.site import actor

_ENTRIES: tuple[tuple[tuple[Role, ...], str, Text, Text], ...] = (
    (
        ("supervisor",),
        "supervisor.sessions",
        Text("Surveillance", "Supervision"),
        Text(
            "créer une session, préparer les postes, suivre la salle", "make a session, prepare benches, watch the room"
        ),
    ),
    (
        ("jury",),
        "jury.sessions",
        Text("Jury", "Jury"),
        Text("lire les preuves de chaque candidat", "read each candidate's evidence"),
    ),
    (
        ("trainer", "administrator"),
        "trainer.labs",
        Text("Sujets", "Labs"),
        Text("voir, apporter et essayer des sujets", "see, bring and try labs"),
    ),
    (
        ("administrator",),
        "admin.accounts",
        Text("Administration", "Administration"),
        Text("comptes, santé de l'installation, journal", "accounts, health of the installation, audit log"),
    ),
)
"""Who sees it, where it leads, its title, what is done there."""


@dataclass(frozen=True)
class Entry:
    """One entry. ``here``: the page belongs to it."""

    title: Text
    about: Text
    address: str
    here: bool


def entries() -> list[Entry]:
    """What to show whoever asks."""
    part = (request.endpoint or "").split(".")[0]
    return [
        Entry(title, about, url_for(endpoint), part == endpoint.split(".")[0])
        for roles, endpoint, title, about in _ENTRIES
        if actor().has(*roles)
    ]


def use_nav(app: Flask) -> None:
    """Make it known to templates as ``nav()``."""
    app.jinja_env.globals["nav"] = entries
