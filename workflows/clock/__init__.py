"""Legal time: which days count, when a term ends, and why (no engine, no database, no clock)."""
