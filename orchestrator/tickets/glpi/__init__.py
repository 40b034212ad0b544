"""Reading the tickets of a candidate from a real GLPI, for centres that hold this part there. It only ever reads.

What it speaks is the REST API of GLPI 10 and 11 as its ``apirest.md`` documents it. ``client``: requests and their
errors. ``reading``: rows of GLPI as the tickets that the rest of Épreuve knows.
"""

from __future__ import annotations

from orchestrator.tickets.glpi.client import Glpi, GlpiError
from orchestrator.tickets.glpi.reading import Reading, read_tickets

__all__ = ["Glpi", "GlpiError", "Reading", "read_tickets"]
