"""Folders made from names: safe, readable, never outside."""

from __future__ import annotations

import re
from pathlib import PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.report.names import folder_name, slug


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Nadia Le Goff", "nadia-le-goff"),
        ("Zoé Œuvrard", "zoe-oeuvrard"),
        ("Jean-Baptiste d'Ørsted", "jean-baptiste-d-orsted"),
        ("../../etc/passwd", "etc-passwd"),
        ("..", "candidat"),
        ("李明", "candidat"),
        ("\x00\u202e", "candidat"),
        ("CON", "con"),
        ("x" * 300, "x" * 40),
    ],
)
def test_slug(name, expected):
    assert slug(name) == expected


@settings(deadline=None, max_examples=60)
@given(st.text(), st.integers(1, 99_999))
def test_a_folder_is_one_safe_path_component(name, number):
    folder = folder_name(number, name)
    assert re.fullmatch(r"[0-9]{2,5}-[a-z0-9]+(-[a-z0-9]+)*", folder)
    assert PurePath(folder).parts == (folder,)
    assert len(folder) <= 46


@settings(deadline=None, max_examples=60)
@given(st.text(), st.text(), st.integers(1, 99_999), st.integers(1, 99_999))
def test_two_numbers_never_share_a_folder(first, second, one, two):
    assert one == two or folder_name(one, first) != folder_name(two, second)
