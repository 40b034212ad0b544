"""The sealed dossier: the evidence of one candidate as one file that proves itself (docs/dossier.md).

``container`` (the bytes) under ``manifest`` and ``seal`` (what is in it, and who vouches for it) under ``verify``: they
need no database. ``contents``, ``report`` and ``sealing`` make a session's dossiers; ``rejudge`` judges one again.
"""
