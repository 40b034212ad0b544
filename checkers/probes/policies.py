"""Group policies: the settings that SYSVOL publishes on a controller, and those a member has applied."""

from __future__ import annotations

import base64
import binascii
import re
import shlex
from collections.abc import Iterable
from typing import ClassVar, Literal

from pydantic import Field

from checkers.facts import Raw
from checkers.parsers import gpo, gpt_tmpl, registry_pol, sections
from checkers.parsers.clean import clip
from checkers.probe import Probe, Unreadable, Value
from labs.text import Text

_MAX = 2000
_FILE = re.compile(r"/policies/(\{[0-9a-f-]{36}\})/(?:(machine|user)/)?(.{1,200})$", re.IGNORECASE)
_MESSAGES = r"Software\Policies\Samba\Unix Settings\Messages"

_COMMAND = r"""
cd /var/lib/samba/sysvol 2>/dev/null || { echo '== absent'; exit 0; }
echo '== files'
find "$PWD" -type f -size -256 '(' -iname gpt.ini -o -iname registry.pol -o -iname manifest.xml ')' |
while IFS= read -r f; do printf '%s:' "$f"; base64 -w0 "$f"; echo; done
echo '== end'
""".strip()


Scope = Literal["machine", "user"]


class Setting(Value):
    """One setting. data as text: numbers in decimal. A message published as a manifest has the type ``MANIFEST``; a
    security setting that is not in the registry has ``INF``, and its section (``System Access``) for a key."""

    scope: Scope
    key: str
    value: str
    type: str
    data: str


class PublishedPolicy(Value):
    """One policy in SYSVOL. version: of its GPT.INI. damaged: a Registry.pol that no client can read."""

    guid: str
    version: int
    damaged: bool
    settings: tuple[Setting, ...]


class PublishedPoliciesValue(Value):
    """present: there is a SYSVOL on this machine."""

    present: bool
    policies: tuple[PublishedPolicy, ...]


class PublishedPolicies(Probe[PublishedPoliciesValue]):
    """The settings of every policy in SYSVOL."""

    name: ClassVar[str] = "published-policies"
    about: ClassVar[Text] = Text("réglages des stratégies de groupe (SYSVOL)", "settings of group policies (SYSVOL)")
    value: ClassVar[type[Value]] = PublishedPoliciesValue

    def command(self) -> str:
        return _COMMAND

    def parse(self, raw: Raw) -> PublishedPoliciesValue:
        parts = sections.split(raw.stdout)
        if "absent" in parts:
            return PublishedPoliciesValue(present=False, policies=())
        if "end" not in parts:
            raise Unreadable(Text("SYSVOL n'a pas pu être lu", "SYSVOL could not be read"))
        return published((path, lines[0]) for path, lines in sections.files(parts["files"]).items())


def published(files: Iterable[tuple[str, str]]) -> PublishedPoliciesValue:
    """The policies in files of a SYSVOL: path with slashes and content in base64. Raises Unreadable."""
    found: dict[str, _Policy] = {}
    for path, content in files:
        match = _FILE.search(path)
        if match is not None:
            policy = found.setdefault(match[1].upper(), _Policy())
            scope: Scope = "user" if (match[2] or "").lower() == "user" else "machine"
            policy.read(scope, match[3].lower(), content)
    return PublishedPoliciesValue(
        present=True,
        policies=tuple(
            PublishedPolicy(
                guid=guid, version=policy.version, damaged=policy.damaged, settings=tuple(policy.settings[:_MAX])
            )
            for guid, policy in found.items()
        ),
    )


class _Policy:
    """One policy while its files are read."""

    def __init__(self) -> None:
        self.version = 0
        self.damaged = False
        self.settings: list[Setting] = []

    def read(self, scope: Scope, name: str, encoded: str) -> None:
        """Take in one file, by its lower-case path inside the policy."""
        try:
            content = base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise Unreadable(Text("SYSVOL n'a pas pu être lu", "SYSVOL could not be read")) from error
        if name == "gpt.ini":
            self.version = gpo.version(content.decode("utf-8", "replace"))
        elif name == "registry.pol":
            try:
                self._add(scope, registry_pol.parse(content))
            except ValueError:
                self.damaged = True
        elif name == "microsoft/windows nt/secedit/gpttmpl.inf":
            self._add(scope, gpt_tmpl.parse(content))
        elif name in ("vgp/vtla/unix/motd/manifest.xml", "vgp/vtla/unix/issue/manifest.xml"):
            text = gpo.manifest_text(content.decode("utf-8", "replace"))
            if text is not None:
                which = name.split("/")[3]
                self.settings.append(
                    Setting(scope=scope, key=_MESSAGES, value=which, type="MANIFEST", data=text[:4000])
                )

    def _add(self, scope: Scope, entries: Iterable[registry_pol.Entry | gpt_tmpl.Entry]) -> None:
        self.settings += [
            Setting(scope=scope, key=clip(e.key, 500), value=clip(e.value), type=e.type, data=e.data[:4000])
            for e in entries
        ]


class AppliedSetting(Value):
    """A setting that the member's policy client noted. value: the text it set, or the file it wrote."""

    guid: str
    extension: str
    name: str
    value: str


class AppliedPoliciesValue(Value):
    """versions: of each policy last seen by the member. text: beginning of the file asked for; None when absent.

    logged: whether the policy client keeps notes of all that it sets; else ``settings`` is not all.
    """

    ran: bool
    versions: dict[str, str]
    settings: tuple[AppliedSetting, ...]
    text: str | None
    logged: bool = Field(default=True, exclude_if=lambda logged: logged)

    def not_seen(self) -> frozenset[str]:
        return frozenset({"settings"} if not self.logged else ())


class AppliedPolicies(Probe[AppliedPoliciesValue]):
    """What samba-gpupdate applied to this member, and a file that a policy should have written."""

    name: ClassVar[str] = "applied-policies"
    about: ClassVar[Text] = Text("stratégies de groupe appliquées", "group policies applied")
    value: ClassVar[type[Value]] = AppliedPoliciesValue

    path: str

    def command(self) -> str:
        path = shlex.quote(self.path)
        return f"""
echo '== log'
for f in /var/cache/samba/gpo.tdb /var/lib/samba/gpo.tdb; do [ ! -e "$f" ] || tdbdump "$f"; done
echo
if [ -f {path} ]; then echo '== file'; head -c 65536 -- {path}; else echo '== nofile'; fi
""".strip()

    def parse(self, raw: Raw) -> AppliedPoliciesValue:
        head, present, text = raw.stdout.partition("\n== file\n")
        if not head.startswith("== log") or (not present and "\n== nofile" not in head):
            raise Unreadable(
                Text("les stratégies appliquées n'ont pas pu être lues", "the applied policies could not be read")
            )
        pairs = gpo.dump(head)
        settings = [setting for value in pairs.values() if value.startswith("<gp>") for setting in gpo.applied(value)]
        return AppliedPoliciesValue(
            ran=bool(pairs),
            versions={clip(key): clip(value, 20) for key, value in pairs.items() if key.startswith("{")},
            settings=tuple(
                AppliedSetting(guid=clip(s.guid), extension=clip(s.extension), name=clip(s.name), value=s.value[:4000])
                for s in settings[:_MAX]
            ),
            text=text if present else None,
        )
