"""Signing in: accounts by password, candidates by seat code."""
