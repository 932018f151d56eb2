"""Bringing registers over from tables: reading files, and working through them piece by piece."""
