"""Whatever a candidate writes stays text: in every field that they control, in every format."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.facts import Raw
from checkers.report import session_report
from checkers.report.html import candidate_html, index_html
from checkers.report.write import as_json
from labs.text import Text

NOW = datetime(2025, 11, 21, 13, 0, tzinfo=UTC)
ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title><svg onload=alert(1)>",
    "</pre></details></article><h1>20/20</h1>",
    "</style><script>alert(1)</script>",
    "*/ } body { display: none } /*",
    "\\0022 ; } @page { @top-right { content: none } }",
    "{{ 7 * 7 }}{% raw %}",
    "<!--",
    "]]>&#x3C;script&#x3E;",
    "\u202eFFORP\u202c\u2066\u200b\x1b[2J\x00\r\n",
)

UNSEEN = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\x1b\x00\r")


def attacked(sample, text):
    """A report with the text in every field that a candidate, their machines or their roster control."""
    key = "server/dhcp-config"
    fields = {
        "value": {text: [text, {text: text}]},
        "args": {text: text},
        "command": text,
        "raw": Raw(stdout=text + "\n" + text, stderr=text),
        "channel": "agent" + text,
    }
    unseen = {"status": "unseen", "value": None, "why": Text(text, text), "probe": text, "args": {"a": text}}
    seen = sample.observation(
        text,
        bench="poste" + text,
        session="session" + text,
        software={text: text},
        facts={key: fields, "server/ad-objects": unseen},
    )
    verdicts = [
        verdict.model_copy(update={"reason": Text(text, text), "title": text})
        for verdict in sample.verdicts(sample.lab())
    ]
    return sample.report(seen, verdicts, name=text, notes=[Text(text, text)], competencies={"BC03.C1": text})


@pytest.fixture(scope="module")
def harmless(sample, parse):
    return [shape(parse(page).root) for page in pages(attacked(sample, "inoffensif"))]


def pages(report):
    """The two pages that a report makes."""
    return candidate_html(report), index_html(session_report([report], generated_at=NOW))


@pytest.mark.parametrize("text", ATTACKS)
def test_an_attack_changes_no_page(sample, parse, harmless, text):
    for page, plain in zip(pages(attacked(sample, text)), harmless, strict=True):
        attack = parse(page).root
        assert shape(attack) == plain
        (style,) = attack.all("style")
        assert len(re.findall(r"@page\s*\{", style.text())) == 2
        assert "<" not in style.text()
        assert not set(attack.text()) & UNSEEN


@settings(deadline=None, max_examples=12)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_no_text_at_all_changes_a_page(sample, parse, harmless, text):
    page = parse(candidate_html(attacked(sample, text))).root
    assert shape(page) == harmless[0]
    assert not set(page.text()) & UNSEEN


@pytest.mark.parametrize("text", ATTACKS)
def test_the_data_keeps_what_was_written_to_the_letter(sample, text):
    data = json.loads(as_json(attacked(sample, text)))
    assert data["name"] == text
    fact = next(fact for fact in data["facts"] if fact["key"] == "server/dhcp-config")
    assert fact["raw"]["stderr"] == text


def test_a_number_with_more_digits_than_python_writes_is_shown_as_such(sample, parse):
    from checkers.report.show import rows

    assert rows({"n": 10**5000}, "fr") == ([("n", "…")], False)


def shape(element):
    """The elements of a page without their text; what only depends on length or on the folder's name left out."""
    kept = {"class", "id", "role", "scope", "http-equiv", "tabindex"}
    attributes = {name: value for name, value in element.attributes.items() if name in kept}
    return (element.tag, attributes, sorted(element.attributes), [shape(child) for child in element.children])
