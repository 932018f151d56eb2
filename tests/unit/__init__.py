"""Tests of one part at a time: no database, no Flask."""
