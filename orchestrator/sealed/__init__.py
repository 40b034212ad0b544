"""Archives that prove themselves, for whatever is sealed: dossiers (docs/dossier.md), labs that are shared.

``container`` (the bytes) under ``manifest`` and ``seal`` (what is in it, and who vouches for it) under ``verify``: they
need no database. ``keys`` are those of this installation.
"""
