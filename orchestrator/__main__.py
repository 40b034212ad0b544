"""``python -m orchestrator``: the same command line as ``epreuve``."""

from orchestrator.cli import main

main()
