"""A browser, and keys of a French keyboard under it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect, sync_playwright

# What is engraved on the keys of a French keyboard: the key's place (as on an American one), what it gives the browser
AZERTY = {
    "a": "KeyQ",
    "z": "KeyW",
    "q": "KeyA",
    "m": "Semicolon",
    **{letter: f"Key{letter.upper()}" for letter in "epr"},
    " ": "Space",
    "é": "Digit2",
    "à": "Digit0",
    "ç": "Digit9",
}
WITH_ALT_GR = {"@": "Digit0", "#": "Digit3", "{": "Digit4", "}": "Equal"}

PATIENCE_MS = 60_000
"""The machine may do much else; nothing waits longer than it must."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's own, without a screen."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


def type_azerty(page: Page, text: str) -> None:
    """Press the keys that a person at a French keyboard presses, one after the other."""
    session = page.context.new_cdp_session(page)

    def key(kind: str, code: str, name: str) -> None:
        session.send("Input.dispatchKeyEvent", {"type": kind, "code": code, "key": name})

    for character in text:
        code = WITH_ALT_GR.get(character)
        if code:
            key("rawKeyDown", "AltRight", "AltGraph")
        code = code or AZERTY[character]
        key("keyDown", code, character)
        key("keyUp", code, character)
        if character in WITH_ALT_GR:
            key("keyUp", "AltRight", "AltGraph")
        page.wait_for_timeout(20)
    session.detach()
