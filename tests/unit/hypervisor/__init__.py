"""Unit tests of the hypervisor side: no libvirtd, no machine."""
