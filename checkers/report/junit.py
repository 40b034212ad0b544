"""JUnit XML, for tools that show test results.

One test suite per candidate, one test case per check. PASS is a plain test case, FAIL is ``<failure>``, INCONCLUSIVE is
``<skipped>``. Why not ``<error>``, whose meaning ("the test itself could not run") is nearer: every common reader
(Jenkins, GitLab, GitHub actions) adds errors to failures, and an unseen state would be read as the candidate's failure.
A skipped test is counted apart by all of them, neither passed nor failed. Because a suite with nothing but skipped
tests looks calm, the number of INCONCLUSIVE checks is also a property of the suite, and each verdict a property of
its case. Points, which JUnit does not know, are properties too.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping

from checkers.report.model import CandidateResult, CheckResult, SessionReport
from checkers.report.show import number
from checkers.report.visible import one_line
from checkers.verdict import Outcome
from labs.text import Language, Text

_SIMULATED = Text("[SIMULATION] ", "[SIMULATED] ")


def junit_xml(session: SessionReport, language: Language = "fr") -> bytes:
    """The session as a UTF-8 JUnit document."""
    results = session.candidates
    root = ET.Element(
        "testsuites",
        _attributes(
            name=_mark(session.simulated, language) + f"{session.session} – {session.lab.id} {session.lab.version}",
            tests=str(sum(len(result.checks) for result in results)),
            failures=str(sum(result.failed for result in results)),
            errors="0",
            skipped=str(sum(result.inconclusive for result in results)),
        ),
    )
    for result in results:
        _suite(root, result, language)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _suite(root: ET.Element, result: CandidateResult, language: Language) -> None:
    suite = ET.SubElement(
        root,
        "testsuite",
        _attributes(
            name=_mark(result.simulated, language) + f"{result.number:02d} {result.name}",
            tests=str(len(result.checks)),
            failures=str(result.failed),
            errors="0",
            skipped=str(result.inconclusive),
            timestamp=result.ended_at.isoformat(),
            time=f"{(result.ended_at - result.started_at).total_seconds():.3f}",
        ),
    )
    _properties(
        suite,
        {
            "simulated": str(result.simulated).lower(),
            "points": number(result.points, "en"),
            "max_points": number(result.max_points, "en"),
            "open_points": number(result.open_points, "en"),
            "inconclusive": str(result.inconclusive),
            "bench": result.bench,
            "observation_hash": result.observation_hash,
        },
    )
    for check in result.checks:
        _case(suite, check, language)


def _case(suite: ET.Element, check: CheckResult, language: Language) -> None:
    name = _mark(check.simulated, language) + f"{check.id} – {check.title}"
    case = ET.SubElement(suite, "testcase", _attributes(name=name, classname=f"{check.competency}.{check.task}"))
    _properties(
        case,
        {
            "simulated": str(check.simulated).lower(),
            "verdict": check.verdict.value,
            "points": number(check.points, "en"),
            "max_points": number(check.max_points, "en"),
        },
    )
    reason = check.reason_in(language)
    if check.verdict is Outcome.FAIL:
        element = ET.SubElement(case, "failure", _attributes(message=reason, type="FAIL"))
        element.text = one_line(reason)
    elif check.verdict is Outcome.INCONCLUSIVE:
        ET.SubElement(case, "skipped", _attributes(message=f"INCONCLUSIVE: {reason}"))


def _mark(simulated: bool, language: Language) -> str:
    return _SIMULATED.in_(language) if simulated else ""


def _attributes(**values: str) -> dict[str, str]:
    """XML 1.0 cannot hold control characters at all, not even escaped."""
    return {name: one_line(value) for name, value in values.items()}


def _properties(parent: ET.Element, values: Mapping[str, str]) -> None:
    holder = ET.SubElement(parent, "properties")
    for name, value in values.items():
        ET.SubElement(holder, "property", _attributes(name=name, value=value))
