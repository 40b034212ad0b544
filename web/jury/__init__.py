"""For juries: evidence, verdicts, benches as they were left."""
