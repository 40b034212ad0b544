"""Who may call what: the part ``supervisor``."""

from __future__ import annotations

from tests.unit.web.table import Row

ROWS: dict[str, list[Row]] = {
    "supervisor.sessions": [Row(("supervisor", "other_supervisor"))],
}
