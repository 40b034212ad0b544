"""``epreuve lab probes`` shows a trainer what a check ``fact`` may ask and name."""

from __future__ import annotations

import json

from click.testing import CliRunner

from checkers.expect.kinds import record
from checkers.expect.paths import resolve
from checkers.probes.catalog import FACTS
from orchestrator.cli import group


def test_the_list_names_every_probe_that_can_be_asked() -> None:
    listed = json.loads(CliRunner().invoke(group, ["lab", "probes", "--json"]).stdout)
    assert [one["probe"] for one in listed] == list(FACTS)
    for one in listed:
        kind = record(FACTS[one["probe"]].value)
        assert all(resolve(kind, path).kind.scalar for path in one["paths"])


def test_one_probe_shows_its_arguments_and_its_paths() -> None:
    shown = CliRunner().invoke(group, ["lab", "probes", "dns-record"]).stdout
    for text in ("zone", "AAAA", "answers[*].records[*].data", "'', refused, timeout"):
        assert text in shown


def test_a_probe_that_only_its_own_check_can_read_is_not_offered() -> None:
    result = CliRunner().invoke(group, ["lab", "probes", "ports"])
    assert result.exit_code != 0
    assert "unit-state" in str(result.exception)
