"""The benchmark is honest only while both rivals do the same work."""
