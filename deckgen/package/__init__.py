"""Anki packages: writing ours, reading any."""
