"""What the files of a SYSVOL say: the settings of every group policy, whoever read them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from checkers.parsers import gp_preferences, gp_redirection, gp_scripts, gpo, gpt_tmpl, registry_pol
from checkers.parsers.clean import clip
from checkers.probe import Unreadable, Value
from labs.text import Text

_MAX = 2000
_FILE = re.compile(r"/policies/(\{[0-9a-f-]{36}\})/(?:(machine|user)/)?(.{1,200})$", re.IGNORECASE)
_SETTINGS = re.compile(
    r"gpt\.ini|registry\.pol|microsoft/windows nt/secedit/gpttmpl\.inf|scripts/(ps)?scripts\.ini|preferences/.*\.xml|"
    r"vgp/vtla/unix/(motd|issue)/manifest\.xml|documents & settings/fdeploy1\.ini"
)
"""The files that are read, by their path inside a half of the policy, in lower case."""
_MESSAGES = r"Software\Policies\Samba\Unix Settings\Messages"
_UNREAD = Text("SYSVOL n'a pas pu être lu", "SYSVOL could not be read")
TOO_LARGE = Text("SYSVOL est trop grand pour être lu", "SYSVOL is too large to be read")

Scope = Literal["machine", "user"]


class Setting(Value):
    """One setting. data as text: numbers in decimal. A message published as a manifest has the type ``MANIFEST``; a
    security setting that is not in the registry has ``INF``, and its section (``System Access``) for a key.

    A script has ``SCRIPT`` (``SCRIPT-MISSING``: its file is not there), ``Scripts\\Logon`` for a key, its command for a
    value and its parameters for data. A preference has ``PREFERENCE`` (``PREFERENCE-DELETE``: it takes away),
    ``Preferences\\Drives\\S:`` for a key and a property for a value. So has a redirected folder of users, with
    ``REDIRECTION`` and ``Folder Redirection\\Documents``. only: for whom it is, where not for everybody.
    """

    scope: Scope
    key: str
    value: str
    type: str
    data: str
    only: str = Field(default="", exclude_if=lambda only: not only)


class PublishedPolicy(Value):
    """One policy in SYSVOL. version: of its GPT.INI. damaged: a file of settings that no client can read."""

    guid: str
    version: int
    damaged: bool
    settings: tuple[Setting, ...]


class PublishedPoliciesValue(Value):
    """present: there is a SYSVOL on this machine."""

    present: bool
    policies: tuple[PublishedPolicy, ...]


def published(files: Iterable[tuple[str, str | None]]) -> PublishedPoliciesValue:
    """The policies in files of a SYSVOL: path with slashes and content in base64, None where it is too large; of a
    script only that it is there. Raises Unreadable, also for one large file of settings: without it a policy would seem
    to lack what is in it. What else is large does not count."""
    found: dict[str, _Policy] = {}
    for path, content in files:
        match = _FILE.search(path)
        if match is not None:
            policy = found.setdefault(match[1].upper(), _Policy())
            policy.read("user" if (match[2] or "").lower() == "user" else "machine", match[3], content)
    return PublishedPoliciesValue(present=True, policies=tuple(one.published(guid) for guid, one in found.items()))


class _Policy:
    """One policy while its files are read."""

    def __init__(self) -> None:
        self._version = 0
        self._damaged = False
        self._settings: list[Setting] = []
        self._scripts: list[tuple[Scope, gp_scripts.Script]] = []
        self._files: set[str] = set()

    def published(self, guid: str) -> PublishedPolicy:
        """The policy, once all its files were read."""
        settings = [*self._settings, *(self._script(scope, one) for scope, one in self._scripts)]
        return PublishedPolicy(guid=guid, version=self._version, damaged=self._damaged, settings=tuple(settings[:_MAX]))

    def read(self, scope: Scope, path: str, encoded: str | None) -> None:
        """Take in one file, by its path inside its half of the policy."""
        name = path.lower()
        if _SETTINGS.fullmatch(name) is None:
            self._files.add(f"{scope}/{name}")
            return
        if encoded is None:
            raise Unreadable(TOO_LARGE)
        try:
            content = base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise Unreadable(_UNREAD) from error
        try:
            self._take(scope, name, path, content)
        except ValueError:
            self._damaged = True

    def _take(self, scope: Scope, name: str, path: str, content: bytes) -> None:
        if name == "gpt.ini":
            self._version = gpo.version(content.decode("utf-8", "replace"))
        elif name == "registry.pol":
            self._add(scope, registry_pol.parse(content))
        elif name.endswith("/gpttmpl.inf"):
            self._add(scope, gpt_tmpl.parse(content))
        elif name.startswith("scripts/"):
            self._scripts += [(scope, one) for one in gp_scripts.parse(content)]
        elif name.startswith("preferences/"):
            self._add(scope, gp_preferences.parse(content, path.rpartition("/")[2][: -len(".xml")], scope))
        elif name.endswith("/fdeploy1.ini"):
            self._add(scope, gp_redirection.parse(content))
        else:
            text = gpo.manifest_text(content.decode("utf-8", "replace"))
            if text is not None:
                which = name.split("/")[3]
                self._settings.append(
                    Setting(scope=scope, key=_MESSAGES, value=which, type="MANIFEST", data=text[:4000])
                )

    def _add(
        self,
        scope: Scope,
        entries: Iterable[registry_pol.Entry | gpt_tmpl.Entry | gp_preferences.Preference | gp_redirection.Redirection],
    ) -> None:
        for one in entries:
            name, kind, only = clip(one.value), clip(one.type, 40), clip(getattr(one, "only", ""), 400)
            self._settings.append(
                Setting(scope=scope, key=clip(one.key, 500), value=name, type=kind, data=one.data[:4000], only=only)
            )

    def _script(self, scope: Scope, one: gp_scripts.Script) -> Setting:
        """A script; a path that leads nowhere else is inside the policy."""
        inside = one.command.replace("\\", "/").lower()
        there = one.is_elsewhere or f"{scope}/scripts/{one.when.lower()}/{inside}" in self._files
        return Setting(
            scope=scope,
            key=f"Scripts\\{one.when}",
            value=clip(one.command),
            type="SCRIPT" if there else "SCRIPT-MISSING",
            data=one.parameters[:4000],
        )
