"""Reading keys of a registry hive, as a program of its own: a forged hive may make a reader loop or eat memory.

``python -m checkers.disk.hives`` reads ``{"hive": file, "keys": [key of the plan, …]}`` and answers
``{"keys": {path: key or null}}``, or ``{"failed": why}``. Values are text: numbers in decimal, several strings one a
line, everything else in hexadecimal.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Sequence
from typing import Any

from checkers.disk.plan import Key
from labs.confined import Bounds, run_python

BOUNDS = Bounds(cpu_s=60, memory_mib=1536, output_kib=8192, wall_s=120.0)
NOT_CLOSED = "not closed"
"""Why a hive is not read whose last changes are in its logs (``checkers.disk.hive_logs``)."""
_MAX_ITEMS = 50_000
_TEXT_LIMIT = 4096
_ROOT = 32
_CURRENT = "\\CurrentControlSet"
_TEXTS = ("REG_SZ", "REG_EXPAND_SZ", "REG_EXPAND", "REG_LINK")


def read_keys(hive: str, keys: Sequence[Key]) -> dict[str, Any]:
    """What the program answers about a file, whatever is in it; ``failed`` when it went out of its bounds."""
    given = json.dumps({"hive": hive, "keys": [key.model_dump(mode="json") for key in keys]}).encode()
    output = run_python("checkers.disk.hives", [], given, BOUNDS)
    try:
        answer = json.loads(output or b"")
    except (ValueError, RecursionError):
        answer = None
    return answer if isinstance(answer, dict) else {"failed": "out of bounds"}


class Reader:
    """Reads keys of one hive, and no more of them than any honest question needs."""

    def __init__(self, path: str) -> None:
        from regipy.registry import RegistryHive  # slow to import, and only this program needs it

        self._hive: Any = RegistryHive(path)  # type: ignore[no-untyped-call]
        if self._hive.header.root_key_offset != _ROOT:
            raise ValueError("the root is elsewhere")  # regipy takes the first cell for it, Windows what is said here
        self._left = _MAX_ITEMS

    def is_closed(self) -> bool:
        """Whether everything was written back: one that was not may lack its last changes, which are in its log."""
        header = self._hive.header
        return bool(header.primary_sequence_num == header.secondary_sequence_num)

    def key(self, asked: Key) -> dict[str, Any] | None:
        """What is wanted of a key; None when it is not there."""
        path = asked.path
        if path.startswith(_CURRENT):
            found = self._find("\\Select")
            number = next((value.value for value in self._values(found) if value.name == "Default"), 0) if found else 0
            path = f"\\ControlSet{int(number):03d}{path[len(_CURRENT) :]}"
        record = self._find(path)
        return None if record is None else self._told(record, asked, asked.depth)

    def _find(self, path: str) -> Any:
        record = self._hive.root
        for part in path.strip("\\").split("\\"):
            record = next((one for one in self._subkeys(record) if one.name.lower() == part.lower()), None)
            if record is None:
                return None
        return record

    def _told(self, record: Any, asked: Key, depth: int) -> dict[str, Any]:
        names = [name.lower() for name in asked.values]
        values = {}
        for value in self._values(record):
            kind = "REG_EXPAND_SZ" if value.value_type == "REG_EXPAND" else str(value.value_type)
            if not names or value.name.lower() in names:
                text = _text(kind, value.value)
                if all(part in text for part in asked.holding):
                    values[value.name[:_TEXT_LIMIT]] = (kind, text)
        subkeys = {one.name: self._told(one, asked, depth - 1) for one in self._subkeys(record)} if depth > 0 else {}
        return {"values": values, "keys": subkeys}

    def _subkeys(self, record: Any) -> Any:
        for one in record.iter_subkeys() if record.subkey_count else ():
            self._count()
            yield one

    def _values(self, record: Any) -> Any:
        told = 0
        for one in record.iter_values(trim_values=False) if record.values_count else ():
            self._count()
            told += 1
            yield one
        if told != record.values_count:
            raise ValueError("values that cannot be read")  # regipy ends at the first that is damaged, and says nothing

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise ValueError("too many keys and values")


def _text(kind: str, value: Any) -> str:
    if isinstance(value, bytes):
        if kind in _TEXTS:
            return value.decode("utf-16-le", "replace").split("\0")[0][:_TEXT_LIMIT]
        return value.hex()[:_TEXT_LIMIT]
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)[:_TEXT_LIMIT]
    return str(value).split("\0")[0][:_TEXT_LIMIT]


def main() -> None:
    """Answer one request."""
    logging.disable()
    request = json.load(sys.stdin)
    try:
        reader = Reader(request["hive"])
        if reader.is_closed():
            asked = [Key.model_validate(one) for one in request["keys"]]
            answer: dict[str, Any] = {"keys": {one.path: reader.key(one) for one in asked}}
        else:
            answer = {"failed": NOT_CLOSED}
    except Exception as error:  # noqa: BLE001 - whatever a reader of forged data raises, the hive cannot be read
        answer = {"failed": type(error).__name__}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
