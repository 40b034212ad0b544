"""A session's secrets: values drawn anew for every session, shown on the candidate's paper.

Passwords are typed from paper, at a console whose layout the candidate may not master, so every character sits on the
same key of an AZERTY (fr) and a QWERTY (us) keyboard:

- no A, Q, W, Z, M: those letters move between the two;
- no digits: they need Shift on AZERTY and not on QWERTY;
- no I, L (small), O: taken for one another, or for a digit;
- no letter twice in a group and no small R: "vv" reads as W, "rn" as M;
- no vowels: no word can come out, in any language;
- ``=`` is the one symbol that both layouts have on the same key without Shift (right of the digits, before Backspace).

Capitals, small letters and a symbol make three of the character classes that Active Directory counts ("Password must
meet complexity requirements", [MS-SAMR] 3.1.1.7.2), without digits. Three groups of four with ``=`` between them
(``Tkhd=Rnfg=Gbjp``) are easy to read out and to type: 14 characters, 45 bits, valid for one session.
"""

from __future__ import annotations

import base64
import secrets as system
from collections.abc import Mapping
from random import Random

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from labs.model import Secret

CAPITALS = "BCDFGHJKLNPRSTVX"
SMALL = "bcdfghjknpstvx"
SEPARATOR = "="


def draw(declared: Mapping[str, Secret], source: Random | None = None) -> dict[str, str]:
    """A value for every declared secret, in order; a WireGuard pair gives ``NAME`` and ``NAME_public``.

    source: where the randomness comes from; the system's by default. A seeded one is for tests and simulations only.
    """
    chance = source or system.SystemRandom()
    values: dict[str, str] = {}
    for name, secret in declared.items():
        if secret.kind == "password":
            values[name] = password(chance)
        else:
            values[name], values[f"{name}_public"] = wireguard_pair(chance)
    return values


def example_values(declared: Mapping[str, Secret], seed: str) -> dict[str, str]:
    """Values that open nothing, to show a subject with; the same ones for the same seed."""
    return draw(declared, Random(seed))  # noqa: S311 - examples


def password(source: Random) -> str:
    """Fourteen characters: three groups of a capital and three small letters."""
    groups = (source.choice(CAPITALS) + "".join(source.sample(SMALL, 3)) for _ in range(3))
    return SEPARATOR.join(groups)


def wireguard_pair(source: Random) -> tuple[str, str]:
    """A private and a public key as ``wg genkey`` and ``wg pubkey`` print them.

    The private key is clamped (RFC 7748, section 5) as ``wg genkey`` does: the kernel shows it clamped, and evidence is
    redacted by looking for the very text.
    """
    raw = bytearray(source.randbytes(32))
    raw[0] &= 248
    raw[31] = (raw[31] & 127) | 64
    public = X25519PrivateKey.from_private_bytes(bytes(raw)).public_key()
    return (
        base64.b64encode(bytes(raw)).decode("ascii"),
        base64.b64encode(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode("ascii"),
    )


def environment(values: Mapping[str, str]) -> dict[str, str]:
    """The secrets as the environment of a personalise script: upper-case names."""
    return {name.upper(): value for name, value in values.items()}
