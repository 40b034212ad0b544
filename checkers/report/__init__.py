"""The evidence report: verdicts and facts of a candidate for a jury, and the results of a session for everyone else."""

from __future__ import annotations

from checkers.report.build import candidate_report, questions_in_words, session_report, titles_of
from checkers.report.errors import ReportError
from checkers.report.model import Candidate, CandidateReport, Moment, SessionReport
from checkers.report.write import write_session

__all__ = [
    "Candidate",
    "CandidateReport",
    "Moment",
    "ReportError",
    "SessionReport",
    "candidate_report",
    "questions_in_words",
    "session_report",
    "titles_of",
    "write_session",
]
