"""Software of a machine, as the package database of Debian tells it (dpkg-query(1))."""

from __future__ import annotations

import re
import shlex
from typing import Annotated, ClassVar

from pydantic import StringConstraints

from checkers.facts import Raw
from checkers.parsers.clean import clip
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text

PackageName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9+.-]{1,100}$")]
_LINE = re.compile(r"([a-z-]{1,20}) ([a-z-]{1,20}) ([a-z-]{1,20}) (\S{0,200})")


class PackageValue(Value):
    """state: dpkg's own word (``installed``, ``half-configured``, ``config-files``…; ``not-installed`` when it knows
    none). installed: unpacked, set up and sound. version: empty when nothing of it is there. held: not to be updated.
    """

    installed: bool
    state: str
    version: str = ""
    held: bool = False


class Package(Probe[PackageValue]):
    """One package."""

    name: ClassVar[str] = "package"
    about: ClassVar[Text] = Text("état d'un paquet logiciel", "state of a software package")
    value: ClassVar[type[Value]] = PackageValue

    package: PackageName

    def command(self) -> str:
        # dpkg-query fails for a name that it never heard of; that the database itself can be read is asked with dpkg's.
        fields = "${db:Status-Want} ${db:Status-Eflag} ${db:Status-Status} ${Version}"
        return (
            f"dpkg-query -W -f='{fields}\\n' dpkg > /dev/null || exit; echo known; "
            f"dpkg-query -W -f='{fields}\\n' -- {shlex.quote(self.package)} 2>/dev/null; true"
        )

    def parse(self, raw: Raw) -> PackageValue:
        lines = raw.stdout.split("\n")
        if lines[0] != "known":
            raise Unreadable(Text("la base des paquets n'a pas pu être lue", "the package database could not be read"))
        # One line per architecture; the one that is installed counts.
        found = [match for line in lines[1:9] if (match := _LINE.fullmatch(line.strip())) is not None]
        if not found:
            return PackageValue(installed=False, state="not-installed")
        want, fault, state, version = min(found, key=lambda match: match[3] != "installed").groups()
        return PackageValue(
            installed=state == "installed" and fault == "ok", state=state, version=clip(version), held=want == "hold"
        )
