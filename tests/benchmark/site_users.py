"""Who uses the site during an exam, for Locust: candidates whose pages ask how it stands, and walls that listen.

Logins come from a file (``EPREUVE_LOAD``, JSON): ``{"candidates": [cookie…], "walls": [cookie…], "slug": …}``.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import time
from pathlib import Path

from locust import FastHttpUser, constant, task

PLAN = json.loads(Path(os.environ["EPREUVE_LOAD"]).read_text(encoding="utf-8"))
POLL_S = 5.0
"""How often a candidate's page asks; the same as ``web/static/candidate.js``."""

_candidates = itertools.cycle(PLAN["candidates"])
_walls = itertools.cycle(PLAN["walls"])


class Candidate(FastHttpUser):
    """A page that polls; once in a while it is loaded anew, or its notes are saved."""

    fixed_count = len(PLAN["candidates"])
    wait_time = constant(POLL_S)

    def on_start(self) -> None:
        """Signed in already; not all at the same instant."""
        self.headers = {"Cookie": f"epreuve={next(_candidates)}", "Accept": "text/html"}
        time.sleep(random.uniform(0, POLL_S))  # noqa: S311

    @task(20)
    def poll(self) -> None:
        """Every few seconds."""
        self.client.get("/poste/etat", headers=self.headers)

    @task(1)
    def page(self) -> None:
        """A reload: the whole page with the subject."""
        self.client.get("/poste", headers=self.headers)


class Wall(FastHttpUser):
    """A wall: the page, its stream, and the pictures of its tiles."""

    fixed_count = len(PLAN["walls"])
    wait_time = constant(0)
    network_timeout = 60.0

    def on_start(self) -> None:
        """Signed in already."""
        self.headers = {"Cookie": f"epreuve={next(_walls)}", "Accept": "text/html"}

    @task
    def watch(self) -> None:
        """Load it, then listen for half a minute; every event counts as heard."""
        address = f"/surveillance/{PLAN['slug']}/"
        self.client.get(address, headers=self.headers, name="/surveillance/<slug>/")
        began, heard = time.monotonic(), 0
        with self.client.get(
            f"{address}flux",
            headers={**self.headers, "Accept": "text/event-stream"},
            name="/surveillance/<slug>/flux (30 s)",
            stream=True,
            catch_response=True,
        ) as answer:
            for chunk in answer.iter_content(4096) if hasattr(answer, "iter_content") else ():
                heard += chunk.count(b"event:") if isinstance(chunk, bytes) else chunk.count("event:")
                if time.monotonic() - began > 30:
                    break
            if answer.status_code != 200 or not heard:
                answer.failure(f"{answer.status_code}, {heard} events")
            else:
                answer.success()
