"""Reading a machine's disk at rest: how questions are put to it, and the twins of the probes (docs/adr/0012)."""
