"""Who may call what: the part ``candidate``."""

from __future__ import annotations

from tests.unit.web.table import Row

ROWS: dict[str, list[Row]] = {
    "candidate.page": [Row(("candidate", "other_candidate"))],
}
