"""Channels, probes, checks, evidence and reports."""
