"""Who may call what: the part ``trainer``."""

from __future__ import annotations

from tests.unit.web.table import Row

ROWS: dict[str, list[Row]] = {
    "trainer.catalog": [Row(("trainer",))],
}
