"""What tests of several kinds share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Not for the whole run: Playwright keeps an event loop running as long as it is open."""
    from tests.browser.chromium import chromium  # late: most tests need no browser

    with chromium() as opened:
        yield opened
