"""``package`` on Windows: programs by the names that packages have."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.checks.packages import PackageIs
from checkers.windows.twins.packages import slug
from tests.unit.checkers.local.judging import Judged
from tests.unit.checkers.windows.judging import golden, judged


def package(name: str, **expected: Any) -> Judged:
    check = PackageIs.model_validate({"on": "client", "package": name, **expected})
    return judged(check, {"package": golden("package", "client-7-zip")})


@pytest.mark.parametrize(
    "found",
    [
        package("7-zip", at_least="23.0"),
        package("mozilla-firefox-esr", at_least="128"),
        package("notepad++"),
        package("mozillamaintenanceservice"),
        package("vlc-media-player", installed=False),
        package("mozilla-firefox", installed=False),  # another edition is another program
        package("mozilla", installed=False),
        package("windowsterminal", at_least="1.21"),
        package("microsoft.windowscalculator"),
        package("zunemusic", installed=False),  # ready for whoever wants it: nobody has it
        package("terminal", installed=False),
    ],
)
def test_right(found: Judged) -> None:
    assert found.outcome == "PASS"


@pytest.mark.parametrize(
    "found",
    [
        package("vlc-media-player"),
        package("7-zip", installed=False),
        package("7-zip", at_least="24.0"),
        package("libreoffice"),  # in the list, and its folder is gone
        package("libreoffice", installed=False),  # removed by hand: half of it is still there
        package("zip"),
        package("zunemusic"),
        package("windowsterminal", at_least="1.22"),
        package("devis"),  # changed after it was installed: Windows does not start it
    ],
)
def test_wrong(found: Judged) -> None:
    assert found.outcome == "FAIL"


def test_a_store_that_does_not_answer_may_have_anything() -> None:
    silent = {"package": golden("package", "client-store-silent")}
    for wanted in (True, False):
        asked = PackageIs.model_validate({"on": "client", "package": "vlc-media-player", "installed": wanted})
        assert judged(asked, silent).outcome == "INCONCLUSIVE"
    listed = PackageIs.model_validate({"on": "client", "package": "7-zip", "at_least": "23.0"})
    assert judged(listed, silent).outcome == "PASS"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("VLC media player", "vlc-media-player"),
        ("Éditeur de devis – Kerbras", "editeur-de-devis-kerbras"),
        ("Microsoft Visual C++ 2015-2022", "microsoft-visual-c++-2015-2022"),
    ],
)
def test_the_letters_of_a_name(title: str, name: str) -> None:
    assert slug(title) == name
