"""The differences between two packages: notes, note types, media."""
