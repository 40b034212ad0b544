"""Who may call what: the part ``trainer``."""

from __future__ import annotations

from orchestrator.catalog import open_lab
from tests.unit.web.table import Row
from tests.unit.web.world import TRIAL

_LAB = {"lab": "tai-complet", "version": open_lab("tai-complet").lab.version}
_TRIAL = {"slug": TRIAL}
_TRAINER = ("trainer",)
_BOTH = ("trainer", "administrator")

ROWS: dict[str, list[Row]] = {
    "trainer.labs": [Row(_BOTH)],
    "trainer.lab": [Row(_BOTH, values=_LAB)],
    "trainer.archive": [Row(_BOTH, values=_LAB)],
    "trainer.bring": [Row(_TRAINER)],
    "trainer.take": [Row(_TRAINER, "POST", fine=(409,))],
    "trainer.approve": [Row(("administrator",), "POST", values=_LAB, fine=(409,))],
    "trainer.delete": [Row(_BOTH, "POST", values=_LAB, fine=(409,))],
    "trainer.begin": [Row(_TRAINER, "POST", values=_LAB, fine=(409,))],
    "trainer.trial": [Row(_TRAINER, values=_TRIAL)],
    "trainer.state": [Row(_TRAINER, values=_TRIAL)],
    "trainer.console": [Row(_TRAINER, values={**_TRIAL, "machine": "server"}, fine=(409,))],
    "trainer.report": [Row((), values=_TRIAL)],  # nothing was observed
    "trainer.devices_part": [Row(_TRAINER, values=_TRIAL)],
    "trainer.place_devices": [Row(_TRAINER, "POST", values=_TRIAL)],
    # There is none here: nobody confirms it (test_trainer_devices: who may).
    "trainer.confirm_device": [Row((), "POST", values={**_TRIAL, "machine": "ap"})],
    "trainer.prepare": [Row(_TRAINER, "POST", values=_TRIAL)],
    "trainer.start": [Row(_TRAINER, "POST", values=_TRIAL, fine=(409,))],
    "trainer.reset": [Row(_TRAINER, "POST", values=_TRIAL, data={"machine": ""}, fine=(409,))],
    "trainer.watch": [Row(_TRAINER, values=_TRIAL)],
    "trainer.observe": [Row(_TRAINER, "POST", values=_TRIAL, fine=(409,))],
    "trainer.end": [Row(_TRAINER, "POST", values=_TRIAL)],  # the last: nothing is left of it
}
