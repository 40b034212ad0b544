"""The probes: one small module per subject; each holds a command and a pure parser."""
