"""What is this machine's alone and says nothing of its state: replaced, so that recordings of two machines compare."""

from __future__ import annotations

import re

from checkers.goldens.madeup import MadeUp

_SID = re.compile(r"(?<![0-9A-Za-z-])(S-1-5-21-)([0-9]{1,10}-[0-9]{1,10}-[0-9]{1,10})(?![0-9])")
_GUID = re.compile(r"(?<![0-9A-Za-z-])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![0-9A-Za-z-])")
_RAID = re.compile(r"(?<![0-9A-Za-z:])[0-9a-f]{8}(?::[0-9a-f]{8}){3}(?![0-9A-Za-z:])")
_MAC = re.compile(r"(?<![0-9A-Za-z:-])[0-9a-fA-F]{2}([:-])(?:[0-9a-fA-F]{2}\1){4}[0-9a-fA-F]{2}(?![0-9A-Za-z:-])")
_SERIAL = re.compile(
    r"(\b(?:serial[ _-]?(?:number|no)|num[ée]ro de s[ée]rie|ID_SERIAL(?:_SHORT)?)[\"']?\s*[:=]\s*[\"']?)([^\s\"',;<]+)",
    re.IGNORECASE,
)
_SERIAL_NAME = re.compile(r"(?:.*[^A-Za-z])?[A-Za-z]*serial(?:[_ -]?(?:number|no))?", re.IGNORECASE)

_MICROSOFT = ("00c04f", "00a0c9", "0000f8", "00aa00", "00805f", "080036")
"""How the last part of identifiers begins that Microsoft gave to things of Windows: they are everywhere the same."""

_EVERYWHERE = frozenset(
    {
        "b05566ac-fe9c-4368-be01-7a4cbb6cba11",  # client-side extensions and the tools that write for them: firewall,
        "f312195e-3d9d-447a-a3f5-08dffa24735e",  # virtualization-based security,
        "4cfb60c1-faa6-47f1-89aa-0b18730c9fd3",  # Internet zones,
        "cf7639f3-aba2-41db-97f2-81e2c5dbfc5d",
        "d02b1f72-3407-48ae-ba88-e8213c6761f1",  # the editor of policies
        "d02b1f73-3407-48ae-ba88-e8213c6761f1",
        "fbf687e6-f063-4d9f-9f4f-fd9a26acdd5f",
        "4d2f9b6f-1e52-4711-a382-6a8b1a003de6",
        "7933f41e-56f8-41d6-a31c-4148a711ee93",  # search,
        "ba649533-0aac-4e04-b9bc-4dbae0325b12",
        "5794dafd-be60-433f-88a2-1a31939ac01f",  # preferences: drives,
        "0e28e245-9368-4853-ad84-6da3ba35bb75",  # environment,
        "17d89fec-5c44-4972-b12d-241caef74509",  # local users and groups,
        "1a6364eb-776b-4120-ade1-b63a406a76b5",  # devices,
        "3a0dba37-f8b2-4356-83de-3e90bd5c261f",  # network options,
        "6232c319-91ac-4931-9385-e70c2b099f0e",  # folders,
        "6a4c88c6-c502-4f74-8f60-2cb23edc24e2",  # network shares,
        "7150f9bf-48ad-4da4-a49c-29ef4a8369ba",  # files,
        "74ee6c03-5363-4554-b161-627540339cab",  # ini files,
        "91fbb303-0cd5-4055-bf42-e512a681b325",  # services,
        "a3f3e39b-5d83-4940-b954-28315b82f0a8",  # folder options,
        "aadced64-746c-4633-a97c-d61349046527",  # scheduled tasks,
        "b087be9d-ed37-454f-af9c-04291e351182",  # registry,
        "bc75b1ed-5833-4858-9bb8-cbf0b166df9d",  # printers,
        "c418dd9d-0d14-4efb-8fbf-cfe535c8fac7",  # shortcuts,
        "e47248ba-94cc-49c4-bbb5-9eb7f05183d0",  # Internet settings,
        "e4f48e54-f38d-4884-bfb9-d4d2e5729c18",  # the start menu,
        "e5094040-c46c-4115-b030-04fb2e545b00",  # regional options,
        "e62688f0-25fd-4c90-bff5-f508b9d2e31f",  # power options,
        "f9c77450-3a41-477e-9310-9acd617bd9e3",  # applications
        "d76b9641-3288-4f75-942d-087de603e3ea",  # LAPS,
        "4bcd6cde-777b-48b6-9804-43568e23545d",  # remote desktop,
        "346193f5-f2fd-4dbd-860c-b88843475fd3",
        "2a8fdc61-2347-4c87-92f6-b05eb91a201a",
    }
)
"""Random ones that Windows has everywhere, in the policies and their extensions: a reader may look for them."""

_OWN_MACS = ("52:54:00:", "02:00:00:", "00:00:5e:00:53:", "02:00:5e:53:", "00:00:00:00:00:00")
"""Hardware addresses that the lab gives (QEMU), that the kernel's simulated radios have, and made-up ones."""


def hide_identifiers(text: str, made_up: MadeUp) -> str:
    """A text with SIDs, GUIDs, hardware addresses and serial numbers of this machine made up."""
    text = _SID.sub(lambda match: match[1] + _sid(match[2], made_up), text)
    text = _GUID.sub(lambda match: _guid(match[0], made_up), text)
    text = _RAID.sub(lambda match: made_up.instead("raid", match[0]), text)
    text = _MAC.sub(lambda match: _mac(match[0], match[1], made_up), text)
    return _SERIAL.sub(lambda match: match[1] + hide_serial(match[2], made_up), text)


def names_a_serial(name: str) -> bool:
    """Whether a serial number is kept under this name."""
    return _SERIAL_NAME.fullmatch(name) is not None


def hide_serial(value: str, made_up: MadeUp) -> str:
    """A made-up serial number. A short whole number counts something (a zone's changes)."""
    if value.startswith("MADE-UP-") or re.fullmatch("[0-9]{0,10}|[-?]", value):
        return value
    return made_up.instead("serial", value)


def _sid(machine: str, made_up: MadeUp) -> str:
    return machine if machine == "0-0-0" else made_up.instead("sid", machine)


def _guid(given: str, made_up: MadeUp) -> str:
    plain = given.lower()
    last, version = plain[24:], plain[14]
    if version not in "145678" or plain in _EVERYWHERE or plain.startswith("00000000-0000-"):
        return given
    if version == "1" and last.startswith(_MICROSOFT):
        return given
    stands = made_up.instead("guid", plain)
    return stands.upper() if given.upper() == given else stands


def _mac(given: str, mark: str, made_up: MadeUp) -> str:
    plain = given.lower().replace("-", ":")
    if plain.startswith(_OWN_MACS) or int(plain[:2], 16) & 1:  # the last bit: to a group of machines, or to all
        return given
    stands = made_up.instead("mac", plain).replace(":", mark)
    return stands.upper() if given.upper() == given else stands
