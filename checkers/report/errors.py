"""What can go wrong when a report is made."""

from __future__ import annotations

from labs.errors import EpreuveError


class ReportError(EpreuveError):
    """A report cannot be made or written."""

    code = "report"
