"""Rehearsals: a package imported by Anki's own engine, as its desktop does by default, and held to what the diff promises."""
