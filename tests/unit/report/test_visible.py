"""Nothing that a candidate writes can hide from, or deceive, the reader's eye."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.report.visible import one_line, visible

ANY = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\ttext\n", "plain\ttext\n"),
        ("déjà « vu » – œuf ‹secret:wifi›", "déjà « vu » – œuf ‹secret:wifi›"),
        ("\x1b[31mrouge", "‹ESC›[31mrouge"),
        ("a\r\nb\x00", "a‹CR›\nb‹NUL›"),
        ("\u202egnp.exe", "‹U+202E›gnp.exe"),
        ("ad\u200bmin", "ad‹U+200B›min"),
        ("a\u2028b", "a‹U+2028›b"),
        ("\u3164", "‹U+3164›"),
        ("\U000e0041", "‹U+E0041›"),
        ("soft\u00adhyphen", "soft‹U+00AD›hyphen"),
        ("\ud800", "‹U+D800›"),
        ("\x85", "‹U+0085›"),
        ("e\u0301", "e\u0301"),
        ("\u0301e", "‹U+0301›e"),
    ],
)
def test_what_cannot_be_seen_gets_a_name(text, shown):
    assert visible(text) == shown


def test_marks_cannot_pile_up_over_the_lines_around():
    assert visible("a" + "\u0301" * 50).count("\u0301") == 3


@settings(deadline=None, max_examples=60)
@given(ANY)
def test_only_newlines_and_tabs_remain_of_what_draws_nothing(text):
    shown = visible(text)
    for character in shown:
        assert character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    assert visible(shown) == shown
    shown.encode("utf-8")


@settings(deadline=None, max_examples=60)
@given(ANY)
def test_one_line_is_one_line(text):
    assert not set(one_line(text)) & set("\n\t\r")
    assert len(one_line(text).splitlines()) <= 1
