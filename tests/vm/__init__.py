"""Tests on real machines (marker ``vm``)."""
