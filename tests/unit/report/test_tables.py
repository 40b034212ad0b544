"""session.csv and junit.xml: what spreadsheets and test tools read."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.report import session_report
from checkers.report.csv_ import safe_cell, session_csv
from checkers.report.junit import junit_xml

NOW = datetime(2025, 11, 21, 13, 0, tzinfo=UTC)
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def rows(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_csv_has_a_row_for_each_candidate_with_points_of_each_task_and_competency(sample):
    report = sample.report()
    (row,) = rows(session_csv(session_report([report], generated_at=NOW)))
    assert (row["Candidat"], row["Points"], row["Points possibles"]) == ("Nadia Le Goff", "72,25", "90")
    assert (row["Conforme (PASS)"], row["Non conforme (FAIL)"], row["Non observé (INCONCLUSIVE)"]) == ("35", "7", "3")
    by_task = [value for name, value in row.items() if name.partition(" – ")[0] in {t.id for t in report.tasks}]
    assert len(by_task) == len(report.tasks)
    assert sum(float(value.replace(",", ".")) for value in by_task) == float(report.points)
    by_competency = [value for name, value in row.items() if name.startswith("BC0")]
    assert sum(float(value.replace(",", ".")) for value in by_competency) == float(report.points)
    assert row["Simulation"] == "non"


def test_csv_in_english_has_points_that_an_english_spreadsheet_reads(sample):
    (row,) = rows(session_csv(session_report([sample.report()], generated_at=NOW), "en"))
    assert (row["Candidate"], row["Points"], row["Simulated"]) == ("Nadia Le Goff", "72.25", "no")


def test_every_row_of_a_simulated_session_says_so(sample):
    reports = [sample.report(sample.observation(simulated=True), number=number) for number in (1, 2)]
    session = session_report(reports, generated_at=NOW)
    assert [row["Simulation"] for row in rows(session_csv(session))] == ["SIMULATION"] * 2
    assert all(line.startswith("SIMULATED;") for line in session_csv(session, "en").decode().splitlines()[1:])


@pytest.mark.parametrize("start", FORMULAS)
def test_a_name_is_never_a_formula(sample, start):
    report = sample.report(name=start + "cmd|' /C calc'!A0")
    (row,) = rows(session_csv(session_report([report], generated_at=NOW)))
    assert not row["Candidat"].startswith(FORMULAS)
    assert "cmd" in row["Candidat"]


@settings(deadline=None, max_examples=60)
@given(st.text(min_size=1, max_size=50))
def test_a_cell_never_starts_a_formula_nor_a_row(text):
    cell = safe_cell(text)
    assert not cell.lstrip(" \xa0").startswith(FORMULAS)
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";").writerow(["a", cell, "b"])
    assert list(csv.reader(io.StringIO(stream.getvalue(), newline=""), delimiter=";")) == [["a", cell, "b"]]
    assert len(stream.getvalue().splitlines()) == 1


def test_junit_counts_pass_fail_and_unseen_apart(sample):
    report = sample.report()
    root = ET.fromstring(junit_xml(session_report([report], generated_at=NOW)))  # noqa: S314 - made here
    suite = root.find("testsuite")
    assert suite is not None
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["45", "7", "0", "3"]
    cases = suite.findall("testcase")
    assert len(cases) == 45
    for case, check in zip(cases, report.checks, strict=True):
        children = {child.tag for child in case} - {"properties"}
        assert children == {"PASS": set(), "FAIL": {"failure"}, "INCONCLUSIVE": {"skipped"}}[check.verdict]
        properties = {item.get("name"): item.get("value") for item in case.iter("property")}
        assert properties["verdict"] == check.verdict
        assert float(properties["points"] or "") == float(check.points)


def test_junit_of_a_simulated_session_says_so_on_every_suite_and_case(sample):
    session = session_report([sample.report(sample.observation(simulated=True))], generated_at=NOW)
    root = ET.fromstring(junit_xml(session, "en"))  # noqa: S314 - made here
    named = [root, *root.iter("testsuite"), *root.iter("testcase")]
    assert all((element.get("name") or "").startswith("[SIMULATED] ") for element in named)
    assert all(item.get("value") == "true" for item in root.iter("property") if item.get("name") == "simulated")


@settings(deadline=None, max_examples=20)
@given(text=st.text(min_size=1, max_size=50))
def test_junit_is_xml_whatever_a_name_holds(sample, text):
    report = sample.report(name=text)
    root = ET.fromstring(junit_xml(session_report([report], generated_at=NOW)))  # noqa: S314 - made here
    assert len(list(root.iter("testcase"))) == 45
