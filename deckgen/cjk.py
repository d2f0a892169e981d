"""Ranges of Chinese and Japanese characters, for use between the brackets of a regular expression."""

HAN = "\u3400-\u9fff"
KANA = "\u3040-\u30ff"
CJK = f"\u2e80-\u303f{KANA}{HAN}\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
"""Characters of texts without spaces between words: radicals, punctuation, kana, Han, full-width forms, rare Han."""
