"""OpenWrt devices: how they are asked and read (docs/devices.md)."""
