"""Measurements of the product, its baseline and its peers; nothing the product runs on."""
