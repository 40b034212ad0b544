"""Recorded answers as files (goldens): what is hidden before they are written, and how their shapes compare. Pure."""
