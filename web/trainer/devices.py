"""Addresses of a trial's physical devices: where they are, and the confirming of the keys that they show."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from labs.errors import EpreuveError
from orchestrator.engine.trials import BENCH
from web.access import session_role
from web.devices import confirm_shown
from web.errors import status_of
from web.trainer.blueprint import routes
from web.trainer.open import open_trial, trial_lab
from web.trainer.placing import find, given_devices, shown_devices
from web.trainer.trial import trial_page

Answer = Response | tuple[str, int]


@routes.get("/essais/<slug>/appareils")
@session_role("trainer")
def devices_part(slug: str) -> str | tuple[str, int]:
    """The list, when it is another than the one that ``?vu=`` names; else nothing, so that what is typed stays."""
    here = open_trial(slug)
    shown = shown_devices(here.opened, trial_lab(here).lab)
    if request.args.get("vu") == shown["seen"]:
        return "", 204
    return render_template("trainer/devices_list.html", slug=slug, **shown)


@routes.post("/essais/<slug>/appareils")
@session_role("trainer")
def place_devices(slug: str) -> Answer:
    """Say where devices are, and have them looked for."""
    here = open_trial(slug)
    try:
        if given := given_devices(trial_lab(here).lab):
            find(slug, given)
    except EpreuveError as error:
        return trial_page(here, error, request.form), status_of(error)
    return redirect(url_for(".trial", slug=slug), 303)


@routes.post("/essais/<slug>/appareils/<machine>/cle")
@session_role("trainer")
def confirm_device(slug: str, machine: str) -> Answer:
    """Confirm the key that a device was said to show, as it was compared."""
    here = open_trial(slug)
    try:
        confirm_shown(slug, BENCH, machine)
    except EpreuveError as error:
        return trial_page(here, error), status_of(error)
    return redirect(url_for(".trial", slug=slug), 303)
