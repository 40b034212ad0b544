"""Proving a lab on real machines: that nothing passes untouched, that the reference solution gets every point, and that
each mutant flips exactly the checks that it names; its incidents too.

``ground`` makes the bench, ``mutants`` and ``incidents`` do to it what is to be proved, ``proof`` is what is kept.
"""
