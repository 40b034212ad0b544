"""What jurors mark and what the jury decides: the records of the book ``marks``, and what they add up to.

``documents`` is what is written, ``fold`` the state that the records add up to, ``rules`` what may be written next,
``outcomes`` what marks propose for a block and for the title. No I/O, no clock: ``desk`` writes, ``reading`` reads.
"""
