"""OpenWrt devices asked over HTTPS, by what their own pages may call (docs/devices.md)."""
