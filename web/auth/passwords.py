"""Passwords: argon2id, with the parameters that its authors recommend."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 200

_hasher = PasswordHasher()
_NOBODY = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """How a password is stored."""
    return _hasher.hash(password)


def is_right(stored: str | None, password: str) -> bool:
    """Whether a password is the one that was stored. Takes as long when there is none: who has an account is hidden."""
    try:
        right = _hasher.verify(stored or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return right and stored is not None
