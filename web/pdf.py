"""Pages to print, as PDF. What is in them is ours: nothing is fetched, from the network or from the disk."""

from __future__ import annotations

from weasyprint import HTML
from weasyprint.urls import URLFetcher


def to_pdf(html: str) -> bytes:
    """A page as PDF. Its style is in it. Raises FatalURLFetchingError when it names anything outside itself."""
    nothing = URLFetcher(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
    made: bytes = HTML(string=html, url_fetcher=nothing).write_pdf()
    return made
