"""The benchmark's process on Viewflow; runs in a virtual environment of its own."""
