"""The physical devices on the candidates' tables: how they are reached, asked and looked after (docs/devices.md)."""
