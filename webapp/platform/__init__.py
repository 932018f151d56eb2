"""A small real provincial platform, so that exchange is tried against another program.

It runs as its own process with its own store, knows nothing of our tables and calls us as a
stranger would. docs/exchange.md is all that the two sides share.
"""
