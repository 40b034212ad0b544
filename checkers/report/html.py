"""The HTML pages: one evidence report per candidate and the index of a session.

A page is one file. It loads nothing, runs no script, and its content security policy allows only its own style sheet,
by hash. The pieces of the evidence report are templates of their own (``templates/parts``), so that a site can show
them in its pages, with its colours. Whatever a candidate controls is escaped by Jinja2 and made visible by
``finalize``, which sees every value that a template prints: a template cannot forget it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from checkers.report import guide, show
from checkers.report.model import CandidateReport, SessionReport
from checkers.report.pages import page_templates
from checkers.report.visible import one_line, visible
from checkers.report.words import LABELS, Words, unbreakable
from labs.text import Language, Text
from labs.variant import in_words

REJUDGE = "epreuve judge {folder}/observation.json"
"""The command that makes the verdicts again, as the report prints it."""

PARTS = ("symbols", "top", "guide", "examine", "summary", "results", "annex")
"""The pieces of an evidence report, in their order."""


def candidate_html(
    report: CandidateReport, language: Language = "fr", *, zone: str = "Europe/Paris", rejudge: str = REJUDGE
) -> str:
    """The evidence report of one candidate."""
    words = Words(language)
    footer = f"{report.number:02d} {report.name} – {report.session}"
    return _page(
        "report.html.j2",
        language,
        zone,
        simulated=report.simulated,
        footer=footer,
        title=f"{report.name} – {words.report} – {report.session}",
        **_report_data(report, rejudge, frozenset()),
        chooser=True,
    )


def candidate_parts(
    report: CandidateReport,
    language: Language = "fr",
    *,
    hidden: Collection[str] = frozenset(),
    zone: str = "Europe/Paris",
) -> dict[str, Markup]:
    """The pieces of an evidence report for a page of somebody else's, by name (``PARTS``). ``symbols`` stands before
    the others; the page's style sheet holds ``parts_css``. ``hidden``: checks that are in it and not shown, by id."""
    data = _view(language, zone, report.simulated) | _report_data(report, "epreuve judge observation.json", hidden)
    environment = _environment()
    return {
        name: Markup(environment.get_template(f"parts/{name}.html.j2").render(**data, chooser=False))  # noqa: S704 - escaped there
        for name in PARTS
    }


def parts_css(selector: str) -> str:
    """The style of the pieces, for whatever stands in elements that a selector finds. Their colours are variables that
    the page's own style sheet sets: those of ``templates/page.css``."""
    return f"{_source('symbols.css')}{selector} {{\n{_source('parts.css')}}}\n"


def index_html(session: SessionReport, language: Language = "fr", *, zone: str = "Europe/Paris") -> str:
    """The page that lists a session's candidates."""
    words = Words(language)
    return _page(
        "index.html.j2",
        language,
        zone,
        simulated=session.simulated,
        footer=f"{words.results} – {session.session}",
        title=f"{words.results} – {session.session}",
        session=session,
        numbers={check.id: number for result in session.candidates[:1] for check, number in _numbered(result.checks)},
    )


def _page(
    template: str, language: Language, zone: str, *, simulated: bool, footer: str, title: str, **data: Any
) -> str:
    words = Words(language)
    css = "".join(map(_source, ("symbols.css", "parts.css", "page.css")))
    style = Markup(css + _paged(words, footer, simulated))  # noqa: S704 - our files, and strings escaped for CSS
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    mark = f"[{words.simulated.upper()}] " if simulated else ""
    return (
        _environment()
        .get_template(template)
        .render(
            **_view(language, zone, simulated),
            style=style,
            policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
            title=mark + one_line(title),
            **data,
        )
    )


def _view(language: Language, zone: str, simulated: bool) -> dict[str, Any]:
    """What every template asks for: words, and how things are written for people."""
    words, where = Words(language), show.zone(zone)
    return {
        "language": language,
        "w": words,
        "guide": guide,
        "simulated": simulated,
        "rows": lambda value: show.rows(value, language),
        "rows_limit": show.ROWS,
        "zone": show.zone_name(where),
        "say": lambda text: unbreakable(text.in_(language), language) if isinstance(text, Text) else text,
        "num": lambda value: show.number(value, language),
        "amount": lambda value: words(
            "points_many" if _many(value, language) else "points_one", n=show.number(value, language)
        ),
        "at": lambda when: show.date_time(when, where, language),
        "at_minute": lambda when: show.date_minute(when, where, language),
        "clock": lambda when: show.clock(when, where),
        "took": lambda milliseconds: show.duration(milliseconds, language),
        "source": lambda name, at, titles: show.source(name, at, titles, language),
        "channel": lambda name: show.channel(name, language),
        "summary": lambda value: show.summary(value, language),
        "place": lambda name, titles: show.place(name, titles, language),
    }


def _report_data(report: CandidateReport, rejudge: str, hidden: Collection[str]) -> dict[str, Any]:
    """What the pieces of a candidate's report show."""
    cited = {key for check in report.checks for key in check.facts}
    return {
        "report": report,
        "facts": {fact.key: fact for fact in report.facts},
        "other_facts": [fact for fact in report.facts if fact.key not in cited],
        "numbers": _numbers(report),
        "competencies": {group.id: group.title for group in report.competencies if group.title != group.id},
        "moments": _moments(report),
        "rejudge": rejudge.format(folder=report.folder),
        "hidden": hidden,
    }


def _many(value: Decimal, language: Language) -> bool:
    """Whether a noun after this number is plural: from 2 on in French, for all but 1 in English."""
    return value != 1 if language == "en" else value >= 2


def _moments(report: CandidateReport) -> list[tuple[datetime, Text]]:
    """The journal's events and the report's own times, in order."""
    own = [
        (report.started_at, LABELS["observation_began"]),
        (report.ended_at, LABELS["observation_ended"]),
        (report.judged_at, LABELS["judged"]),
    ]
    return sorted([*((moment.at, moment.what) for moment in report.times), *own], key=lambda pair: pair[0])


def _numbers(report: CandidateReport) -> dict[str, str]:
    """``3.2`` for the second check of the third task: what people say to each other."""
    return {check.id: number for check, number in _numbered(report.checks)}


def _numbered(checks: Any) -> list[tuple[Any, str]]:
    tasks: dict[str, int] = {}
    seen: dict[str, int] = {}
    numbered = []
    for check in checks:
        task = tasks.setdefault(check.task, len(tasks) + 1)
        seen[check.task] = seen.get(check.task, 0) + 1
        numbered.append((check, f"{task}.{seen[check.task]}"))
    return numbered


@cache
def _environment() -> Environment:
    environment = page_templates("checkers.report", visible)
    environment.filters |= {
        "one_line": one_line,
        "in_words": in_words,
        "cut": show.cut,
        "short": show.short,
        "percent": show.percent,
    }
    return environment


@cache
def _source(name: str) -> str:
    environment = _environment()
    if environment.loader is None:  # never: it is what the type allows
        return ""
    return environment.loader.get_source(environment, name)[0]


def _paged(words: Words, footer: str, simulated: bool) -> str:
    """Margin boxes of printed pages: who, which page, and whether it is a simulation."""
    boxes = [
        f"@top-left {{ content: {_css_string('Épreuve – ' + words.report)} }}",
        f"@bottom-left {{ content: {_css_string(footer)} }}",
        f"@bottom-right {{ content: {_css_string(words.page + ' ')} counter(page) ' / ' counter(pages) }}",
    ]
    if simulated:
        loud = "font-weight: bold; font-size: 14pt; color: #000"
        boxes.append(f"@top-right {{ content: {_css_string(words.simulated.upper())}; {loud} }}")
    return "@page { " + " ".join(boxes) + " }\n"


def _css_string(text: str) -> str:
    """A CSS string that holds nothing but letters, digits, spaces and escapes: it cannot end before its quote."""
    safe = (c if c == " " or (c.isascii() and c.isalnum()) else f"\\{ord(c):06x} " for c in one_line(text))
    return '"' + "".join(safe) + '"'
