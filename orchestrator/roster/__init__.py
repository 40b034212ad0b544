"""The roster (liste des candidats) of a session, read from the CSV or XLSX files that schools export.

What a file may hold is in docs/roster.md. Everything that is wrong is told at once, by line and column, and never by
quoting a cell: a roster is personal data, and what an error says may end up in a log.
"""

from orchestrator.roster.model import Roster, RosterLine
from orchestrator.roster.problems import RosterError, RosterProblem
from orchestrator.roster.read import MAX_CANDIDATES, parse_roster, read_roster

__all__ = ["MAX_CANDIDATES", "Roster", "RosterError", "RosterLine", "RosterProblem", "parse_roster", "read_roster"]
