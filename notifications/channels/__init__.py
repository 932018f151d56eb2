"""Channels: the ways by which an effect leaves the building."""
