"""The wireless adapter of this host: what it is, and how the witness borrows it (``adapter.sh``)."""
