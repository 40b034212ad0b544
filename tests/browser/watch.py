"""What browsers ask for and complain about, and whether a page is for everybody, however they look at it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebSocket

LAPTOP = {"width": 1366, "height": 768}
HALVED = {"width": 683, "height": 384}
"""What a laptop's screen is at 200 % zoom."""
NARROW = {"width": 400, "height": 800}

COLOURS = ("color-contrast",)
LAYOUT = ("scrollable-region-focusable", "target-size", "meta-viewport")
"""The rules whose answer depends on colours, and on the size of the window: the others need not be asked again."""


@dataclass
class Watch:
    """Windows onto one site. origins: all that may ever be asked. refusals: addresses (patterns) that may answer with
    an error, which browsers note in their console; nothing else may stand there."""

    origins: tuple[str, ...]
    refusals: tuple[str, ...] = ()
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def window(self, browser: Browser, **options: Any) -> Page:
        """A page in a context of its own: a person's browser. Close its context."""
        context: BrowserContext = browser.new_context(
            **{"locale": "fr-FR", "timezone_id": "Europe/Paris", "viewport": LAPTOP, **options}
        )
        context.on("request", self._ask)
        context.on("console", self._say)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("page", lambda page: page.on("websocket", self._connect))
        return context.new_page()

    def _ask(self, request: Request) -> None:
        self.asked.append(request.url)

    def _connect(self, socket: WebSocket) -> None:
        self.asked.append(socket.url)

    def _say(self, message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        expected = "Failed to load resource" in message.text and any(re.search(one, address) for one in self.refusals)
        if message.type in ("error", "warning") and not expected:
            self.complaints.append(f"{message.text} ({address})")

    def strangers(self) -> list[str]:
        """What was asked of another site. A browser's own parts, such as its reader of PDF, are in itself."""
        own = tuple(f"{origin}/" for origin in self.origins)
        inside = ("data:", "blob:", "about:", "chrome:", "chrome-extension:")
        return [url for url in self.asked if not url.startswith((*own, *inside))]

    def look(self, page: Page, *, closely: bool = False) -> None:
        """See that this page is for everybody; closely: in the dark, at 200 % zoom and on a narrow screen, too."""
        assert issues(page) == [], page.url
        if not closely:
            return
        page.emulate_media(color_scheme="dark")
        assert issues(page, COLOURS) == [], f"dark: {page.url}"
        page.emulate_media(color_scheme="light")
        for size in (HALVED, NARROW):
            page.set_viewport_size(size)
            assert issues(page, LAYOUT) == [], f"{size}: {page.url}"
            assert overflow(page) == [], f"{size}: {page.url}"
        page.set_viewport_size(LAPTOP)


def issues(page: Page, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe finds serious or worse: the rule, and where. rules: only these."""
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['id']}: {', '.join(str(node['target']) for node in one['nodes'])}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def overflow(page: Page) -> list[str]:
    """What makes the page scroll sideways; empty when it does not."""
    found: list[str] = page.evaluate(
        """() => {
          const wide = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= wide) return [];
          return [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > wide + 1)
            .map((one) => one.outerHTML.slice(0, 90));
        }"""
    )
    return found
