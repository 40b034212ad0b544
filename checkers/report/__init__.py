"""The evidence report: verdicts and facts of a candidate for a jury, and the results of a session for everyone else."""

from __future__ import annotations

from checkers.report.build import (
    candidate_report,
    judgement,
    questions_in_words,
    report_of,
    session_report,
    titles_of,
)
from checkers.report.errors import ReportError
from checkers.report.model import Candidate, CandidateReport, Judgement, Moment, SessionReport
from checkers.report.write import write_session

__all__ = [
    "Candidate",
    "CandidateReport",
    "Judgement",
    "Moment",
    "ReportError",
    "SessionReport",
    "candidate_report",
    "judgement",
    "questions_in_words",
    "report_of",
    "session_report",
    "titles_of",
    "write_session",
]
