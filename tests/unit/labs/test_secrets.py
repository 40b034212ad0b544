"""Secrets: typed alike on both keyboards, accepted by Active Directory, as WireGuard writes them."""

# ruff: noqa: S311 - seeded on purpose, so that a failing example can be seen again

from __future__ import annotations

import base64
from random import Random

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from labs import secrets
from labs.model import Secret

# Unshifted and shifted characters by key, row by row: the fr and us layouts of xkeyboard-config.
FR = {
    "AE": ("&é\"'(-è_çà)=", "1234567890°+"),
    "AD": ("azertyuiop^$", "AZERTYUIOP¨£"),
    "AC": ("qsdfghjklmù*", "QSDFGHJKLM%µ"),
    "AB": ("wxcvbn,;:!", "WXCVBN?./§"),
}
US = {
    "AE": ("1234567890-=", "!@#$%^&*()_+"),
    "AD": ("qwertyuiop[]", "QWERTYUIOP{}"),
    "AC": ("asdfghjkl;'\\", 'ASDFGHJKL:"|'),
    "AB": ("zxcvbnm,./", "ZXCVBNM<>?"),
}


def _keys(layout: dict[str, tuple[str, str]]) -> dict[str, tuple[str, int, int]]:
    return {
        character: (row, position, shift)
        for row, levels in layout.items()
        for shift, characters in enumerate(levels)
        for position, character in enumerate(characters)
    }


@given(st.integers())
def test_a_password_is_typed_alike_on_azerty_and_qwerty(seed: int) -> None:
    french, american = _keys(FR), _keys(US)
    for character in secrets.password(Random(seed)):
        assert french[character] == american[character], character


@given(st.integers())
def test_a_password_has_no_look_alikes_and_no_words(seed: int) -> None:
    password = secrets.password(Random(seed))
    assert len(password) == 14
    assert not set(password) & set("0O1lIi5AaEeIiOoUuYy")
    assert not any(pair in password for pair in ("vv", "rn", "VV", "cl"))


@given(st.integers())
def test_a_password_meets_the_complexity_of_active_directory(seed: int) -> None:
    password = secrets.password(Random(seed))
    classes = (str.isupper, str.islower, str.isdigit, lambda c: not c.isalnum())
    assert sum(any(kind(c) for c in password) for kind in classes) >= 3


@given(st.integers())
def test_a_password_needs_no_quoting_anywhere(seed: int) -> None:
    """Shell, LDIF, ``user:password`` of chpasswd, JSON, hostapd: nothing to escape, nothing a spreadsheet would run."""
    password = secrets.password(Random(seed))
    assert password[0].isalpha()
    assert all(c.isalpha() or c == "=" for c in password)


@given(st.binary(min_size=1, max_size=8))
def test_a_wireguard_pair_is_as_wg_prints_it(seed: bytes) -> None:
    private, public = secrets.wireguard_pair(Random(seed))
    raw = base64.b64decode(private, validate=True)
    assert len(raw) == 32
    assert (raw[0] & 7, raw[31] >> 6) == (0, 1), "clamped, as wg genkey does (RFC 7748, section 5)"
    assert base64.b64decode(public) == X25519PrivateKey.from_private_bytes(raw).public_key().public_bytes_raw()


def test_every_session_draws_its_own() -> None:
    declared = {"admin": Secret(kind="password"), "vpn": Secret(kind="wireguard")}
    one, two = secrets.draw(declared), secrets.draw(declared)
    assert list(one) == ["admin", "vpn", "vpn_public"]
    assert not set(one.values()) & set(two.values())
    assert secrets.draw(declared, Random(7)) == secrets.draw(declared, Random(7))
    assert secrets.environment(one)["VPN_PUBLIC"] == one["vpn_public"]
