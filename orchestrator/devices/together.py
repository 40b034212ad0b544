"""One error of several devices."""

from __future__ import annotations

from collections.abc import Sequence

from labs.errors import EpreuveError
from labs.text import Text

_TOLD = 5
"""How many devices it tells of."""


def together(what: Text, failed: Sequence[tuple[str, EpreuveError]]) -> EpreuveError:
    """What went wrong, and with which of them; what to do is what the first says."""
    told, more = failed[:_TOLD], " …" if len(failed) > _TOLD else ""
    fr = " ".join(f"{name} : {error.what.fr.rstrip('.')}." for name, error in told)
    en = " ".join(f"{name}: {error.what.en.rstrip('.')}." for name, error in told)
    return EpreuveError(Text(f"{what.fr} {fr}{more}", f"{what.en} {en}{more}"), do=failed[0][1].do)
