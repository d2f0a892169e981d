"""Anki packages: writing ours."""
