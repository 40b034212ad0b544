"""The physical devices of a trial: what a form says of them, and what its page shows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import request

from labs.model import Lab
from labs.text import Text
from orchestrator.devices.given import Given, read_given
from orchestrator.engine import jobs, trials
from orchestrator.engine.desk import Open
from orchestrator.engine.trials import BENCH
from orchestrator.exam import Refused
from orchestrator.exam.rules import OPEN
from web.devices import DeviceRow
from web.site import actor, site

MAX_TYPED = 120
"""Characters of an address or of a key."""


def given_devices(lab: Lab) -> dict[str, Given]:
    """The devices that a form places: those whose address, or key, was filled in. Raises UsageError."""
    typed = {}
    for name in lab.devices:
        address, key = (request.form.get(f"{field}-{name}", "").strip()[:MAX_TYPED] for field in ("address", "key"))
        if address or key:
            typed[name] = f"{address},{key}"
    return read_given(lab, typed)


def find(slug: str, given: Mapping[str, Given]) -> None:
    """Note where devices of a trial are, and have them looked for by a job. Raises Refused, also while the last one is
    at it: it would not know these keys."""
    job = jobs.comparing(site().settings, slug)
    if job is not None and job.at_work:
        raise Refused(
            Text("Les appareils sont encore cherchés.", "The devices are still being looked for."),
            where=slug,
            do=Text("Recommencez dans quelques secondes.", "Try again in some seconds."),
        )
    trials.place_devices(site().desk, slug, given, who=actor().who)
    keys = {name: one.key for name, one in given.items() if one.key}
    site().jobs.compare_keys(slug, actor().who, keys, why="essai")


def shown_devices(opened: Open, lab: Lab) -> dict[str, Any]:
    """What the page of a trial shows of them."""
    known = opened.exam.candidates[BENCH].devices
    rows = [DeviceRow(BENCH, name, known.get(name)) for name in opened.exam.devices]
    job = jobs.comparing(site().settings, opened.exam.slug)
    return {
        "rows": rows,
        "titles": {name: device.title for name, device in lab.devices.items()},
        "comparing": job,
        "open": opened.exam.state in OPEN,
        "seen": hashlib.sha256(repr((rows, job)).encode()).hexdigest()[:16],
    }
