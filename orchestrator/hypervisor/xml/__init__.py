"""libvirt XML from specs and back: pure functions, one module per kind of document."""
