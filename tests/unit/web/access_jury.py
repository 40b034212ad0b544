"""Who may call what: the part ``jury``. Nothing is frozen in this world: orders are refused even to a jury."""

from __future__ import annotations

from tests.unit.web.table import EVERYBODY, Row
from tests.unit.web.world import SLUG

JURY = ("jury",)
_SESSION = {"slug": SLUG}
_CANDIDATE = {"slug": SLUG, "candidate": "c01"}
_WHY = {"why": "essai"}

ROWS: dict[str, list[Row]] = {
    "jury.sessions": [Row(("jury", "other_jury"))],
    "jury.stylesheet": [Row(EVERYBODY)],
    "jury.session": [Row(JURY, values=_SESSION)],
    "jury.judge_all": [Row(JURY, "POST", values=_SESSION, data=_WHY)],
    "jury.results": [Row(JURY, values={**_SESSION, "kind": "csv"}, fine=(400,))],
    "jury.candidate": [Row(JURY, values=_CANDIDATE)],
    "jury.judgements": [Row(JURY, values=_CANDIDATE)],
    "jury.judge": [Row(JURY, "POST", values=_CANDIDATE, data=_WHY, fine=(400,))],
    "jury.hour": [Row(JURY, values=_CANDIDATE)],
    "jury.hour_state": [Row(JURY, values=_CANDIDATE)],
    "jury.begin_phase": [Row(JURY, "POST", values=_CANDIDATE, data={"phase": "1"}, fine=(409,))],
    "jury.end_phase": [Row(JURY, "POST", values=_CANDIDATE, data={"number": "1"}, fine=(409,))],
    "jury.incidents": [Row(JURY, values=_CANDIDATE)],
    "jury.incidents_state": [Row(JURY, values=_CANDIDATE)],
    "jury.inject": [Row(JURY, "POST", values=_CANDIDATE, data={"incident": "full-disk"}, fine=(400, 409))],
    "jury.verify_incident": [Row(JURY, "POST", values={**_CANDIDATE, "number": 1}, fine=(409,))],
    "jury.copy": [Row(JURY, values=_CANDIDATE)],
    "jury.copy_state": [Row(JURY, values=_CANDIDATE)],
    "jury.open_copy": [Row(JURY, "POST", values=_CANDIDATE, fine=(409,))],
    "jury.close_copy": [Row(JURY, "POST", values=_CANDIDATE, fine=(409,))],
    "jury.console": [Row(JURY, values={**_CANDIDATE, "machine": "server"}, fine=(409,))],
    "jury.grid": [Row(JURY, values=_CANDIDATE)],
    "jury.mark": [Row(JURY, "POST", values={**_CANDIDATE, "about": "BC01.C1"}, data={"level": "met"}, fine=(409,))],
    "jury.hand_in": [Row(JURY, "POST", values=_CANDIDATE, fine=(409,))],
    "jury.guide": [Row(JURY, values=_CANDIDATE)],
    "jury.note": [Row(JURY, "POST", values={**_CANDIDATE, "place": "general"}, data={"text": "essai"}, fine=(409,))],
    "jury.decision": [Row(JURY, values=_CANDIDATE)],
    "jury.alone": [Row(JURY, "POST", values=_CANDIDATE, data={"reason": "essai"}, fine=(409,))],
    "jury.common": [Row(JURY, "POST", values={**_CANDIDATE, "about": "BC01.C1"}, data={"level": "met"}, fine=(409,))],
    "jury.agree": [Row(JURY, "POST", values=_CANDIDATE)],
    "jury.decide": [Row(JURY, "POST", values=_CANDIDATE, fine=(400, 409))],
    "jury.sign": [Row(JURY, "POST", values=_CANDIDATE, fine=(400, 409))],
    # There is nothing to see before the bell, not even for them (tests/unit/web/test_jury.py).
    "jury.screen": [Row((), values={**_CANDIDATE, "machine": "server"})],
    "jury.report": [Row((), values={**_CANDIDATE, "kind": "html"})],
    "jury.observation": [Row((), values=_CANDIDATE)],
    "jury.seal": [Row(("jury", "supervisor"), values=_SESSION)],
    "jury.seal_state": [Row(("jury", "supervisor"), values=_SESSION)],
    "jury.seal_session": [Row(("jury", "supervisor"), "POST", values=_SESSION)],
    "jury.sealed": [Row(("jury", "supervisor"), values=_CANDIDATE)],
}
