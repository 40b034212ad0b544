"""The sealed dossier: the evidence of one candidate as one file that proves itself (docs/dossier.md).

``orchestrator.sealed`` is the archive and its proof. ``contents``, ``report`` and ``sealing`` make a session's
dossiers; ``rejudge`` judges one again.
"""
