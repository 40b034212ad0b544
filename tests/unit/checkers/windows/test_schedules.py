"""``scheduled-job`` on Windows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from checkers.checks.schedules import JobIsScheduled
from checkers.facts import Raw
from checkers.observe import fact_of
from checkers.parsers import task_triggers
from checkers.probe import Question
from checkers.probes.schedules import Schedules
from checkers.windows.dialect import WINDOWS
from tests.unit.checkers.local.judging import Judged
from tests.unit.checkers.windows.judging import golden, judged

SAVE = {"command": r"C:\Scripts\sauvegarde.ps1", "at": "22:30"}


def job(case: str = "client-daily", change: Callable[[Any], object] = lambda _: None, **expected: Any) -> Judged:
    answer = golden("schedules", case)
    change(answer)
    check = JobIsScheduled.model_validate({"on": "client", **SAVE, **expected})
    return judged(check, {"schedules": answer})


def task(**changes: Any) -> Callable[[Any], object]:
    return lambda answer: answer["tasks"][0].update(changes)


def trigger(old: str, new: str) -> Callable[[Any], object]:
    """The first task's trigger, changed."""

    def change(answer: Any) -> None:
        written = answer["tasks"][0]["triggers"][0]
        assert old in written
        answer["tasks"][0]["triggers"][0] = written.replace(old, new)

    return change


def two_triggers(answer: Any) -> None:
    """Every day but one, and that one."""
    written = answer["tasks"][0]["triggers"][0]
    weekly = "<ScheduleByWeek><DaysOfWeek>{}</DaysOfWeek></ScheduleByWeek>"
    daily = written[written.index("<ScheduleByDay>") : written.index("</CalendarTrigger>")]
    days = ["<Monday /><Tuesday /><Wednesday /><Thursday /><Friday /><Saturday />", "<Sunday />"]
    answer["tasks"][0]["triggers"] = [written.replace(daily, weekly.format(day)) for day in days]


def once_and_for_ever(answer: Any) -> None:
    written = answer["tasks"][0]["triggers"][0]
    daily = written[written.index("<ScheduleByDay>") : written.index("</CalendarTrigger>")]
    again = written.replace(daily, "<Repetition><Interval>P1D</Interval></Repetition>")
    answer["tasks"][0]["triggers"] = [again.replace("CalendarTrigger", "TimeTrigger")]


def lower_case(answer: Any) -> None:
    action = answer["tasks"][0]["actions"][0]
    action["arguments"] = action["arguments"].lower()


def monthly(name: str, at: str = "22:30", change: Callable[[Any], object] = lambda _: None, **expected: Any) -> Judged:
    """One of the monthly tasks of a server."""

    def alone(answer: Any) -> None:
        answer["tasks"] = [one for one in answer["tasks"] if one["path"] == f"\\{name}"]
        change(answer)

    return job("server-monthly", alone, command=name.lower(), at=at, **expected)


def by_month(days: Iterable[int]) -> Callable[[Any], object]:
    """The first task on these dates, in every month: none is named."""

    def change(answer: Any) -> None:
        written = answer["tasks"][0]["triggers"][0]
        daily = written[written.index("<ScheduleByDay>") : written.index("</CalendarTrigger>")]
        dates = "".join(f"<Day>{day}</Day>" for day in days)
        by = f"<ScheduleByMonth><DaysOfMonth>{dates}</DaysOfMonth></ScheduleByMonth>"
        answer["tasks"][0]["triggers"][0] = written.replace(daily, by)

    return change


def last_friday(answer: Any) -> None:
    written = answer["tasks"][0]["triggers"][0]
    by_date = written[written.index("<ScheduleByMonth>") : written.index("</CalendarTrigger>")]
    by_day = (
        "<ScheduleByMonthDayOfWeek><Weeks><Week>Last</Week></Weeks><DaysOfWeek><Friday /></DaysOfWeek>"
        "</ScheduleByMonthDayOfWeek>"
    )
    answer["tasks"][0]["triggers"][0] = written.replace(by_date, by_day)


@pytest.mark.parametrize(
    "found",
    [
        job(),
        job(user="system"),
        job(change=two_triggers),
        job(change=once_and_for_ever),
        job(change=lower_case),
        job(change=task(logon="InteractiveToken")),  # of the system, which needs no logon
        # Named from the folder where it starts; by a variable of its user, which is not ours.
        job("client-start-in", command=r"C:\Scripts\sauvegarde.cmd"),
        job("client-start-in", command="cmd.exe /c"),
        job("client-start-in", command=r"%USERPROFILE%\copie.cmd"),
        job("server-week-days", days="1-5", user=r"kerbras\svc-backup"),
        job(change=trigger("22:30:00<", "21:30:00Z<")),  # what PowerShell's own command makes
        job(change=trigger("22:30:00<", "22:30:00+01:00<")),
        job(change=trigger("22:30:00<", "16:30:00-05:00<")),
        job(change=by_month(range(1, 32))),  # every date is every day
        monthly("Premier", at="06:15", days="mon", dates="1-7"),
        monthly("Quinzaine", dates="1,15"),
        monthly("Quinzaine", dates="1,15", change=trigger("2026-11-01T", "2026-12-15T")),  # nothing is due before
        monthly("Fin", at="23:00", dates="last"),
        monthly("Fin", at="23:00", days="fri", dates="last-7", change=last_friday),
    ],
)
def test_right(found: Judged) -> None:
    assert found.outcome == "PASS"


USER = "S-1-5-21-1-2-3-1001"


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (job(change=task(enabled=False)), "désactivée"),
        (job(change=task(sid=USER, account="x", logon="InteractiveToken")), "session ouverte"),
        (job(change=task(group="S-1-5-32-545")), "session ouverte"),
        (job(change=task(idle="true")), "condition"),
        (job(change=trigger("<Enabled>true", "<Enabled>false")), "aucune tâche"),
        (job(change=trigger("<ScheduleByDay>", "<EndBoundary>2026-11-01T00:00:00</EndBoundary><ScheduleByDay>")),
         "échue"),
        (job(change=trigger("2026-11-20", "2027-11-20")), "ne commence pas"),
        (job(change=trigger("<ScheduleByDay>", "<RandomDelay>PT2H</RandomDelay><ScheduleByDay>")), "aléatoire"),
        (job(change=trigger("<DaysInterval>1", "<DaysInterval>2")), "every 2 days"),
        (job(change=trigger("22:30", "22:03")), "22:03"),
        (job(change=trigger("22:30:00<", "22:30:00Z<")), "23:30"),
        (job(dates="1"), "dates « 1 »"),
        (monthly("Premier", dates="1"), "Mon *-*-01..07"),
        (monthly("Premier", at="06:15", days="tue", dates="1-7"), "jours « tue »"),
        (monthly("Premier", at="06:15", days="mon"), "ne dépend pas"),
        (monthly("Quinzaine", dates="1"), "01,15"),
        (monthly("Quinzaine", dates="1,15", change=trigger("<July />", "")), "06,08"),
        (monthly("Fin", dates="30"), "~01"),
        (monthly("Quinzaine", dates="1,15", change=trigger("2026-11-01T", "2027-01-15T")), "ne commence pas"),
        (monthly("Fin", at="23:00", days="fri", dates="last-7"), "~01"),
        (job(change=lambda answer: answer["paths"].update({SAVE["command"]: "missing"})), "n'existe pas"),
        (job(change=lambda answer: answer.update(running=False)), "pas démarrée"),
        (job(user="technicien"), "exécutée par « SYSTEM »"),
        (job("server-week-days"), "attendu à 22:30"),
        (job(command=r"C:\Scripts\sauvegarde.ps"), "aucune tâche"),
        (job("client-start-in", command=r"C:\Scripts\absent.cmd"), "aucune tâche"),
        (job("client-start-in", command=r"C:\Outils\sauvegarde.cmd"), "aucune tâche"),
    ],
)  # fmt: skip
def test_wrong(found: Judged, word: str) -> None:
    assert found.outcome == "FAIL"
    assert word in found.reason


NOW = datetime(2026, 11, 26, 3)  # noqa: DTZ001 - the machine's own local time
PARIS = timedelta(hours=1)
SPACE = 'xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"'


def when(repetition: str, begin: str = "2026-11-20T06:00:00") -> tuple[str, ...]:
    found = task_triggers.read(
        f"<CalendarTrigger {SPACE}><Repetition>{repetition}</Repetition><StartBoundary>{begin}</StartBoundary>"
        "<ScheduleByDay /></CalendarTrigger>",
        NOW,
        PARIS,
    )
    assert found is not None
    return found.when


def test_repetitions() -> None:
    assert when("<Interval>PT1H</Interval><Duration>PT3H</Duration>") == ("*-*-* 06,07,08:00:00",)
    assert when("<Interval>PT12H</Interval>") == ("*-*-* 06,18:00:00",)
    assert when("<Interval>PT30M</Interval><Duration>PT1H</Duration>") == ("*-*-* 06:00,30:00",)
    each = ("*-*-* 06:00:00", "*-*-* 06:45:00", "*-*-* 07:30:00")
    assert when("<Interval>PT45M</Interval><Duration>PT2H</Duration>") == each
    assert when("<Interval>PT7H</Interval><Duration>P2D</Duration>") == ("repeated",)
    assert when("<Interval>soon</Interval><Duration>P1D</Duration>") == ("*-*-* 06:00:00",)


@pytest.mark.parametrize("xml", ["", "<a", "<!DOCTYPE a><a/>", "<a/>" * 2000])
def test_hostile_triggers(xml: str) -> None:
    with pytest.raises(ValueError, match="not a trigger"):
        task_triggers.read(xml, NOW, PARIS)


@pytest.mark.parametrize("begin", ["0001-01-01T00:00:00+05:00", "9999-12-31T23:00:00-05:00"])
def test_a_time_that_is_none_on_the_machines_clock(begin: str) -> None:
    with pytest.raises(ValueError, match="not a time"):
        when("", begin)


def test_days_of_the_week_of_another_zone_are_not_compared() -> None:
    """Half past midnight in Paris is the day before in UTC: which of both days is meant is not documented."""
    found = job("server-week-days", trigger("T22:30:00", "T23:30:00Z"), at="00:30", days="1-5")
    assert (found.outcome, "another zone" in found.reason) == ("FAIL", True), found


def test_a_number_beyond_any_date_is_no_answer() -> None:
    raw = Raw(stdout=json.dumps(golden("schedules", "client-daily") | {"offset_s": 10**30}))
    assert fact_of(Question("client", Schedules()), raw, "agent", {}, WINDOWS).status == "unseen"
