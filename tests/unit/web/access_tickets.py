"""Who may call what: the part ``tickets``. Nobody is before the jury in this world: the desk is closed."""

from __future__ import annotations

from tests.unit.web.table import Row
from tests.unit.web.world import SLUG

SEATED = ("candidate", "other_candidate")
JURY = ("jury",)
_CANDIDATE = {"slug": SLUG, "candidate": "c01"}
_TEXT = {"text": "x", "caller": "x", "subject": "x", "channel": "phone"}

ROWS: dict[str, list[Row]] = {
    "tickets.mine": [Row(SEATED)],
    "tickets.follow_all": [Row(SEATED)],
    "tickets.one": [Row(SEATED, values={"number": 1})],
    "tickets.follow": [Row(SEATED, values={"number": 1})],
    "tickets.record": [Row(SEATED, "POST", values={"number": 1, "deed": "etape"}, data=_TEXT, fine=(409,))],
    "tickets.folder": [Row(JURY, values=_CANDIDATE)],
    # A ticket that is not there: who gets in where one is, see test_tickets.py.
    "tickets.follow_one": [Row((), values={**_CANDIDATE, "number": 1})],
    "tickets.open_one": [Row(JURY, "POST", values=_CANDIDATE, data=_TEXT, fine=(409,))],
    "tickets.say": [Row((), "POST", values={**_CANDIDATE, "number": 9, "deed": "reponse"}, data=_TEXT)],
}
