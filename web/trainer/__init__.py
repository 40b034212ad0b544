"""For trainers: the catalog of labs, trials, proofs."""
