"""Checks about software that keeps itself up to date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from checkers.check import Check, View
from checkers.parsers import apt_config
from checkers.parsers.clean import listed
from checkers.probe import Question
from checkers.probes.updates import Updates
from checkers.verdict import Finding, Tally, failed
from labs.text import Text

_DAY = 86400
_WORK = {"apt": ("apt-daily.timer", "apt-daily-upgrade.timer"), "windows": ("wuauserv", "UsoSvc")}
"""What does the work: timers, or services of Windows."""
_FORBIDDEN = {
    "apt": Text("APT::Periodic::Enable est à 0 : rien ne se fera", "APT::Periodic::Enable is 0: nothing will be done"),
    "windows": Text(
        "Windows Update est suspendu ou désactivé par une stratégie",
        "Windows Update is paused, or switched off by a policy",
    ),
}
_WORKER = {
    "apt": Text("minuterie arrêtée, masquée ou non activée", "timer stopped, masked or not enabled"),
    "windows": Text("service désactivé", "service disabled"),
}
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 ._+-]{1,80}$")]


class UpdatesInstallThemselves(Check):
    """Updates of a source install themselves by unattended-upgrades or by Windows Update, every so many days, after a
    restart too.

    origin, suite: what the source's Release file says of itself; one of the allowed origins must take it. On Windows,
    ``Microsoft`` or ``WSUS``, and ``Windows``.
    """

    kind: ClassVar[str] = "automatic-updates"
    about: ClassVar[Text] = Text("les mises à jour s'installent seules", "updates install themselves")

    on: str
    origin: Word
    suite: Word
    days: Annotated[int, Field(ge=1, le=31)] = 1

    def questions(self) -> Sequence[Question]:
        return [Question(self.on, Updates())]

    def judge(self, view: View) -> Finding:
        found = view.see(self.on, Updates())
        if not found.tool:
            return failed(Text("unattended-upgrades n'est pas installé", "unattended-upgrades is not installed"))
        tally = Tally()
        tally.expect(
            found.enabled,
            Text("tâches quotidiennes permises", "daily jobs allowed"),
            _FORBIDDEN[found.system],
        )
        for what, every in (
            (Text("lecture des listes", "fetch of the lists"), found.lists_s),
            (Text("installation", "installation"), found.upgrade_s),
        ):
            tally.expect(
                every is not None and every <= self.days * _DAY,
                Text(f"{what.fr} assez souvent", f"{what.en} often enough"),
                Text(
                    f"{what.fr} automatique : {'jamais' if every is None else f'tous les {every // _DAY} jours'}",
                    f"automatic {what.en}: {'never' if every is None else f'every {every // _DAY} days'}",
                ),
            )
        missing = [timer for timer in _WORK[found.system] if timer not in found.timers]
        tally.expect(
            not missing,
            Text("minuteries en marche", "timers running"),
            Text(
                f"{_WORKER[found.system].fr} : {listed(missing)}",
                f"{_WORKER[found.system].en}: {listed(missing)}",
            ),
        )
        release = {"origin": self.origin, "label": self.origin, "suite": self.suite, "codename": self.suite}
        release["component"] = "main"
        tally.expect(
            any(apt_config.covers(pattern, release, {}) for pattern in found.patterns),
            Text(f"dépôt « {self.origin} » pris en compte", f"source “{self.origin}” taken"),
            Text(
                f"aucune origine autorisée ne correspond au dépôt « {self.origin} »",
                f"no allowed origin takes the source “{self.origin}”",
            ),
        )
        return tally.finding()
