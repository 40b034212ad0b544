"""The service desk: tickets as a centre de services keeps them, in the words of ITIL.

A ticket is what the records of book ``tickets`` add up to (``ticket.fold``); a record is never changed or removed, a
correction is a further one. ``documents``: what a record says. ``rules``: what may follow what. ``evidence``: what a
jury reads of it. ``book``: where records are read and written. ``glpi``: the same from a real GLPI.
"""

from __future__ import annotations
