"""The twins of the probes on Windows: a script each (``checkers/windows/scripts``) and a pure reader of its answer."""
