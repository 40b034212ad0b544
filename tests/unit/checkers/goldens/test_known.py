"""A known secret never survives, wherever it is planted and however it is written."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checkers.goldens.known import SHORT, hide, leaks
from checkers.goldens.scrub import Scrubber
from checkers.secrets import token
from labs.secrets import password

POWERSHELL = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&'"})

ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "base64 of UTF-16": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON of PowerShell": lambda text: json.dumps(text, ensure_ascii=False)[1:-1].translate(POWERSHELL),
    "address": quote,
    "form": quote_plus,
    "address, all": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "XML": html.escape,
    "hexadecimal": lambda text: text.encode().hex(),
    "HEXADECIMAL": lambda text: text.encode().hex().upper(),
    "hexadecimal of UTF-16": lambda text: text.encode("utf-16-le").hex(),
    "bytes": lambda text: text.encode().hex(","),
    "folded": lambda text: f"{text[:3]}\n {text[3:]}",
}
# What is typed from paper has no space, and a few of them are enough: making ready to look for one takes a while.
TRICKY = ("Tkhd=Rnfg=Gbjp", "a+b/c?", "p&<é'\"\\>", "çà!%41", "😀🔑pass", "x" * 40, "Y0i1Q2p3m4o5U6v7")
ANY = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=SHORT, max_size=30) | st.randoms().map(password)
ANY = ANY.filter(lambda text: len(set(text)) > 2)  # what stands over a secret is one letter over and over
SECRETS = st.sampled_from(TRICKY)
AROUND = st.text(st.characters(codec="utf-8"), max_size=30)
BINARY = [name for name in ENCODINGS if "base64" in name or "hex" in name.lower() or name == "bytes"]


def _survives_nowhere(encoding: str, secret: str, before: str, after: str) -> None:
    text = f"{before}{ENCODINGS[encoding](secret)}{after}"
    hidden, count = hide(text, {"it": secret})
    assert count
    assert leaks(hidden, {"it": secret}) == [], hidden


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(secret=SECRETS, before=AROUND, after=AROUND)
@example(secret=TRICKY[0], before="", after="x")  # the last digit and the letter look like the beginning of a byte
@settings(max_examples=40)
def test_it_never_survives(encoding: str, secret: str, before: str, after: str) -> None:
    _survives_nowhere(encoding, secret, before, after)


@given(encoding=st.sampled_from(sorted(ENCODINGS)), secret=ANY, before=AROUND, after=AROUND)
@settings(max_examples=60)
def test_whatever_it_is(encoding: str, secret: str, before: str, after: str) -> None:
    _survives_nowhere(encoding, secret, before, after)


@pytest.mark.parametrize("encoding", BINARY)
@given(secret=SECRETS, before=AROUND, after=AROUND)
@settings(max_examples=40)
def test_it_never_survives_inside_what_is_encoded(encoding: str, secret: str, before: str, after: str) -> None:
    """A password in the middle of a script that somebody put in base64."""
    text = f"powershell -EncodedCommand {ENCODINGS[encoding](before + secret + after)} -NoProfile"
    hidden, count = hide(text, {"it": secret})
    assert count
    assert leaks(hidden, {"it": secret}) == [], hidden
    assert hidden.startswith("powershell -EncodedCommand ")
    assert hidden.endswith(" -NoProfile")


@pytest.mark.parametrize("outer", ["base64", "JSON", "hexadecimal", "address", "base64 of UTF-16"])
@pytest.mark.parametrize("inner", ["plain", "base64", "JSON", "hexadecimal", "base64 of UTF-16"])
@pytest.mark.parametrize("secret", TRICKY)
def test_what_hides_it_twice_is_noticed(inner: str, outer: str, secret: str) -> None:
    """Written twice over it may stay in the text: then the text is not to be written."""
    text = f'{{"key": "{ENCODINGS[outer](ENCODINGS[inner](secret))}"}}'
    assert leaks(text, {"it": secret}) == ["it"], "it is readable before it is hidden"
    hidden, count = hide(text, {"it": secret})
    assert count or leaks(hidden, {"it": secret}) == ["it"]


@given(secret=SECRETS, around=AROUND)
@settings(max_examples=40)
def test_in_an_answer_of_a_machine(secret: str, around: str) -> None:
    scrubber = Scrubber({"it": secret})
    answer = {"rows": [{"password": secret, "text": around + secret}, {secret: [None, 1, secret]}]}
    assert scrubber.left(json.dumps(scrubber.answer(answer))) == []


def test_the_longer_of_two_is_hidden_first() -> None:
    assert hide("Tkhd=Rnfg=Gbjp", {"a": "Tkhd=Rnfg", "b": "Tkhd=Rnfg=Gbjp"})[0] == token("b")


def test_a_text_without_it_stays() -> None:
    text = "dhcp4: { subnet: 192.168.50.0/24 } dGhpcyBpcyBub25l 00ff"
    assert hide(text, {"it": "Tkhd=Rnfg=Gbjp", "empty": ""}) == (text, 0)
    assert leaks(text, {"it": "Tkhd=Rnfg=Gbjp", "empty": ""}) == []


def test_a_short_one_is_looked_for_as_text_alone() -> None:
    assert hide("code 1234, 31323334", {"pin": "1234"})[0] == f"code {token('pin')}, 31323334"


def test_a_token_is_no_leak() -> None:
    assert leaks(token("wifi"), {"wifi": "Tkhd=Rnfg=Gbjp"}) == []
