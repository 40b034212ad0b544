"""A lab's own pytest-testinfra tests, run over the same channels as the probes.

pytest runs in a process of its own (``child``): a trainer's test cannot hang, print over or break the platform.
The child asks for commands over a pair of pipes; the parent (``runner``) runs them through the machine's channel and
notes every time that the channel, not the candidate, was at fault.
"""
