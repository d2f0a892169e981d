"""Renders cards as Anki shows them, without Anki: it puts fields into templates."""
