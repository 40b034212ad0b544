"""The twins of the probes on disks: what is read, and a pure reader of what was found."""
