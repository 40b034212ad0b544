"""The paper of a lab that somebody else wrote: rendered in a process of its own, with bounds on time and memory.

A template in a sandbox reaches nothing, but can still count to ten thousand millions. ``python -m labs.paper`` is that
process: one JSON object in, one out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from functools import lru_cache

from labs.confined import Bounds, run_python
from labs.model import Lab
from labs.subject import SubjectError, render_markdown, render_part
from labs.text import Text
from labs.variant import Values

BOUNDS = Bounds(cpu_s=5, memory_mib=512, output_kib=4096, wall_s=60.0)
MAX_CHARACTERS = 400_000
"""Of a paper, as Markdown: some hundred pages."""


def paper(lab: Lab, subject: str, *, secrets: Mapping[str, str], variants: Values, candidate: str) -> str:
    """A paper as a part of a page, with its points. Remembered: a page that shows it is loaded again and again.

    Raises SubjectError; also when it takes more time, memory or room than a paper may.
    """
    about = {"secrets": dict(secrets), "variants": dict(variants), "candidate": candidate}
    return _paper(json.dumps({"lab": lab.model_dump_json(by_alias=True), "subject": subject, "about": about}))


@lru_cache(maxsize=64)
def _paper(given: str) -> str:
    answer = run_python("labs.paper", [], given.encode(), BOUNDS)
    found = json.loads(answer) if answer else {}
    if "text" in found:
        return str(found["text"])
    if "what" in found:
        raise SubjectError(
            Text.model_validate(found["what"]), where=found["where"], do=Text.model_validate(found["do"])
        )
    raise SubjectError(
        Text("Le sujet demande trop de temps ou de mémoire.", "The subject takes too much time or memory."),
        do=Text(
            "Retirez de son modèle ce qui se répète ou grandit sans fin.",
            "Remove from its template what repeats or grows without end.",
        ),
    )


def answer(given: bytes) -> bytes:
    """What the process answers."""
    asked = json.loads(given)
    lab = Lab.model_validate_json(asked["lab"])
    about = asked["about"]
    try:
        if len(render_markdown(lab, asked["subject"], **about)) > MAX_CHARACTERS:
            return b"{}"
        text = render_part(lab, asked["subject"], **about, points=True)
    except SubjectError as error:
        do = error.do or error.what
        return json.dumps({"what": error.what.model_dump(), "where": error.where[:300], "do": do.model_dump()}).encode()
    return json.dumps({"text": text}).encode()


if __name__ == "__main__":
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
