"""Windows machines: how a batch of questions is put to them, and the twins of the probes (docs/windows.md)."""
