"""Group policies: the settings that SYSVOL publishes on a controller, and those a member has applied."""

from __future__ import annotations

import shlex
from typing import ClassVar

from pydantic import Field

from checkers.facts import Raw
from checkers.parsers import gpo, sections
from checkers.parsers.clean import clip
from checkers.probe import Probe, Unreadable, Value
from checkers.probes.sysvol import TOO_LARGE, PublishedPoliciesValue, published
from labs.text import Text

_MAX = 2000
_FILES = 600

_COMMAND = r"""
cd /var/lib/samba/sysvol 2>/dev/null || { echo '== absent'; exit 0; }
echo '== files'
settings() {
  find "$PWD" -type f "$@" '(' -iname gpt.ini -o -iname registry.pol -o -iname manifest.xml -o -iname gpttmpl.inf \
    -o -iname scripts.ini -o -iname psscripts.ini -o -iname fdeploy1.ini -o -ipath '*/preferences/*.xml' ')'
}
settings -size -256 | while IFS= read -r f; do printf '%s:' "$f"; base64 -w0 "$f"; echo; done
find "$PWD" -type f -ipath '*/scripts/*' ! -iname '*.ini' ! -iname manifest.xml | head -n 601 | sed 's/$/:/'
echo '== large'
settings ! -size -256
echo '== end'
""".strip()


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
        found = sections.files(parts["files"], limit=_FILES + 1)
        if len(found) > _FILES:
            raise Unreadable(TOO_LARGE)
        large: list[tuple[str, str | None]] = [(path, None) for path in parts.get("large", "").splitlines()]
        return published([*((path, lines[0]) for path, lines in found.items()), *large])


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
