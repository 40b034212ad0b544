"""What is printed and what is kept: the archive form of a page."""

from __future__ import annotations

import re
import zlib
from datetime import UTC, datetime

import pytest
from weasyprint.urls import FatalURLFetchingError

from orchestrator.pdf import Attached, to_archive_pdf

AT = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)
PAGE = '<html lang="fr"><head><title>Épreuve</title></head><body><p>Été – l’épreuve <b>→ ✓</b></p></body></html>'
EVIDENCE = Attached("evidence.json", b'{"points":12}', "Les preuves")


def inside(pdf: bytes) -> bytes:
    """A PDF with its compressed streams unfolded."""
    streams = [found[1] for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, flags=re.DOTALL)]
    unfolded = [zlib.decompress(stream) for stream in streams if stream[:1] == b"\x78"]
    return b"\n".join([pdf, *unfolded])


def test_an_archive_says_what_it_is_and_holds_its_files() -> None:
    content = inside(to_archive_pdf(PAGE, [EVIDENCE], at=AT))
    assert b'pdfaid:part="3"' in content or b"<pdfaid:part>3<" in content
    assert b'pdfaid:conformance="U"' in content or b"<pdfaid:conformance>U<" in content
    assert b"/AFRelationship /Data" in content
    assert EVIDENCE.content in content
    assert b"/GTS_PDFA1" in content  # its output intent, for colours
    for forbidden in (b"/Encrypt", b"/JavaScript", b"/JS ", b"/Launch", b"/URI "):
        assert forbidden not in content


def test_every_font_of_an_archive_is_in_it() -> None:
    content = inside(to_archive_pdf(PAGE, at=AT))
    fonts = len(re.findall(rb"/Type /FontDescriptor", content))
    assert fonts >= 2  # upright and bold
    assert len(re.findall(rb"/FontFile[23]? ", content)) == fonts
    assert len(re.findall(rb"/ToUnicode ", content)) >= 2


def test_the_same_page_makes_the_same_bytes() -> None:
    assert to_archive_pdf(PAGE, [EVIDENCE], at=AT) == to_archive_pdf(PAGE, [EVIDENCE], at=AT)


def test_an_archive_fetches_nothing() -> None:
    with pytest.raises(FatalURLFetchingError):
        to_archive_pdf('<p>x<img src="https://example.org/a.png"></p>', at=AT)
