"""The answer files: one that installs Windows, one for the first start of each machine made from the image."""

from __future__ import annotations

import base64
import secrets
import string
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from vagrant.windows.editions import Edition
from vagrant.windows.media import BOOT_DRIVERS
from vagrant.windows.settings import faults

ACCOUNT = "epreuve"
"""The local administrator of an image. Windows' own has a name that depends on the language, and is disabled on a
client."""
_LETTERS = "CDEFGH"
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=False,
    keep_trailing_newline=True,
)


@dataclass(frozen=True)
class Answers:
    """What the answer files of one image depend on. language: that of the media; hostname: at most 15 characters."""

    name: str
    edition: Edition
    image_index: int
    language: str
    hostname: str
    bypass: bool


def draw_password() -> str:
    """A password that every policy of Windows takes and that everybody can type: 20 characters of three kinds."""
    letters = string.ascii_letters.translate(str.maketrans("", "", "IOl")) + string.digits[2:]
    while True:
        word = "".join(secrets.choice(letters) for _ in range(20))
        if any(c.islower() for c in word) and any(c.isupper() for c in word) and any(c.isdigit() for c in word):
            return word


def hidden(password: str, setting: str) -> str:
    """A password as an answer file hides it (PlainText false): base64 of UTF-16 of it and the setting's name."""
    return base64.b64encode(f"{password}{setting}".encode("utf-16-le")).decode("ascii")


def install_answers(answers: Answers, password: str) -> bytes:
    """``autounattend.xml``."""
    return _render("autounattend.xml.j2", answers, password)


def first_start_answers(answers: Answers, password: str) -> bytes:
    """What sysprep is given: the answers of the first start of a machine made from the image."""
    return _render("oobe.xml.j2", answers, password)


def _render(template: str, answers: Answers, password: str) -> bytes:
    text = _TEMPLATES.get_template(template).render(
        vars(answers),
        account=ACCOUNT,
        hidden={
            "account": hidden(password, "Password"),
            "administrator": hidden(password, "AdministratorPassword"),
        },
        driver_paths=[
            rf"{letter}:\{driver}\{answers.edition.drivers}\amd64" for letter in _LETTERS for driver in BOOT_DRIVERS
        ],
    )
    document = text.encode("utf-8")
    if wrong := faults(document):  # a defect of ours: nobody waits an hour for Setup to find it
        raise AssertionError(f"{template}: {wrong}")
    return document
