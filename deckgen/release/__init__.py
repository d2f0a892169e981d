"""Releases: packages with a version, which the author shares with learners, and the files that belong to them."""
