"""Addresses of the devices of a session: where they are, which key each shows, their radios, the confirming of keys."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from labs.errors import EpreuveError, UsageError
from labs.text import Text
from orchestrator.devices.lists import Places, following, listed
from orchestrator.devices.lookout import ask_for_look, is_asked
from orchestrator.engine import jobs, service
from orchestrator.engine.desk import Open
from orchestrator.exam import commands
from orchestrator.exam.devices import can_tell_radios
from orchestrator.exam.rules import OVER
from orchestrator.store import exams
from web.access import session_role
from web.devices import DeviceRow, confirm_shown
from web.errors import status_of
from web.site import actor, site
from web.supervisor.blueprint import routes
from web.supervisor.wall import device_titles
from web.uploads import takes_file

MAX_LIST = 64 << 10
"""Bytes of a list of addresses."""

Answer = str | Response | tuple[str, int]


@routes.get("/surveillance/<slug>/appareils")
@session_role("supervisor")
def devices(slug: str) -> Answer:
    """The devices of a session."""
    return _page(slug)


@routes.get("/surveillance/<slug>/appareils/etat")
@session_role("supervisor")
def devices_part(slug: str) -> Answer:
    """The list, when it is another than the one that ``?vu=`` names; else nothing, so that what is typed stays."""
    found = _found(slug)
    if request.args.get("vu") == found["seen"]:
        return "", 204
    return render_template("supervisor/devices_list.html", **found)


@routes.post("/surveillance/<slug>/appareils/adresses")
@session_role("supervisor")
@takes_file(MAX_LIST)
def place_devices(slug: str) -> Answer:
    """Say where devices are: a list, a file, or the first address and those that follow."""
    try:
        places = _places(site().desk.open(slug))
        machine = request.form.get("machine", "")
        site().desk.do(slug, commands.PlaceDevices(who=actor().who, machine=machine, places=places))
    except EpreuveError as error:
        return _page(slug, error, request.form), status_of(error)
    _look(slug)
    return redirect(url_for("supervisor.devices", slug=slug), 303)


@routes.post("/surveillance/<slug>/appareils/regard")
@session_role("supervisor")
def look_at_devices(slug: str) -> Response:
    """Have the service look for the devices now."""
    if site().desk.open(slug).exam.state not in OVER:
        _look(slug)
    return redirect(url_for("supervisor.devices", slug=slug), 303)


@routes.post("/surveillance/<slug>/<candidate>/appareils/<machine>/cle")
@session_role("supervisor")
def confirm_device(slug: str, candidate: str, machine: str) -> Answer:
    """Confirm the key that a device was said to show, as it was compared."""
    try:
        confirm_shown(slug, candidate, machine)
    except EpreuveError as error:
        return _page(slug, error, request.form), status_of(error)
    return redirect(url_for("supervisor.devices", slug=slug), 303)


@routes.post("/surveillance/<slug>/appareils/radios")
@session_role("supervisor")
def read_radios(slug: str) -> Response:
    """Have the devices tell their radios, by a job that outlives the page."""
    if site().desk.open(slug).exam.state not in OVER:
        site().jobs.note_radios(slug, actor().who)
    return redirect(url_for("supervisor.devices", slug=slug), 303)


@routes.post("/surveillance/<slug>/<candidate>/appareils/<machine>/radios")
@session_role("supervisor")
def note_radios(slug: str, candidate: str, machine: str) -> Answer:
    """Note the radios that are written on a device."""
    radios = tuple(re.split(r"[\s,;]+", request.form.get("radios", "").strip()))
    order = commands.TellRadios(who=actor().who, candidate=candidate, machine=machine, radios=radios)
    try:
        site().desk.do(slug, order)
    except EpreuveError as error:
        return _page(slug, error, {**request.form, "whose": f"{candidate}/{machine}"}), status_of(error)
    return redirect(url_for("supervisor.devices", slug=slug), 303)


def _look(slug: str) -> None:
    ask_for_look(site().settings.data_dir, slug)
    site().jobs.serve(actor().who)


def _page(slug: str, failed: EpreuveError | None = None, given: Mapping[str, str] | None = None) -> str:
    return render_template("supervisor/devices.html", failed=failed, given=given or {}, **_found(slug))


def _found(slug: str) -> dict[str, Any]:
    """What the page shows: a few queries, and no network."""
    with site().store.read() as tx:
        opened = site().desk.look(tx, slug)
        names = {one.id: f"{one.surname} {one.first_name}" for one in exams.candidates(tx, slug)}
    rows = _rows(opened, names)
    asked = is_asked(site().settings.data_dir, slug)
    serving = service.running(site().settings) is not None
    noting = jobs.noting(site().settings, slug)
    return {
        "slug": slug,
        "rows": rows,
        "titles": device_titles(opened),
        "asked": asked and serving,
        "serving": serving,
        "over": opened.exam.state in OVER,
        "noting": noting,
        "seen": hashlib.sha256(repr((rows, asked, serving, noting)).encode()).hexdigest()[:16],
    }


def _rows(opened: Open, names: Mapping[str, str]) -> list[DeviceRow]:
    return [
        DeviceRow(
            one.id,
            machine,
            one.devices.get(machine),
            names.get(one.id, ""),
            one.seat or "",
            can_tell_radios(one, machine),
        )
        for one in opened.exam.candidates.values()
        if one.state != "withdrawn"
        for machine in opened.exam.devices
    ]


def _places(opened: Open) -> Places:
    """Raises UsageError."""
    if first := request.form.get("first", "").strip():
        return following([one.id for one in opened.exam.candidates.values() if one.state != "withdrawn"], first)
    file = request.files.get("file")
    if file is None or not file.filename:
        return listed(request.form.get("list", ""))
    try:
        return listed(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UsageError(
            Text("Ce fichier n'est pas un texte.", "This file is no text."),
            where=file.filename[:80],
            do=Text(
                "Un fichier texte : « c01 192.168.1.11 », un par ligne.", "A text file: “c01 192.168.1.11”, one a line."
            ),
        ) from error
