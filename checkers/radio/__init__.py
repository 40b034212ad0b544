"""The witness that hears physical devices with a wireless adapter of the supervisor's machine (docs/devices.md)."""
