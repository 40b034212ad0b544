"""A lab's networks as a picture: each network a bar, each machine a box under the first network that it is on.

A machine has a column of its own, so no line ever crosses a box; one that must pass a network it is not on goes behind
its bar. The same lab always gives the same bytes. Colours stand in attributes, as a strict content policy wants; lines
and words outside of boxes take the colour of the page's text.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from labs.device import Device
from labs.model import Lab, Machine
from labs.text import Language, Text

MARGIN, BAR, BOX, GAP = 10, 34, 58, 54
"""Pixels: around everything; the height of a network and of a machine; the length of a line between the two."""
COLUMN, CARD, SIDE = 210, 138, 12
"""Pixels: the width of a machine at least, of each card beside others, and between two machines."""
_LETTER = 7.4
"""Pixels that a letter of a title takes, at most times."""

_BAR_STYLE = 'fill="#d6e4f2" stroke="#2f4f6f"'
_BOX_STYLE = 'fill="#ffffff" stroke="#333333" stroke-width="1.5"'
_REAL = ' stroke-dasharray="7 3"'
"""How the box of a physical machine differs."""


@dataclass(frozen=True)
class _Card:
    """Where a machine is plugged in: the card's name and address in words, and its network."""

    name: Text
    network: str
    address: Text


@dataclass(frozen=True)
class _Placed:
    """A machine: where its box is, and which network it hangs under (its place in the order of the networks)."""

    name: str
    machine: Machine | Device
    cards: tuple[_Card, ...]
    home: int
    x: int
    y: int
    width: int


def diagram(lab: Lab, *, language: Language = "fr", staff: bool = False, alone: bool = False) -> str:
    """The picture as one SVG element.

    staff: names and images of the machines too, which mean nothing to a candidate. alone: as a file of its own, dark on
    white; otherwise to stand in a page.
    """
    bars, placed, width, height = _layout(lab)
    title = Text(f"Réseaux de « {lab.title} »", f"Networks of “{lab.title}”").in_(language)
    colour = 'color="#111111" ' if alone else ""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'{colour}font-family="Liberation Sans, DejaVu Sans, Arial, sans-serif" font-size="12" role="img">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(_told(lab, language))}</desc>",
    ]
    if alone:
        lines.append(f'<rect width="{width}" height="{height}" fill="#ffffff"/>')
    for one in placed:
        lines += _lines(lab, one, bars)
    for index, (name, network) in enumerate(lab.networks.items()):
        about = f" — {network.subnet}" + (f" ({name})" if staff else "")
        lines.append(
            f'<rect x="{MARGIN}" y="{bars[index]}" width="{width - 2 * MARGIN}" height="{BAR}" rx="6" {_BAR_STYLE}/>'
        )
        shown = _cut(network.title, int((width - 4 * MARGIN) / _LETTER) - len(about)) + about
        lines.append(_text(2 * MARGIN, bars[index] + 22, shown, "#111111", size=13, bold=True))
    for one in placed:
        lines += _box(one, staff)
    for one in placed:
        lines += _cards(lab, one, bars, language)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _layout(lab: Lab) -> tuple[list[int], list[_Placed], int, int]:
    """The top of each bar, every machine, and the size of the whole."""
    networks = list(lab.networks)
    cards = {name: _cards_of(machine) for name, machine in lab.machines.items()}
    homes = {name: min(networks.index(card.network) for card in found) for name, found in cards.items()}
    bars, y = [], MARGIN
    for index in range(len(networks)):
        bars.append(y)
        y += BAR + (2 * GAP + BOX if index in homes.values() else GAP)
    placed, x = [], MARGIN
    for name, machine in lab.machines.items():
        home = homes[name]
        up = sum(networks.index(card.network) == home for card in cards[name])
        width = max(COLUMN, CARD * max(up, len(cards[name]) - up))
        placed.append(_Placed(name, machine, cards[name], home, x, bars[home] + BAR + GAP, width))
        x += width + SIDE
    last = len(networks) - 1
    bottom = bars[last] + BAR + (GAP + BOX if last in homes.values() else 0)
    return bars, placed, max(x - SIDE + MARGIN, 420), bottom + MARGIN


def _cards_of(machine: Machine | Device) -> tuple[_Card, ...]:
    if isinstance(machine, Device):
        at = Text("adresse de chaque poste", "each seat's address")
        return (_Card(Text("appareil réel", "real device"), machine.network, at),)
    nowhere = Text("sans adresse au départ", "no address at first")
    return tuple(
        _Card(Text(card, card), nic.network, Text(str(nic.address), str(nic.address)) if nic.address else nowhere)
        for card, nic in machine.nics.items()
    )


def _places(lab: Lab, one: _Placed) -> Iterator[tuple[_Card, int, int]]:
    """Each card of a machine, where its line stands, and the place of its network."""
    networks = list(lab.networks)
    for home in (True, False):
        side = [
            (card, networks.index(card.network))
            for card in one.cards
            if (networks.index(card.network) == one.home) is home
        ]
        for number, (card, network) in enumerate(side):
            yield card, one.x + 20 + number * CARD, network


def _lines(lab: Lab, one: _Placed, bars: list[int]) -> Iterator[str]:
    for _, x, network in _places(lab, one):
        start, end = (one.y, bars[network] + BAR) if network == one.home else (one.y + BOX, bars[network])
        yield f'<line x1="{x}" y1="{start}" x2="{x}" y2="{end}" stroke="currentColor" stroke-width="2"/>'


def _box(one: _Placed, staff: bool) -> Iterator[str]:
    style = _BOX_STYLE + (_REAL if isinstance(one.machine, Device) else "")
    yield f'<rect x="{one.x}" y="{one.y}" width="{one.width}" height="{BOX}" rx="4" {style}/>'
    room = int((one.width - 16) / _LETTER)
    words = [_cut(line, room) for line in textwrap.wrap(one.machine.title, room)[: 1 if staff else 2]]
    first = one.y + (35 if len(words) == 1 and not staff else 25)
    for number, line in enumerate(words):
        yield _text(one.x + 10, first + 17 * number, line, "#111111", size=13, bold=True)
    if staff:
        yield _text(
            one.x + 10,
            one.y + 44,
            f"{one.name} — {one.machine.family if isinstance(one.machine, Device) else one.machine.image}",
            "#444444",
        )


def _cards(lab: Lab, one: _Placed, bars: list[int], language: Language) -> Iterator[str]:
    """Each card beside its line, and the dot where it is plugged in."""
    for card, x, network in _places(lab, one):
        up = network == one.home
        y = one.y - 29 if up else one.y + BOX + 22
        yield _text(x + 8, y, card.name.in_(language), "currentColor", bold=True)
        yield _text(x + 8, y + 15, card.address.in_(language), "currentColor")
        edge = bars[network] + BAR if up else bars[network]
        yield f'<circle cx="{x}" cy="{edge}" r="4.5" fill="#2f4f6f"/>'


def _text(x: int, y: int, text: str, colour: str, *, size: int = 12, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}" fill="{colour}" font-size="{size}"{weight}>{escape(text)}</text>'


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1] + "…"


def _told(lab: Lab, language: Language) -> str:
    """The picture in words, for those who hear it."""
    between = Text(" : ", ": ").in_(language)
    return "; ".join(
        machine.title
        + between
        + ", ".join(
            f"{card.name.in_(language)} {lab.networks[card.network].title} {card.address.in_(language)}"
            for card in _cards_of(machine)
        )
        for machine in lab.machines.values()
    )
