"""Schedules: every way of writing the same times is the same; what would not run is not."""

from __future__ import annotations

import pytest

from checkers.parsers import calendar, cron
from checkers.parsers.moments import Moments

DAILY = frozenset((day, 22 * 60 + 30) for day in range(7))
WEEKDAYS = frozenset((day, 22 * 60 + 30) for day in range(1, 6))


@pytest.mark.parametrize(
    ("written", "week"),
    [
        ("30 22 * * *", DAILY),
        ("30 22 */1 * 0-7", DAILY),
        ("30 22 1-31 1-12 *", DAILY),
        ("30 22 * jan-dec sun-sat", DAILY),
        ("30 22 * * 1-5", WEEKDAYS),
        ("30 22 * * mon-fri", WEEKDAYS),
        ("30 22 * * Mon,Tue,wed,4,5", WEEKDAYS),
        ("30,30 22-22 * * 1-5/1", WEEKDAYS),
        ("0 0 * * 7", frozenset({(0, 0)})),
        ("@weekly", frozenset({(0, 0)})),
        ("@midnight", frozenset((day, 0) for day in range(7))),
        ("*/30 0 * * 1", frozenset({(1, 0), (1, 30)})),
    ],
)
def test_weeks_of_cron(written: str, week: frozenset[tuple[int, int]]) -> None:
    assert cron.week(written) == week


@pytest.mark.parametrize("written", ["30 22 1 * *", "30 22 * 6 *", "@monthly", "@reboot", "30 22 1-15 * 1"])
def test_what_depends_on_the_date_is_no_week(written: str) -> None:
    assert cron.week(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "30 24 * * *",
        "60 22 * * *",
        "30 22 * *",
        "30 22 * * 8",
        "30 22 * * lundi",
        "5/10 * * * *",
        "*/0 * * * *",
        "a b c d e",
    ],
)
def test_what_cron_would_refuse(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        cron.week(written)
    assert cron.parse(f"{written} root /bin/true", user_column=True) is None


def test_lines() -> None:
    assert cron.parse("# 30 22 * * * root /bin/true", user_column=True) is None
    assert cron.parse("PATH=/usr/bin:/bin", user_column=True) is None
    assert cron.parse('MAILTO = "chef@kerbras.lan"', user_column=True) is None
    job = cron.parse("30  22\t* * 1-5   root  /usr/local/sbin/sauvegarde  --tout", user_column=True)
    assert job == cron.Line("30 22 * * 1-5", "root", "/usr/local/sbin/sauvegarde  --tout")
    own = cron.parse("@daily /usr/local/sbin/sauvegarde", user_column=False)
    assert own == cron.Line("@daily", "", "/usr/local/sbin/sauvegarde")


def test_a_percent_sign_ends_the_command() -> None:
    assert cron.effective("tar czf /srv/s-$(date +%F).tgz /srv") == "tar czf /srv/s-$(date +"
    assert cron.effective(r"tar czf /srv/s-$(date +\%F).tgz /srv") == "tar czf /srv/s-$(date +%F).tgz /srv"


@pytest.mark.parametrize(
    ("written", "week"),
    [
        ("*-*-* 22:30:00", DAILY),
        ("Mon..Fri *-*-* 22:30:00", WEEKDAYS),
        ("Mon,Tue,Wed,Thu,Fri *-*-* 22:30:00", WEEKDAYS),
        ("*-*-* 22:30:00 Europe/Paris", DAILY),
        ("Mon,Sun *-*-* 00:00:00", frozenset({(0, 0), (1, 0)})),
        ("Sat..Mon *-*-* 10:00:00", frozenset({(6, 600), (0, 600), (1, 600)})),
        ("Mon *-*-* 22/1:00:00", frozenset({(1, 1320), (1, 1380)})),
        ("Mon *-*-* 08..09:00/30:00", frozenset({(1, 480), (1, 510), (1, 540), (1, 570)})),
    ],
)
def test_weeks_of_timers(written: str, week: frozenset[tuple[int, int]]) -> None:
    assert calendar.week(written, "Europe/Paris") == week


@pytest.mark.parametrize("written", ["*-*-01 22:30:00", "2026-*-* 22:30:00", "*-*-* 22:30:00 UTC"])
def test_timers_that_depend_on_more(written: str) -> None:
    assert calendar.week(written, "Europe/Paris") is None


@pytest.mark.parametrize("written", ["", "demain", "Xxx *-*-* 22:30:00", "*-*-* 25:30:00", "*-*-* 22:30"])
def test_unreadable_timers(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        calendar.week(written)


def _days(found: Moments | None, minute: int) -> int:
    """On how many days of four years a schedule fires at a minute of the day."""
    assert found is not None
    assert set(found) <= {minute}
    return found.get(minute, 0).bit_count()


@pytest.mark.parametrize(
    ("crontab", "timer", "days"),
    [
        ("30 22 1 * *", "*-*-01 22:30:00", 48),
        ("30 22 1,15 * *", "*-*-01,15 22:30:00", 96),
        ("30 22 31 * *", "*-*-31 22:30:00", 28),
        ("30 22 1 1,7 *", "*-01,07-01 22:30:00", 8),
        ("30 22 29 2 *", "*-02-29 22:30:00", 1),
        ("30 22 * * *", "*-*-* 22:30:00", 1461),
        ("30 22 * * mon", "Mon *-*-* 22:30:00", 209),
        ("30 22 1-7 * */7", "Sun *-*-01..07 22:30:00", 48),  # the day begins with a star: both count
    ],
)
def test_dates_written_two_ways(crontab: str, timer: str, days: int) -> None:
    found = cron.dates(crontab)
    assert found == calendar.dates(timer, "Europe/Paris")
    assert _days(found, 1350) == days


def test_dates_that_only_one_of_them_can_say() -> None:
    assert _days(calendar.dates("*-*~01 22:30:00"), 1350) == 48
    assert _days(calendar.dates("Fri *-*~07/1 22:30:00"), 1350) == 48
    assert _days(calendar.dates("*-02~03 22:30:00"), 1350) == 4
    assert _days(cron.dates("30 22 1-7 * mon"), 1350) == 7 * 48 + 209 - 48  # one of both is enough
    assert cron.dates("@reboot") is None
    assert calendar.dates("2026-*-01 22:30:00") is None
    assert calendar.dates("*-*-01 22:30:00 UTC", "Europe/Paris") is None
    for wrong in ("*-*-32 22:30:00", "*-13-01 22:30:00", "*-*-00 22:30:00", "demain"):
        with pytest.raises(ValueError, match="bad"):
            calendar.dates(wrong)
