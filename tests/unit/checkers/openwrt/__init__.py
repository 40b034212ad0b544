"""Tests of what is asked of OpenWrt devices."""
