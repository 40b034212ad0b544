"""The web application: supervisors, candidates, juries, trainers, administrators.

One package for each kind of user, with the same file names in each: ``routes`` (what is at which address), ``forms``,
and what else that part needs; templates stand in ``templates/<package>/``. The rules of an exam are not here: every
order goes through ``orchestrator.engine.desk``.
"""
