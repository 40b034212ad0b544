"""``scheduled-job``: equivalent schedules are right; jobs that look right and will not run are not."""

from __future__ import annotations

import pytest

from checkers.checks.schedules import JobIsScheduled
from checkers.probes.schedules import Job, SchedulesValue
from tests.unit.checkers.local.judging import Judged, judged

SCRIPT = "/usr/local/sbin/sauvegarde-compta"
CHECK = JobIsScheduled(on="server", command=SCRIPT, at="22:30", days="1-5", user="root")


def job(*when: str, **changes: object) -> Job:
    times = when or ("30 22 * * 1-5",)
    base = {"source": "/etc/cron.d/sauvegarde", "kind": "cron", "when": times, "user": "root", "command": SCRIPT}
    return Job.model_validate({**base, **changes})


def verdict(*jobs: Job, cron_runs: bool = True, state: str = "executable") -> Judged:
    programs = {SCRIPT: state, "/bin/sh": "executable"} if state else {}
    value = SchedulesValue.model_validate(
        {"cron_runs": cron_runs, "zone": "Europe/Paris", "jobs": jobs, "programs": programs}
    )
    return judged(CHECK, {"schedules": value})


@pytest.mark.parametrize(
    "found",
    [
        job(),
        job("30 22 * * mon-fri", source="/var/spool/cron/crontabs/root"),
        job("Mon..Fri *-*-* 22:30:00", kind="timer", source="sauvegarde.timer"),
        job("Mon,Tue,Wed *-*-* 22:30:00", "Thu,Fri *-*-* 22:30:00", kind="timer"),
        job(command=f"{SCRIPT} > /var/log/sauvegarde.log 2>&1"),
        job(command=f"/bin/sh {SCRIPT}"),
        job(command=f"nice -n 10 {SCRIPT}"),
    ],
)
def test_right_ways(found: Job) -> None:
    assert verdict(found).outcome == "PASS"


def test_days_split_over_two_lines() -> None:
    assert verdict(job("30 22 * * 1-3"), job("30 22 * * 4,5")).outcome == "PASS"


def test_an_interpreter_needs_no_executable_file() -> None:
    assert verdict(job(command=f"/bin/sh {SCRIPT}"), state="file").outcome == "PASS"


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (job("30 22 * * *"), "attendu à 22:30, jours « 1-5 »"),
        (job("* 22 * * 1-5"), "attendu à 22:30"),
        (job("30 10 * * 1-5"), "30 10 * * 1-5"),
        (job("30 22 1-15 * 1-5"), "ne dépend pas seulement"),
        (job("@reboot"), "ne dépend pas seulement"),
        (job(user="technicien"), "attendu « root »"),
        (job(trouble="name"), "nom de fichier"),
        (job(trouble="unfinished"), "fin de ligne"),
        (job("Mon..Fri *-*-* 22:30:00", trouble="stopped", kind="timer"), "n'est pas démarrée"),
        (job("Mon..Fri *-*-* 22:30:00", trouble="not-enabled", kind="timer"), "redémarrage"),
        (job(command=f"{SCRIPT}-ancien"), "aucune tâche"),
        (job(command=f"/home{SCRIPT}"), "aucune tâche"),
    ],
)
def test_what_looks_right_and_is_not(found: Job, word: str) -> None:
    result = verdict(found)
    assert result.outcome == "FAIL"
    assert word in result.reason


def test_a_script_that_is_missing_or_not_executable() -> None:
    assert "n'est pas exécutable" in verdict(job(), state="file").reason
    assert "n'existe pas" in verdict(job(), state="").reason


def test_cron_stopped() -> None:
    assert verdict(job(), cron_runs=False).outcome == "FAIL"


def test_unseen() -> None:
    assert judged(CHECK, {"schedules": None}).outcome == "INCONCLUSIVE"
