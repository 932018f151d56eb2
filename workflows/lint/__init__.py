"""Proves before deployment that a process keeps the law on every path that the engine can take."""
