"""The words that every template has: moments, durations and states as people say them."""

from __future__ import annotations

from flask import Flask

from orchestrator.exam.words import backing_word, candidate_word, duration, extra_time, session_word
from orchestrator.moments import clock, day, long_day, moment, span
from orchestrator.proving.words import standing_word, summary


def use_words(app: Flask) -> None:
    """Make these known to templates: words of the exam as functions, the others as filters."""
    for word in (session_word, candidate_word, duration, extra_time, backing_word, standing_word):
        app.jinja_env.globals[word.__name__] = word
    app.jinja_env.globals["proof_summary"] = summary
    for function in (day, long_day, clock, moment, span):
        app.jinja_env.filters[function.__name__] = function
