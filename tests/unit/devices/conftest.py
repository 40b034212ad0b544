"""A lab with two physical devices: one is asked over SSH, one through its page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.engine.world import write_lab

PAGE_NAME = "BORNE-ATELIER"
_DEVICES = """\
  ap: { kind: physical, title: Access point, family: openwrt, network: lan, secret: admin }
  page: { kind: physical, title: Page, family: openwrt, network: lan, reach: https, user: epreuve, secret: admin }
secrets:
"""
_CHECKS = f"""\
      - {{ id: ap-name, title: The name, check: host-name, points: 1, with: {{ on: ap, name: ap }} }}
      - {{ id: page-name, title: The name, check: host-name, points: 1, with: {{ on: page, name: {PAGE_NAME} }} }}
"""


def write_device_lab(folder: Path) -> Path:
    """The small lab, with devices."""
    file = write_lab(folder) / "lab.yml"
    text = file.read_text("utf-8").replace("secrets:\n", _DEVICES) + _CHECKS
    file.write_text(
        text.replace("points: 1\nnetworks", "points: 3\nnetworks").replace("    points: 1\n", "    points: 3\n")
    )
    return folder


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    return write_device_lab(tmp_path / "lab")
