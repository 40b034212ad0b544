"""Checks about jobs that run by themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Annotated, ClassVar

from pydantic import StringConstraints, field_validator

from checkers.check import Check, View
from checkers.expect import patterns
from checkers.parsers import calendar, cron
from checkers.parsers.clean import clip
from checkers.parsers.moments import Day, Moments, of_dates, of_week, together
from checkers.probe import Question
from checkers.probes.schedules import Job, Schedules, SchedulesValue
from checkers.verdict import Finding, failed, passed
from labs.text import Text

_TROUBLES = {
    "unfinished": Text(
        "dernière ligne sans fin de ligne : cron l'ignore", "last line has no line feed: cron ignores it"
    ),
    "name": Text("nom de fichier que cron ignore", "file name that cron ignores"),
    "owner": Text("fichier n'appartenant pas à root : cron l'ignore", "file not owned by root: cron ignores it"),
    "writable": Text("fichier modifiable par d'autres : cron l'ignore", "file others may write: cron ignores it"),
    "no-service": Text(
        "la minuterie désigne un service qui n'existe pas", "the timer names a service that does not exist"
    ),
    "stopped": Text("la minuterie n'est pas démarrée", "the timer is not started"),
    "not-enabled": Text("la minuterie ne reviendra pas au redémarrage", "the timer will not come back after a reboot"),
    "disabled": Text("la tâche est désactivée", "the task is disabled"),
    "logged-on": Text(
        "la tâche ne s'exécute que si son utilisateur a une session ouverte",
        "the task runs only while its user is logged on",
    ),
    "condition": Text("la tâche attend une autre condition", "the task waits for another condition"),
    "expired": Text("la tâche est échue", "the task is over"),
    "later": Text("la tâche ne commence pas avant une semaine", "the task does not begin within a week"),
    "no-program": Text("le programme ou le script n'existe pas", "the program or script does not exist"),
    "random": Text("la minuterie ajoute un délai aléatoire", "the timer adds a random delay"),
}
_INTERPRETERS = ("sh", "bash", "dash", "zsh", "python3", "python", "perl", ".", "source")
_WHOLE = re.compile(r"/|[A-Za-z]:\\")
_SKIPPED = ("nice", "ionice", "sudo", "exec", "env", "time", "-c", "&&", ";", "cd", "umask")


class JobIsScheduled(Check):
    """A command runs at a time of the day, on these days of the week, by cron, a systemd timer or the task scheduler.

    command: a whole path, or a part of the command line, or a regular expression. at: ``HH:MM``. days: as in a crontab
    (``*``, ``1-5``, ``mon,wed``). dates: days of the month as in a crontab, ``last`` or ``last-7`` (its last seven):
    the job runs on the ``days`` among them. Any way of writing the same times is right; a job that will not run is not.
    """

    kind: ClassVar[str] = "scheduled-job"
    about: ClassVar[Text] = Text("une tâche est planifiée à l'heure dite", "a job is scheduled at the given time")

    on: str
    command: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    at: Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    days: str = "*"
    dates: str = "*"
    user: str | None = None

    @field_validator("days")
    @classmethod
    def _days(cls, value: str) -> str:
        cron.week(f"0 0 * * {value}")
        return value

    @field_validator("dates")
    @classmethod
    def _dates(cls, value: str) -> str:
        if value != "*":
            _of_month(value)
        return value

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, Schedules())]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, Schedules())
        jobs = [job for job in found.jobs if self._is_it(job, found.folds)]
        if not jobs:
            return failed(
                Text(
                    f"aucune tâche planifiée n'exécute « {self.command} »",
                    f"no scheduled job runs “{self.command}”",
                )
            )
        faults = {index: self._fault(job, found) for index, job in enumerate(jobs)}
        sound = [job for index, job in enumerate(jobs) if faults[index] is None]
        times = together(self._when(job, found.zone) or {} for job in sound)
        wanted = self._wanted()
        if times == wanted:
            job = sound[0]
            return passed(
                Text(
                    f"« {clip(job.command, 80)} » : {' + '.join(job.when)} ({job.user}, {job.source})",
                    f"“{clip(job.command, 80)}”: {' + '.join(job.when)} ({job.user}, {job.source})",
                )
            )
        # Say first what is wrong with the job that comes nearest: one at the right times that will not run.
        near = sorted(range(len(jobs)), key=lambda index: (self._when(jobs[index], found.zone) or {}) != wanted)[0]
        fault = faults[near]
        job = jobs[near]
        asked = Text(f"attendu à {self.at}, jours « {self.days} »", f"expected at {self.at}, days “{self.days}”")
        if self.dates != "*":
            asked = Text(f"{asked.fr}, dates « {self.dates} »", f"{asked.en}, dates “{self.dates}”")
        told = f"{clip(job.source, 80)} : {' + '.join(job.when)}"
        if fault is not None:
            return failed(Text(f"{told} : {fault.fr}", f"{told}: {fault.en}"))
        return failed(Text(f"{told}, {asked.fr}", f"{told}, {asked.en}"))

    def _wanted(self) -> Moments:
        hour, minute = map(int, self.at.split(":"))
        week = cron.week(f"{minute} {hour} * * {self.days}") or frozenset()
        if self.dates == "*":
            return of_week(week)
        days, dates = {day for day, _ in week}, _of_month(self.dates)
        return of_dates([hour * 60 + minute], lambda day: day.of_week in days and dates(day))

    def _when(self, job: Job, zone: str) -> Moments | None:
        """When a job runs, in weeks or in years as the check asks; None when it depends on something else."""
        try:
            return together(self._times(expression, job.kind, zone) for expression in job.when)
        except ValueError:
            return None

    def _times(self, expression: str, kind: str, zone: str) -> Moments:
        if self.dates == "*":
            week = cron.week(expression) if kind == "cron" else calendar.week(expression, zone)
            found = None if week is None else of_week(week)
        else:
            found = cron.dates(expression) if kind == "cron" else calendar.dates(expression, zone)
        if found is None:
            raise ValueError("not by the clock alone")
        return found

    def _is_it(self, job: Job, folds: bool) -> bool:
        if _WHOLE.match(self.command):  # a whole path: not the beginning or the end of a longer one
            path = re.escape(self.command)
            whole = rf"(?i)(?<!\w){path}(?![\w.\\-])" if folds else rf"(?<![\w./-]){path}(?![\w./-])"
            return re.search(whole, job.command) is not None
        if self.command in job.command or (folds and self.command.casefold() in job.command.casefold()):
            return True
        return patterns.fault(self.command) is None and patterns.somewhere(self.command, job.command)

    def _fault(self, job: Job, found: SchedulesValue) -> Text | None:
        """Why a job does not count, or None."""
        if job.trouble:
            return _TROUBLES[job.trouble]
        if job.kind == "cron" and not found.cron_runs:
            return Text("le service cron est arrêté", "the cron service is stopped")
        if self.user is not None and not same_user(job.user, self.user, found.folds):
            return Text(
                f"exécutée par « {clip(job.user, 40)} », attendu « {self.user} »",
                f"run by “{clip(job.user, 40)}”, expected “{self.user}”",
            )
        if self._when(job, found.zone) is None:
            return Text("ne dépend pas seulement de l'heure et du jour", "depends on more than the hour and the day")
        return _program_fault(job, found)


def same_user(found: str, expected: str, folds: bool) -> bool:
    """Whether two names of an account are one on that machine."""
    return found == expected or (folds and found.casefold() == expected.casefold())


def _of_month(dates: str) -> Callable[[Day], bool]:
    """Whether a day is among dates of a month. Raises ValueError."""
    if dates in ("last", "last-7"):
        return lambda day: day.from_end <= (1 if dates == "last" else 7)
    numbers = cron.field(dates, 1, 31)
    return lambda day: day.of_month in numbers


def _program_fault(job: Job, found: SchedulesValue) -> Text | None:
    """Whether the program that a job names exists and can be executed, as far as its path is written."""
    interpreted = False
    for word in job.command.split():
        bare = word.strip("\"'();{}")
        if bare in _SKIPPED or "=" in bare or not bare:
            continue
        name = bare.rsplit("/", 1)[-1]
        if name in _INTERPRETERS:
            interpreted = True
            continue
        if bare.startswith("-") and interpreted:
            continue
        if not bare.startswith("/"):
            return None
        state = found.programs.get(bare)
        if state == "folder":
            continue
        if state is None:
            return Text(f"le programme {clip(bare)} n'existe pas", f"program {clip(bare)} does not exist")
        if state == "file" and not interpreted:
            return Text(f"le programme {clip(bare)} n'est pas exécutable", f"program {clip(bare)} is not executable")
        return None
    return None
