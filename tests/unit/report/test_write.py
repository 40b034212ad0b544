"""The files of a session: complete, whole, and where they are said to be."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checkers.facts import Observation
from checkers.report import ReportError, session_report, write_session
from labs.files import write_atomic

NOW = datetime(2025, 11, 21, 13, 0, tzinfo=UTC)


def test_a_session_is_one_folder_with_one_folder_for_each_candidate(sample, tmp_path):
    written = sample.write_sample(tmp_path / "out")
    found = sorted(str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert sorted(str(path.relative_to(tmp_path / "out")) for path in written) == found
    assert written[0].name == "index.html"
    assert [name for name in found if "/" not in name] == ["index.html", "junit.xml", "session.csv", "session.json"]
    assert "03-zoe-oeuvrard/report.html" in found
    assert len(found) == 4 + 4 * 3


def test_json_has_the_fields_that_the_product_promises(sample, tmp_path):
    sample.write_sample(tmp_path)
    session = json.loads((tmp_path / "session.json").read_text(encoding="utf-8"))
    for candidate in session["candidates"]:
        report = json.loads((tmp_path / candidate["folder"] / "report.json").read_text(encoding="utf-8"))
        assert {key: report[key] for key in candidate} == candidate
        assert {"name", "points", "max_points", "checks"} <= set(candidate)
        assert isinstance(candidate["points"], int | float)
        keys = {fact["key"] for fact in report["facts"]}
        for check in candidate["checks"]:
            assert {"id", "task", "competency", "verdict", "points", "max_points", "reason", "facts"} <= set(check)
            assert isinstance(check["reason"], str)
            assert set(check["facts"]) <= keys


def test_the_stored_observation_is_the_one_whose_hash_the_report_names(sample, tmp_path):
    sample.write_sample(tmp_path)
    folder = tmp_path / "02-erwan-le-bihan-kermadec"
    stored = (folder / "observation.json").read_bytes()
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert hashlib.sha256(stored).hexdigest() == report["observation_hash"]
    assert Observation.model_validate_json(stored).digest() == report["observation_hash"]


def test_every_line_of_simulated_results_says_so(sample, tmp_path):
    sample.write_sample(tmp_path, simulated=True)
    session = json.loads((tmp_path / "session.json").read_text(encoding="utf-8"))
    assert session["simulated"] is True
    for candidate in session["candidates"]:
        assert candidate["simulated"] is True
        assert all(check["simulated"] is True for check in candidate["checks"])
    for page in tmp_path.rglob("*.html"):
        assert "[SIMULATION]" in page.read_text(encoding="utf-8")


def test_reports_that_do_not_belong_to_the_session_are_refused(sample, tmp_path):
    seen = sample.observation()
    report, other = sample.report(seen), sample.report(seen, number=2)
    session = session_report([report], generated_at=NOW)
    for pairs in ([], [(other, seen)], [(report, sample.observation(bench="autre"))]):
        with pytest.raises(ReportError):
            write_session(tmp_path, session, pairs)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_a_clear_error(sample, tmp_path):
    (tmp_path / "out").write_text("a file, not a folder")
    with pytest.raises(ReportError) as caught:
        sample.write_sample(tmp_path / "out")
    assert "out" in caught.value.where
    assert caught.value.do is not None


def test_a_candidates_name_never_leaves_the_folder(sample, tmp_path):
    seen = sample.observation()
    report = sample.report(seen, name="../../../../tmp/evil")
    written = write_session(tmp_path / "out", session_report([report], generated_at=NOW), [(report, seen)])
    assert all((tmp_path / "out") in path.resolve().parents for path in written)


def test_writing_again_replaces_and_leaves_no_temporary_file(tmp_path):
    target = tmp_path / "deep" / "file.txt"
    for text in ("un", "deux"):
        assert write_atomic(target, text) == target
        assert target.read_text() == text
    assert [path.name for path in target.parent.iterdir()] == ["file.txt"]
    assert target.stat().st_mode & 0o777 == 0o644


def test_a_write_that_fails_keeps_the_former_file(tmp_path, monkeypatch):
    target = write_atomic(tmp_path / "file.txt", "avant", mode=0o600)

    def refuse(self: Path, other: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="No space left"):
        write_atomic(target, "après")
    assert target.read_text() == "avant"
    assert [path.name for path in tmp_path.iterdir()] == ["file.txt"]
    assert target.stat().st_mode & 0o777 == 0o600
