"""Merge two edits of one text three ways: word by word, with conflicts as data. Pure: no file, no Markdown, no Anki."""

from deckgen.merge.chunks import Chunk, Merge, merge, merge_touching
from deckgen.merge.words import words

__all__ = ["Chunk", "Merge", "merge", "merge_touching", "words"]
