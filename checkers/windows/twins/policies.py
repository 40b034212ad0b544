"""Group policies on Windows: the settings in a controller's SYSVOL, and those that a member applied."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any, ClassVar

from checkers.parsers import registry_pol
from checkers.parsers.clean import clip
from checkers.probe import Probe, Unreadable
from checkers.probes.policies import (
    AppliedPolicies,
    AppliedPoliciesValue,
    AppliedSetting,
    PublishedPolicies,
)
from checkers.probes.sysvol import TOO_LARGE, PublishedPoliciesValue, published
from checkers.windows.twin import WindowsTwin
from labs.text import Text

_GUID = re.compile(r"\{[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}")
_USER = ("HKCU\\", "HKEY_CURRENT_USER\\")
_REGISTRY_PREFERENCES = "{B087BE9D-ED37-454F-AF9C-04291E351182}"
"""The extension of the policy client that does them (MS-GPPREF 1.9)."""
_MAX = 2000
_WHOLE_LIMIT, _TEXT_LIMIT = 160 * 1024, 65536


class PublishedPoliciesTwin(WindowsTwin[PublishedPoliciesValue]):
    """The files of SYSVOL, read here by the same parsers as those of Samba, and the security settings."""

    probe: ClassVar[type[Probe[Any]]] = PublishedPolicies
    script: ClassVar[str] = "published-policies"
    parameters: ClassVar[tuple[str, ...]] = ("WholeLimit",)

    def arguments(self, probe: PublishedPolicies) -> dict[str, Any]:
        return {"WholeLimit": _WHOLE_LIMIT}

    def read(self, probe: PublishedPolicies, answer: Any) -> PublishedPoliciesValue:
        if answer["present"] is False:
            return PublishedPoliciesValue(present=False, policies=())
        if answer["cut"]:
            raise Unreadable(TOO_LARGE)
        return published(
            (f"/policies/{one['policy']}/{one['path']}".replace("\\", "/"), one["content"])
            for one in answer["files"][:_MAX]
        )


class AppliedPoliciesTwin(WindowsTwin[AppliedPoliciesValue]):
    """The winning settings of the resultant set. A path may be that of a registry value, ``HKLM\\…`` or ``HKCU\\…``."""

    probe: ClassVar[type[Probe[Any]]] = AppliedPolicies
    script: ClassVar[str] = "applied-policies"
    parameters: ClassVar[tuple[str, ...]] = ("Path", "TextLimit")
    timeout_s: ClassVar[int | None] = 30

    def arguments(self, probe: AppliedPolicies) -> dict[str, Any]:
        return {"Path": probe.path, "TextLimit": _TEXT_LIMIT}

    def read(self, probe: AppliedPolicies, answer: Any) -> AppliedPoliciesValue:
        text = answer["text"]
        user = probe.path.upper().startswith(_USER)
        logged = answer["logged"]["user" if user else "computer"] is True
        known = [one for one in answer["policies"][:_MAX] if _GUID.fullmatch(str(one["guid"]))]
        return AppliedPoliciesValue(
            ran=bool(known),
            versions={str(one["guid"]).upper(): clip(str(int(one["version"])), 20) for one in known},
            settings=tuple(
                _setting(one) for one in answer["settings"][:_MAX] if logged and _GUID.search(str(one["policy"])[:500])
            ),
            text=None if text is None else str(text)[:_TEXT_LIMIT],
            logged=logged and not any(_is_preference(one) and one["user"] is user for one in known),
        )


def _is_preference(policy: Any) -> bool:
    """Whether a policy was taken in for its preferences about the registry, of which no set is documented."""
    return str(policy["extension"]).upper() == _REGISTRY_PREFERENCES


def _setting(given: Any) -> AppliedSetting:
    match = _GUID.search(str(given["policy"])[:500])
    data, kind = str(given["data"]), int(given["type"])
    if kind >= 0:
        try:
            data = registry_pol.text(kind, base64.b64decode(data, validate=True))
        except binascii.Error as error:
            raise Unreadable(Text("un réglage appliqué est illisible", "an applied setting cannot be read")) from error
    return AppliedSetting(
        guid=match[0].upper() if match else "",
        extension=clip(str(given["extension"])),
        name=clip(str(given["name"]), 700),
        value=data[:4000],
    )
