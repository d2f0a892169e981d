"""Releases: packages with a version that people get, and what belongs to them."""
