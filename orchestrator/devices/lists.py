"""Where devices are, as people say it: a list, or the first address and those that follow."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import AddressValueError, IPv4Address

from labs.errors import UsageError
from labs.text import Text

Places = tuple[tuple[str, str], ...]
"""Candidates and addresses."""

_MAX_LINES = 500


def listed(text: str) -> Places:
    """A candidate and an address a line (``c01 192.168.1.11``), also with ``;``, ``,`` or a tab between. Raises
    UsageError."""
    lines = [line.replace(";", " ").replace(",", " ").split() for line in text.splitlines() if line.strip()]
    if not lines or len(lines) > _MAX_LINES:
        raise _usage("")
    for number, line in enumerate(lines, 1):
        if len(line) != 2:
            raise _usage(f"{number}: {' '.join(line)[:80]}")
    return tuple((name, address(where)) for name, where in lines)


def following(people: Sequence[str], first: str) -> Places:
    """The first address for the first candidate, and one more for each. Raises UsageError."""
    start = IPv4Address(address(first))
    try:
        return tuple((name, str(start + number)) for number, name in enumerate(people))
    except AddressValueError as error:
        raise _usage(first[:80]) from error


def address(text: str) -> str:
    """An IPv4 address. Raises UsageError."""
    try:
        return str(IPv4Address(text.strip()))
    except AddressValueError as error:
        raise UsageError(
            Text("Il faut une adresse IPv4.", "An IPv4 address is needed."),
            where=text.strip()[:80],
            do=Text("Par exemple 192.168.1.11.", "For example 192.168.1.11."),
        ) from error


def _usage(where: str) -> UsageError:
    return UsageError(
        Text("Il faut un candidat et une adresse IPv4.", "A candidate and an IPv4 address are needed."),
        where=where,
        do=Text("« c01 192.168.1.11 », un par ligne.", "“c01 192.168.1.11”, one a line."),
    )
