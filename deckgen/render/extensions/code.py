"""Highlights code by pymdown-extensions, without the work that Pygments repeats for each piece of code."""

from functools import lru_cache

from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_by_name
from pygments.lexers.special import TextLexer
from pygments.util import ClassNotFound
from pymdownx.highlight import Highlight, HighlightExtension


class Code(HighlightExtension):  # type: ignore[misc]
    """Highlights code by CSS classes. Code without a known language stays as it is."""

    def __init__(self) -> None:
        super().__init__(css_class="highlight", guess_lang=False, anchor_linenums=False)
        # The classes are the same in all styles. Pygments would copy the colours of a style for each piece of code.
        self.config["pygments_style"][0] = ()

    def get_pymdownx_highlighter(self) -> type[Highlight]:
        """Return the class that highlights."""
        return _Highlight


class _Highlight(Highlight):  # type: ignore[misc]
    def get_lexer(self, src: str, language: str, inline: bool, stripnl: bool) -> tuple[Lexer, str]:
        """Return a new lexer of a language, and its name. A lexer may keep a state, so it is used only once."""
        return _lexer_class(language)(stripnl=stripnl), language


@lru_cache(maxsize=256)
def _lexer_class(language: str) -> type[Lexer]:
    """The lexer of a language. Pygments searches the table of all its languages for it."""
    try:
        return find_lexer_class_by_name(language)
    except ClassNotFound:
        return TextLexer
