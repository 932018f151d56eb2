"""The engine: diagrams in, states out, no database and no web."""
