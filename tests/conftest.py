"""What tests of several kinds share."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# A shell starts what it runs in the background deaf to Ctrl-C, and deafness is inherited: the programs that tests stop
# with Ctrl-C would never hear it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says something of what else the machine does, nothing of the code.
settings.register_profile("épreuve", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("épreuve")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Not for the whole run: Playwright keeps an event loop running as long as it is open."""
    from tests.browser.chromium import chromium  # late: most tests need no browser

    with chromium() as opened:
        yield opened
