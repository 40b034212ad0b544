"""What can be wrong with the key that seals."""

from __future__ import annotations

from labs.errors import EpreuveError


class SealKeyError(EpreuveError):
    """The key that seals is missing, unreadable or not the one meant."""

    code = "seal-key"
    exit_code = 9
