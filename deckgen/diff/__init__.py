"""What is between two packages: notes, note types, media."""
