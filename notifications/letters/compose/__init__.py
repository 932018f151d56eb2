"""Composers: one small module per letter, each turns facts of a case into a frozen letter."""
