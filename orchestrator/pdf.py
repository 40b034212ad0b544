"""Pages to print and to keep, as PDF. What is in them is ours: nothing is fetched, from the network or the disk."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from weasyprint import HTML

Relationship = Literal["Data", "Source", "Supplement"]
"""What a file in a PDF/A-3 is to the page (ISO 19005-3, AFRelationship): what the page shows, was made of, or more."""


@dataclass(frozen=True)
class Attached:
    """A file in a PDF. name: ASCII. about: one line for who opens it."""

    name: str
    content: bytes
    about: str
    relationship: Relationship = "Data"


def to_pdf(html: str) -> bytes:
    """A page as PDF. Its style is in it. Raises FatalURLFetchingError when it names anything outside itself."""
    made: bytes = _page(html).write_pdf()
    return made


def to_archive_pdf(html: str, attached: Sequence[Attached] = (), *, at: datetime) -> bytes:
    """A page as PDF/A-3u, to be kept for years: fonts embedded, files attached. at: when those were made.

    The same page, files and moment make the same bytes, with the same fonts and WeasyPrint. The page says its own date
    in ``<meta name="dcterms.created">``. Raises as ``to_pdf``.
    """
    from weasyprint import Attachment

    files = [
        Attachment(
            string=one.content,
            name=one.name,
            description=one.about,
            created=at,
            modified=at,
            relationship=one.relationship,
        )
        for one in attached
    ]
    identifier = hashlib.sha256(b"\0".join([html.encode(), *(one.content for one in attached)])).hexdigest()[:32]
    made: bytes = _page(html).write_pdf(
        pdf_variant="pdf/a-3u",
        pdf_identifier=identifier.encode(),
        attachments=files,
    )
    return made


def _page(html: str) -> HTML:
    from weasyprint import HTML  # here, and not above: half a second that most commands need not wait
    from weasyprint.urls import URLFetcher

    inside = URLFetcher(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
    return HTML(string=html, url_fetcher=inside)
