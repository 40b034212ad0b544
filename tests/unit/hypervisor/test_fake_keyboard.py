"""A simulated machine writes what the client says that a key is, and nothing for a key that is only held."""

from __future__ import annotations

import pytest

from orchestrator.hypervisor.fake_keyboard import Keyboard


@pytest.mark.parametrize(
    ("keysym", "written"),
    [(0x61, "a"), (0xE9, "é"), (0x010020AC, "€"), (0xFF0D, "\n"), (0xFE03, ""), (0xFFE1, ""), (0xFFFFFFFF, "")],
)
def test_a_plain_key_event_writes_its_character_and_alt_gr_writes_nothing(keysym: int, written: str) -> None:
    assert Keyboard.keysym(keysym, down=True) == written
    assert Keyboard.keysym(keysym, down=False) == ""
