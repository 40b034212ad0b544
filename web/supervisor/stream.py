"""The stream of a wall: at first everything, then what has changed, and between that the time.

A stream ends after some minutes, and at once when who reads it may not any more: the browser asks again, and is asked
who it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from time import monotonic, sleep

from flask import session

from labs.text import Language, speak
from web.auth.login import actor_of
from web.supervisor.wall import EVERY_S, TICK, Snapshot, tile_event, walls

LIMIT_S = 300.0
TICK_EVERY_S = 2.0
CHECK_EVERY_S = 5.0
RETRY_MS = 1000


def stream(slug: str, candidate: str | None, *, language: Language, limit_s: float) -> Iterator[str]:
    """Server-sent events of a session, or of one candidate's tile in it. language: the request's, which has ended
    when this runs. limit_s: 0 for everything once."""
    secret = session.get("login")
    begun = checked = monotonic()
    ticked = 0.0
    sent: dict[str, str] = {}
    yield f"retry: {RETRY_MS}\n\n"
    while True:
        speak(language)
        snapshot = walls().look(slug)
        for name, html in _wanted(snapshot, candidate).items():
            if sent.get(name) != html:
                sent[name] = html
                yield event(name, html)
        now = monotonic()
        if now - ticked >= TICK_EVERY_S:
            ticked = now
            yield event(TICK, _time(snapshot))
        if now - begun >= limit_s:
            return
        sleep(EVERY_S)
        if now - checked >= CHECK_EVERY_S:
            checked = now
            if not actor_of(secret).is_trusted(slug, "supervisor"):
                return


def event(name: str, data: str) -> str:
    """One event as it is sent. https://html.spec.whatwg.org/multipage/server-sent-events.html"""
    lines = "".join(f"data: {line}\n" for line in data.splitlines())
    return f"event: {name}\n{lines}\n"


def _time(snapshot: Snapshot) -> str:
    """The exam time at this moment, in milliseconds, and how fast it runs."""
    since_ms = (monotonic() - snapshot.made_at) * 1000 * snapshot.speed
    return json.dumps({"now": snapshot.now_ms + round(since_ms), "speed": snapshot.speed})


def _wanted(snapshot: Snapshot, candidate: str | None) -> dict[str, str]:
    if candidate is None:
        return snapshot.parts
    name = tile_event(candidate)
    return {name: snapshot.parts[name]} if name in snapshot.parts else {}
