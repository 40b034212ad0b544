"""Recording what real machines answer, as goldens: which questions, where, and what is written of the answers."""
