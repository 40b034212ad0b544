"""The reference of the checks and probes, for authors of labs: words, examples, a page, the schema of ``lab.yml``."""
