"""Whether a machine keeps its software up to date by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.checks.updates import UpdatesInstallThemselves
from checkers.parsers import apt_config
from tests.unit.checkers.local.judging import judged

CHECK = UpdatesInstallThemselves(on="server", origin="Vasseur", suite="stable")
LISTS = 'APT::Periodic::Update-Package-Lists "1";\n'
UPGRADE = 'APT::Periodic::Unattended-Upgrade "1";\n'
ORIGIN = 'Unattended-Upgrade::Origins-Pattern "";\nUnattended-Upgrade::Origins-Pattern:: "origin=Vasseur";\n'
TIMERS = (
    "Id=apt-daily.timer\nActiveState=active\nUnitFileState=enabled\n\n"
    "Id=apt-daily-upgrade.timer\nActiveState=active\nUnitFileState=enabled\n"
)


def said(config: str = LISTS + UPGRADE + ORIGIN, timers: str = TIMERS, tool: str = "/usr/bin/x") -> str:
    return f"== tool\n{tool}\n== config\n{config}== timers\n{timers}== end\n"


@pytest.mark.parametrize(
    "config",
    [
        LISTS + UPGRADE + ORIGIN,
        LISTS.replace('"1"', '"12h"') + UPGRADE.replace('"1"', '"always"') + ORIGIN,
        LISTS + UPGRADE + 'Unattended-Upgrade::Allowed-Origins:: "Vasseur:stable";\n',
        LISTS + UPGRADE + 'Unattended-Upgrade::Origins-Pattern:: "o=Vas*,a=stable,c=main";\n',
        'APT::Periodic::Enable "0";\nAPT::Periodic::Enable "1";\n' + LISTS + UPGRADE + ORIGIN,
    ],
)
def test_ways_that_are_right(config: str) -> None:
    assert judged(CHECK, {"automatic-updates": said(config)}).outcome == "PASS"


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (said(LISTS + UPGRADE + ORIGIN + 'APT::Periodic::Enable "0";\n'), "rien ne se fera"),
        (said(UPGRADE + ORIGIN), "lecture des listes automatique : jamais"),
        (said(LISTS + UPGRADE.replace("1", "0") + ORIGIN), "installation automatique : jamais"),
        (said(LISTS.replace("1", "7") + UPGRADE + ORIGIN), "tous les 7 jours"),
        (said(timers=TIMERS.replace("=active", "=inactive", 1)), "apt-daily.timer"),
        (said(timers=TIMERS.replace("enabled", "masked")), "apt-daily-upgrade.timer"),
        (said(LISTS + UPGRADE + ORIGIN.replace("Vasseur", "Debian")), "aucune origine autorisée"),
        (said(LISTS + UPGRADE + ORIGIN.replace("=Vasseur", "=Vasseur,suite=testing")), "aucune origine autorisée"),
    ],
)
def test_ways_that_are_not(answer: str, word: str) -> None:
    found = judged(CHECK, {"automatic-updates": answer})
    assert (found.outcome, word in found.reason) == ("PART", True), found


def test_without_the_tool_nothing_counts_and_what_was_not_read_is_not_failed() -> None:
    assert judged(CHECK, {"automatic-updates": said(tool="")}).outcome == "FAIL"
    assert judged(CHECK, {"automatic-updates": "== tool\n"}).outcome == "INCONCLUSIVE"
    assert judged(CHECK, {"automatic-updates": said(timers="")}).outcome == "INCONCLUSIVE"


@pytest.mark.parametrize(
    ("text", "seconds"), [("1", 86400), ("0", None), ("", None), ("90m", 5400), ("always", 1), ("x", None)]
)
def test_periods(text: str, seconds: int | None) -> None:
    assert apt_config.period(text) == seconds


@given(st.text(max_size=300))
def test_hostile_text_is_read(text: str) -> None:
    apt_config.dump(text)
    apt_config.covers(text, {"origin": "x"}, {})
