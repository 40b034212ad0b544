"""Who may call what: the part ``jury``."""

from __future__ import annotations

from tests.unit.web.table import Row

ROWS: dict[str, list[Row]] = {
    "jury.sessions": [Row(("jury", "other_jury"))],
}
