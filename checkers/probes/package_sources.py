"""Where software comes from: the sources of APT, and the versions of a package that they offer."""

from __future__ import annotations

import re
import shlex
from typing import ClassVar

from pydantic import Field

from checkers.facts import Raw
from checkers.parsers import apt_sources, sections
from checkers.parsers.clean import clip
from checkers.probe import Probe, Unreadable, Value
from checkers.probes.packages import PackageName
from labs.text import Text

# APT's caches are kept in memory: a question writes nothing. The end is marked, so that a cut is no absence.
_POLICY = r"""
command -v apt-cache >/dev/null || exit 127
apt-cache -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= policy {name} && echo '== end'
""".strip()

_SOURCES = r"""
command -v apt-config >/dev/null || exit 127
echo '== files'; grep -sH '' /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources
echo '== unchecked'; apt-config dump | grep -iE 'AllowUnauthenticated|AllowInsecureRepositories'
echo '== lists'; ls /var/lib/apt/lists
echo '== end'
""".strip()

_LINE = re.compile(r"^ (?P<mark>\*\*\*|   ) (?P<version>\S{1,100}) +(?P<priority>-?[0-9]{1,6})$")
_FROM = re.compile(r"^ {8,} *-?[0-9]{1,6} (?P<uri>[a-z][a-z0-9+]{1,20}:\S{1,300}) ")
_CANDIDATE = re.compile(r"^  \S.{0,40}: (\S{1,100})$")


class Offered(Value):
    """One version that a source offers. sources: addresses of the depots."""

    version: str
    sources: tuple[str, ...]


class PackagePolicyValue(Value):
    """candidate: the version that an upgrade would bring the package to, if nothing holds it back; empty when there is
    none. offered: every version known, with the depots that offer it; none for the one that is only installed."""

    candidate: str
    offered: tuple[Offered, ...] = Field(max_length=50)


class PackagePolicy(Probe[PackagePolicyValue]):
    """The versions of one package that APT knows, and which one it would choose (apt-cache(8), policy)."""

    name: ClassVar[str] = "package-policy"
    about: ClassVar[Text] = Text("versions d'un paquet et leurs dépôts", "versions of a package and their depots")
    value: ClassVar[type[Value]] = PackagePolicyValue
    timeout_s: ClassVar[int] = 25

    package: PackageName

    def command(self) -> str:
        return _POLICY.format(name=shlex.quote(self.package))

    def parse(self, raw: Raw) -> PackagePolicyValue:
        text, end, _ = raw.stdout.rpartition("== end")
        if not end:
            raise Unreadable(Text("les versions du paquet n'ont pas pu être lues", "its versions could not be read"))
        policy = text.split("\n")
        words = [match[1] for line in policy if (match := _CANDIDATE.match(line))]
        candidate = words[1] if len(words) > 1 and words[1] != "(none)" else ""
        return PackagePolicyValue(candidate=clip(candidate, 100), offered=tuple(_offered(policy)[:50]))


def _offered(policy: list[str]) -> list[Offered]:
    found: list[tuple[str, list[str]]] = []
    for line in policy:
        if match := _LINE.match(line):
            found.append((clip(match["version"], 100), []))
        elif found and (match := _FROM.match(line)):
            found[-1][1].append(clip(match["uri"], 300))
    return [Offered(version=version, sources=tuple(uris[:20])) for version, uris in found]


class PackageSource(Value):
    """One source that is switched on. unchecked: its signature is not asked for. key: what ``signed-by`` names, or
    ``inline``; empty when any key that the machine trusts will do. fetched: its list was fetched and is there."""

    uri: str
    suite: str
    components: tuple[str, ...]
    unchecked: bool
    key: str
    file: str
    fetched: bool


class PackageSourcesValue(Value):
    """Where APT takes packages from. unchecked: signatures are not asked for anywhere, by a setting."""

    unchecked: bool
    sources: tuple[PackageSource, ...] = Field(max_length=100)


class PackageSources(Probe[PackageSourcesValue]):
    """The sources of packages that are configured."""

    name: ClassVar[str] = "package-sources"
    about: ClassVar[Text] = Text("sources de paquets", "package sources")
    value: ClassVar[type[Value]] = PackageSourcesValue

    def command(self) -> str:
        return _SOURCES

    def parse(self, raw: Raw) -> PackageSourcesValue:
        parts = sections.split(raw.stdout)
        if "end" not in parts:
            raise Unreadable(Text("les sources de paquets n'ont pas pu être lues", "package sources could not be read"))
        lists = set(parts["lists"].split("\n"))
        return PackageSourcesValue(
            unchecked=bool(re.search(r'"(?:true|1|yes|on)";', parts["unchecked"], re.IGNORECASE)),
            sources=tuple(
                PackageSource(**vars(source), fetched=_list_of(source) in lists)
                for source in apt_sources.sources(sections.files(parts["files"]))
            ),
        )


def _list_of(source: apt_sources.Source) -> str:
    """The name under which APT keeps the signed list of a source."""
    place = re.sub(r"^[a-z0-9+]+://", "", source.uri).replace("/", "_")
    return f"{place}_dists_{source.suite.strip('/').replace('/', '_')}_InRelease"
