"""Devices with a Cisco-like prompt: what they are asked, and how that is read (docs/devices.md)."""
