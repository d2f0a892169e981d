"""Anki packages: write the package of a deck, and read any package."""
