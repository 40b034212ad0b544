"""What may go wrong with signing in."""

from __future__ import annotations

from labs.errors import EpreuveError


class LoginError(EpreuveError):
    """Nobody was signed in."""

    code = "login"
    exit_code = 6
