"""Folders of users that a policy redirects: read as a client reads them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.parsers import gp_redirection
from checkers.parsers.gp_redirection import Redirection

DOCUMENTS, GROUP = "{FDD39AD0-238F-46AF-ADB4-6C85480369C7}", "S-1-5-21-1-2-3-1110"


def read(
    *, version: str = "version=100", groups: str = "s-1-1-0;", flags: str = "1021", sid: str = "s-1-1-0"
) -> list[str]:
    """The paths, and for whom, of a file with a section for one group, and one for the other group."""
    text = (
        f"\r\n[version]\r\n{version}\r\n[Folder_Redirection]\r\n{DOCUMENTS.lower()}={groups}\r\n"
        f"[{DOCUMENTS}_{sid}]\r\nFlags={flags}\r\nFullPath=\\\\srv\\é\r\n"
        f"[{DOCUMENTS}_{GROUP}]\r\nFlags=1000\r\nFullPath=\\\\srv\\groupe\r\n"
    )
    found = gp_redirection.parse(b"\xff\xfe" + text.encode("utf-16-le"))
    assert {one.key for one in found} <= {"Folder Redirection\\Documents"}
    return [f"{one.data} {one.only}".strip() for one in found if one.value == "path"]


def test_a_path_for_everybody() -> None:
    assert read() == read(version="VersionNumber=199") == read(flags="0x1021") == [r"\\srv\é"]


def test_the_first_group_goes_first_and_stands_last() -> None:
    assert read(groups=f"{GROUP};s-1-1-0;") == [r"\\srv\é", rf"\\srv\groupe {GROUP}"]
    assert read(groups=f"s-1-1-0; {GROUP}") == [rf"\\srv\groupe {GROUP}", r"\\srv\é"]


@pytest.mark.parametrize(
    "changes",
    [
        {"version": "version=200"},
        {"version": "version=99"},
        {"version": "x=y"},
        {"groups": ""},
        {"flags": "4"},  # not specified: as it was
        {"flags": "0"},
        {"sid": "s-1-5-11"},  # of nobody who is named
    ],
)
def test_what_a_client_leaves_alone(changes: dict[str, str]) -> None:
    assert read(**changes) == []


def test_options() -> None:
    text = "[Version]\nVersion=100\n[FOLDER_REDIRECTION]\n{0}=S-1-1-0\n[{0}_s-1-1-0]\nflags=2011\nfullpath=x"
    key = "Folder Redirection\\{0}"
    assert gp_redirection.parse(text.encode()) == [
        Redirection(key, "path", ""),
        Redirection(key, "exclusive", "1"),
        Redirection(key, "move", "1"),
        Redirection(key, "return", "0"),
    ]


PIECES = ["[version]", "version=100", "[Folder_Redirection]", f"{DOCUMENTS}=", "s-1-1-0;", f"[{DOCUMENTS}_s-1-1-0]"]


@given(st.lists(st.sampled_from([*PIECES, "Flags=", "1021", "FullPath=", "=", "\n", "\r\n", "é"]), max_size=60))
def test_whatever_is_written_is_read_or_no_such_file(pieces: list[str]) -> None:
    with contextlib.suppress(ValueError):
        for one in gp_redirection.parse("".join(pieces).encode("utf-16")):
            assert one.key == "Folder Redirection\\Documents"
