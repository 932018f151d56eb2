"""Lets `python -m webapp.cli` do what `jiannuo` does."""

from webapp.cli import main

main()
