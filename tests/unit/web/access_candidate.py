"""Who may call what: the part ``candidate``."""

from __future__ import annotations

from tests.unit.web.table import Row

SEATED = ("candidate", "other_candidate")

ROWS: dict[str, list[Row]] = {
    "candidate.page": [Row(SEATED)],
    "candidate.state": [Row(SEATED)],
    "candidate.hand": [Row(SEATED, "POST", data={"up": "yes"}, fine=(400,))],
    "candidate.tick": [Row(SEATED, "POST", data={"task": "names"}, fine=(400,))],
    "candidate.save_notes": [Row(SEATED, "POST", data={"text": "x"}, fine=(400,))],
    "candidate.finish": [Row(SEATED, "POST", fine=(409,))],
    "candidate.console": [Row(SEATED, values={"machine": "server"}, fine=(409,))],
}
