"""Whether a Debian machine keeps its software up to date by itself."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from checkers.facts import Raw
from checkers.parsers import apt_config, sections
from checkers.parsers.clean import clip
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text

System = Literal["apt", "windows"]
Seconds = Annotated[int, Field(ge=1, le=10**14)]


class UpdatesValue(Value):
    """tool: unattended-upgrade is installed. enabled: the daily jobs are allowed. lists_s, upgrade_s: seconds between
    two fetches of the lists, two upgrades; None: never. timers: those that run and come back after a restart, of
    apt-daily and apt-daily-upgrade. patterns: what upgrades are taken from, as Origins-Pattern is written. Windows
    Update is told in the same terms: its services are the timers, Microsoft or a WSUS the origin."""

    tool: bool
    enabled: bool
    lists_s: Seconds | None
    upgrade_s: Seconds | None
    timers: tuple[str, ...]
    patterns: tuple[str, ...]
    system: Annotated[System, Field(exclude_if=lambda system: system == "apt")] = "apt"


class Updates(Probe[UpdatesValue]):
    """Whether updates install themselves."""

    name: ClassVar[str] = "automatic-updates"
    about: ClassVar[Text] = Text("mises à jour automatiques", "automatic updates")
    value: ClassVar[type[Value]] = UpdatesValue
    timeout_s: ClassVar[int] = 30

    def command(self) -> str:
        return (
            "echo '== tool'; command -v unattended-upgrade unattended-upgrades; "
            "echo '== config'; apt-config dump | grep -iE '^(APT::Periodic|Unattended-Upgrade)::'; "
            "echo '== timers'; systemctl show -p Id,ActiveState,UnitFileState apt-daily.timer apt-daily-upgrade.timer; "
            "echo '== end'"
        )

    def parse(self, raw: Raw) -> UpdatesValue:
        parts = sections.split(raw.stdout)
        if "end" not in parts or "ActiveState=" not in parts["timers"]:
            raise Unreadable(Text("les mises à jour n'ont pas pu être lues", "the updates could not be read"))
        options = apt_config.dump(parts["config"])
        return UpdatesValue(
            tool=bool(parts["tool"].strip()),
            enabled=apt_config.one(options, "APT::Periodic::Enable") != "0",
            lists_s=apt_config.period(apt_config.one(options, "APT::Periodic::Update-Package-Lists")),
            upgrade_s=apt_config.period(apt_config.one(options, "APT::Periodic::Unattended-Upgrade")),
            timers=tuple(
                clip(sections.one(block, "Id"))
                for block in sections.blocks(parts["timers"])
                if sections.one(block, "ActiveState") == "active" and sections.one(block, "UnitFileState") == "enabled"
            ),
            patterns=tuple(clip(pattern) for pattern in apt_config.patterns(options)[:50]),
        )
