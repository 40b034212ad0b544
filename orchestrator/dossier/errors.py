"""What can be wrong with a dossier, or keep one from being sealed."""

from __future__ import annotations

from labs.errors import EpreuveError


class DossierError(EpreuveError):
    """A dossier does not prove what it says, or cannot be made."""

    code = "dossier"
    exit_code = 9
