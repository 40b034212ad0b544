"""Who may call what: the part ``supervisor``."""

from __future__ import annotations

from tests.unit.web.table import Row

_ALL = ("supervisor", "other_supervisor")
_MINE = ("supervisor",)
_JURY_TOO = ("supervisor", "jury")
_ROOM = {"slug": "juin"}
_ONE = {"slug": "juin", "candidate": "c01"}
_REFUSED = (409,)
"""They got in, and the exam said no."""

ROWS: dict[str, list[Row]] = {
    "supervisor.sessions": [Row(_ALL)],
    "supervisor.create": [Row(_ALL), Row(_ALL, "POST", fine=(422,))],
    "supervisor.format_part": [Row(_ALL)],
    "supervisor.wall": [Row(_MINE, values=_ROOM)],
    "supervisor.flow": [Row(_MINE, values=_ROOM)],
    "supervisor.room_orders": [Row(_MINE, values=_ROOM)],
    "supervisor.prepare": [Row(_MINE, "POST", values=_ROOM)],
    "supervisor.serve": [Row(_MINE, "POST", values=_ROOM)],
    "supervisor.order_room": [Row(_MINE, "POST", values={**_ROOM, "order": "pause"}, fine=_REFUSED)],
    "supervisor.order_one": [Row(_MINE, "POST", values={**_ONE, "order": "pause"}, fine=_REFUSED)],
    "supervisor.sheet": [Row(_MINE, values=_ONE)],
    "supervisor.screen": [Row((), values={**_ONE, "machine": "server"})],  # none was taken: nobody gets one
    "supervisor.frozen_screen": [Row((), values={**_ONE, "machine": "server"})],
    "supervisor.free_seat": [Row(_MINE, "POST", values={**_ONE, "candidate": "c02"})],
    "supervisor.lower_hand": [Row(_MINE, "POST", values=_ONE)],
    "supervisor.phase": [Row(_MINE, "POST", values=_ONE, data={"phase": "1"}, fine=(409,))],
    "supervisor.devices": [Row(_MINE, values=_ROOM)],
    "supervisor.devices_part": [Row(_MINE, values=_ROOM)],
    "supervisor.place_devices": [
        Row(_MINE, "POST", values=_ROOM, data={"machine": "ap", "first": "192.0.2.1"}, fine=_REFUSED)
    ],
    "supervisor.look_at_devices": [Row(_MINE, "POST", values=_ROOM)],
    "supervisor.read_radios": [Row(_MINE, "POST", values=_ROOM)],
    "supervisor.note_radios": [
        Row(_MINE, "POST", values={**_ONE, "machine": "ap"}, data={"radios": "a4:2b:b0:01:02:50"}, fine=_REFUSED)
    ],
    # There is none here: nobody confirms it (test_supervisor_devices: who may).
    "supervisor.confirm_device": [Row((), "POST", values={**_ONE, "machine": "ap"})],
    "supervisor.journal_page": [Row(_MINE, values=_ROOM)],
    "supervisor.export": [Row(_MINE, values=_ONE)],
    "supervisor.cards": [Row(_MINE, values=_ROOM)],
    "supervisor.minutes": [Row(_JURY_TOO, values=_ROOM)],
    "supervisor.results": [Row(_JURY_TOO, values=_ROOM)],
}
