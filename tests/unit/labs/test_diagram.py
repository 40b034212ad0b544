"""The picture of a lab's networks: everything is on it, nothing lies over anything else, the same each time."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from labs.diagram import diagram
from labs.model import Lab
from labs.nodes import read_yaml
from labs.subject import render_html, render_markdown, render_part

SVG = "{http://www.w3.org/2000/svg}"
TAI = Path(__file__).parents[3] / "labs" / "catalog" / "tai-complet" / "lab.yml"
NETWORKS = {"lan": "Bureaux", "dmz": "Zone <ouverte>", "wan": "Internet"}
PLACES = list(NETWORKS)


def _lab(**machines: list[str]) -> Lab:
    """A lab with these machines, each with a card on each of these networks."""
    root, _ = read_yaml(TAI, Path("lab.yml"))
    assert root is not None
    plain: dict[str, Any] = root.plain()
    client = {key: value for key, value in plain["machines"]["client"].items() if key not in ("prepare", "personalise")}
    plain["networks"] = {
        name: {"title": title, "subnet": f"10.{place}.0.0/24", "witness": f"10.{place}.0.250/24"}
        for place, (name, title) in enumerate(NETWORKS.items())
    }
    plain["machines"] = {
        name: {
            **client,
            "title": f"La machine {name} & son titre, bien plus long que la place qu’il y a pour lui",
            "nics": {
                f"eth{card}": {
                    "network": network,
                    "mac": f"52:54:00:00:0{number}:0{card}",
                    "address": f"10.{PLACES.index(network)}.0.{10 * number + card + 1}/24",
                }
                for card, network in enumerate(networks)
            },
        }
        for number, (name, networks) in enumerate(machines.items())
    }
    return Lab.model_validate(plain)


LAB = _lab(pare=["lan", "dmz", "wan"], poste=["lan"], double=["lan", "lan"], web=["dmz"], nomade=["wan"])


def _box(rect: ElementTree.Element) -> tuple[float, float, float, float]:
    x, y, width, height = (float(rect.attrib[key]) for key in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def _picture(lab: Lab, **options: Any) -> ElementTree.Element:
    return ElementTree.fromstring(diagram(lab, **options))  # noqa: S314 - our own


def test_every_machine_network_and_address_is_on_it() -> None:
    words = "\n".join(text.text or "" for text in _picture(LAB, staff=True).iter(f"{SVG}text"))
    for name, network in LAB.networks.items():
        assert f"{network.title} — {network.subnet} ({name})" in words
    for name, machine in LAB.machines.items():
        assert f"{name} — {machine.image}" in words
        for nic in machine.nics.values():
            assert str(nic.address) in words


def test_a_candidate_sees_no_names_of_images() -> None:
    assert "client-desktop" not in diagram(LAB)
    assert "client-desktop" in diagram(LAB, staff=True)


def test_nothing_lies_over_anything_and_all_is_inside() -> None:
    picture = _picture(LAB)
    width, height = float(picture.attrib["width"]), float(picture.attrib["height"])
    boxes = [_box(rect) for rect in picture.iter(f"{SVG}rect")]
    assert len(boxes) == len(LAB.networks) + len(LAB.machines)
    for left, top, right, bottom in boxes:
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
    for one, other in itertools.combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_no_line_crosses_a_machine_and_each_ends_at_its_network() -> None:
    picture = _picture(LAB)
    rects = [_box(rect) for rect in picture.iter(f"{SVG}rect")]
    bars, machines = rects[: len(LAB.networks)], rects[len(LAB.networks) :]
    lines = [{key: float(line.attrib[key]) for key in ("x1", "y1", "y2")} for line in picture.iter(f"{SVG}line")]
    assert len(lines) == sum(len(machine.nics) for machine in LAB.machines.values())
    for line in lines:
        low, high = sorted((line["y1"], line["y2"]))
        assert any(line["y2"] in (bar[1], bar[3]) for bar in bars)
        for left, top, right, bottom in machines:
            assert not (left < line["x1"] < right and low < bottom and top < high)


def test_the_same_lab_gives_the_same_bytes_without_style_or_program() -> None:
    text = diagram(LAB)
    assert text == diagram(LAB)
    assert not re.search(r"<style|<script|style=|href|url\(", text)
    assert "Zone <ouverte>" not in text


def test_alone_it_is_dark_on_white_in_both_languages() -> None:
    assert '<rect width="' in diagram(LAB, alone=True)
    assert "Networks of" in diagram(LAB, language="en")


@pytest.mark.parametrize("subject", ["Avant.\n\n{{ lab.diagram }}\n\nAprès.\n"])
def test_a_paper_may_hold_it(subject: str) -> None:
    said: dict[str, Any] = {"secrets": {}, "candidate": "Zoé"}
    for page in (render_html(LAB, subject, **said), render_part(LAB, subject, **said)):
        assert re.search(r"<p>Avant.</p>\n<figure>\n<svg [^>]+>.*</svg>\n</figure>\n<p>Après.</p>", page, re.DOTALL)
    assert "(schéma du réseau)" in render_markdown(LAB, subject, **said)
    assert "<svg" not in render_html(LAB, "Rien.", **said)
