"""Markdown source without markup. Python-Markdown takes as long for it as for other text, and only puts paragraphs around it.

Most questions and many answers are such text.
"""

from deckgen.lazy_patterns import lazy_pattern

# The characters of inline markup, and those that Python-Markdown changes. Masked text is one character, which stays.
_MARKUP = r"\\`*_{}\[\]<>&~$=^\x00-\x1f\x7f-\x9f\u2028\u2029"
_NO_MARKUP = rf"[^{_MARKUP}]"
_LINE = lazy_pattern(rf"{_NO_MARKUP}*")
# No sign of a media file, a cloze, a comment, a tag or a table, no masked text, and not the beginning of `O(n2)`.
_NO_SIGN = rf"[^{_MARKUP}#!|:%(\U000F0000-\U0010FFFD]"
_BARE_LINE = lazy_pattern(rf"{_NO_SIGN}*+(?:(?<![OΘΩ])\({_NO_SIGN}*+)*+")
# A line that begins with a letter or with masked text begins no block. Blanks at its end could be a line break.
_TEXT_LINE = rf"(?:[^\W\d_]|[\U000F0000-\U0010FFFD]){_NO_MARKUP}*+(?<!\s)"
_PARAGRAPHS = lazy_pattern(rf"{_TEXT_LINE}(?:\n+{_TEXT_LINE})*+")
_BETWEEN = lazy_pattern(r"\n{2,}")


def is_plain_line(text: str) -> bool:
    """Whether a text of one line has no inline markup."""
    return _LINE.fullmatch(text) is not None


def is_bare_line(text: str) -> bool:
    """Whether a text of one line is its own HTML, in fields of all note types, and nothing is reported of it."""
    return _BARE_LINE.fullmatch(text) is not None


def plain_paragraphs(text: str) -> str | None:
    """The HTML of a text of nothing but paragraphs without markup. None: the text may be something else."""
    if _PARAGRAPHS.fullmatch(text) is None:
        return None
    return "\n".join(f"<p>{paragraph}</p>" for paragraph in _BETWEEN.split(text))
