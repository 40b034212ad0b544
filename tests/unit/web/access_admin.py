"""Who may call what: the part ``admin``."""

from __future__ import annotations

from tests.unit.web.table import Row

ROWS: dict[str, list[Row]] = {
    "admin.accounts": [Row(("administrator",))],
}
