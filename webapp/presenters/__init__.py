"""View models: what a page shows, computed from plain values, without Flask or a database."""
