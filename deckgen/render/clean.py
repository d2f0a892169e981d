"""Takes out of the HTML of a field what a card may not have, and tells what was taken out.

HTML in which nothing has to be taken out is returned as it is: parsing and writing it again would change its bytes, and a note that
changed in bytes is an update for each learner. So no sanitizer that writes all HTML again (such as nh3) is used. The elements in which
browsers read text by other rules (`style`, `textarea`, …) are all taken out, so browsers read the same elements as this module.
"""

import re

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, PreformattedString

from deckgen.lazy_patterns import lazy_pattern
from deckgen.model import Note, Text
from deckgen.problems import Problem, Severity
from deckgen.render.html import attribute, html_of, parse_html
from deckgen.render.mask import TOKEN
from deckgen.render.safe_html import ALLOWED, CONTENT_TOO, is_safe_address, is_safe_attribute
from deckgen.scan import CODE_KINDS, Scan

# Tags that Markdown makes of a text without HTML, written as Python-Markdown writes them. They need no tree.
_PLAIN_TAG = lazy_pattern(
    r"</?(?:a|abbr|b|blockquote|br|code|dd|del|details|div|dl|dt|em|figcaption|figure|h[1-6]|hr|i|img|kbd|li|ol|p|pre|s"
    r"|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|u|ul)"
    r"(?: (?:alt|class|id|open|rel|role|start|title)=\"[^\"<>]*\"| style=\"text-align: ?(?:left|right|center);?\""
    r"| src=\"[\w./:?=%+-]*\"| href=\"(?:https?://|mailto:|#)[^\"<>]*\")* ?/?>"
)
_NO_TAG = lazy_pattern(r"<(?!/?[a-zA-Z]|!-- *-->)")
_WRITTEN_SCHEME = r"(?:script|data)\s*:|&[#\w]+;"
_SHOWN = 40  # characters of what was taken out
_TEX_HTML = lazy_pattern(r"\\(href|style)(?![a-zA-Z])")
_ARGUMENT = lazy_pattern(r"\s*\{([^{}\\#%]*)\}")
_HINT = 'html = "unsafe" in deck.toml keeps all HTML of the notes'


def clean(html: str, note: Note, text: Text, found: Scan) -> tuple[str, list[Problem]]:
    """The HTML without what a card may not have, and a warning for each thing that was taken out.

    `html` was rendered from `text`. It may have characters that stand for masked text.
    """
    if "<" not in _PLAIN_TAG.sub("", html):
        return html, []
    # Of an attribute that is written twice, browsers take the first.
    soup = parse_html(html, on_duplicate_attribute="ignore")
    cleaner = _Cleaner(note, text, found)
    cleaner.clean(soup)
    # A `<` that begins no tag would begin one if the text after it changed: a cloze is such a text.
    rewrite = cleaner.changed or _NO_TAG.search(html) is not None
    return (html_of(soup) if rewrite else html), cleaner.problems


class _Cleaner:
    """Cleans one tree. `changed` says whether it did, and `problems` what was taken out."""

    def __init__(self, note: Note, text: Text, found: Scan):
        self.changed = False
        self.problems: list[Problem] = []
        self._note = note
        self._text = text
        self._scan = found
        self._after: dict[str, int] = {}

    def clean(self, soup: BeautifulSoup) -> None:
        """Take out of a tree what a card may not have."""
        # A stack and no recursion, because a note may have thousands of elements inside each other.
        waiting = soup.contents[::-1]
        while waiting:
            node = waiting.pop()
            if isinstance(node, Tag):
                if self._keeps_content(node):
                    waiting += node.contents[::-1]
            elif isinstance(node, PreformattedString) and not (isinstance(node, Comment) and not node.strip()):
                # Comments with text were left out before. These are declarations and instructions.
                node.extract()
                self._tell("<!…> or <?…>", r"<[!?]")

    def _keeps_content(self, element: Tag) -> bool:
        """Clean an element without its content. Return whether the content stays."""
        name = element.name.lower()
        if name in ALLOWED and (name != "input" or attribute(element, "type").lower() == "checkbox"):
            for key in list(element.attrs):
                self._clean_attribute(element, key, attribute(element, key))
            return True
        shown = TOKEN.sub("", name)[:_SHOWN]
        content_too = name in CONTENT_TOO or name == "input"
        self._tell(f"<{shown}>", rf"<{re.escape(shown)}", "" if content_too else "write &lt; if < is text; ")
        if content_too:
            element.extract()
        else:
            # Only the tags are not written. Taking them out of the tree would take time with the square of the depth.
            element.hidden = True
        return not content_too

    def _clean_attribute(self, element: Tag, key: str, value: str) -> None:
        masked = TOKEN.search(value) is not None
        # What a mask stands for may have quotes. Only a value in double quotes keeps them inside.
        self.changed |= masked
        if not TOKEN.search(key) and is_safe_attribute(element.name, key.lower(), value):
            return
        del element.attrs[key]
        if key == "href":
            shown = " ".join(TOKEN.sub("", value).split())[:_SHOWN]
            self._problem(f"the link {shown}", self._link_place(value))
        else:
            shown = TOKEN.sub("", key)
            written = rf"\b{re.escape(shown)}\s*=" if shown else rf"<{element.name}\b"
            self._tell(f"{shown or 'an attribute'} of <{element.name}>", written)

    def _tell(self, what: str, written: str, hint: str = "") -> None:
        """Add a problem. `written` is a regular expression for the place in the source."""
        self._problem(what, self._place(written, written) or self._text.place(0), hint)

    def _problem(self, what: str, place: tuple[int, int], hint: str = "") -> None:
        self.changed = True
        message = f"{what} was taken out: a card may not have it"
        self.problems.append(
            Problem(self._note.file, *place, Severity.WARNING, "html-unsafe", message, f"{hint}{_HINT}")
        )

    def _link_place(self, address: str) -> tuple[int, int]:
        """The next place of an address. It may be written with character references."""
        return self._place(re.escape(address), "link") or self._place(_WRITTEN_SCHEME, "link") or self._text.place(0)

    def _place(self, written: str, kind: str) -> tuple[int, int] | None:
        """The next place in the source that matches and is no code, behind the last one of this kind."""
        for match in re.compile(written, re.I).finditer(self._text.source, self._after.get(kind, 0)):
            if not self._is_code(match.start()):
                self._after[kind] = match.end()
                return self._text.place(match.start())
        return None

    def _is_code(self, offset: int) -> bool:
        """Whether an offset of the source is in code of Markdown. The scan calls some HTML elements code too."""
        span = self._scan.covering(offset)
        return span is not None and span.kind in CODE_KINDS and self._text.source[span.start] != "<"


def formula_error(tex: str) -> str:
    """What a formula may not have, "" if it has nothing of it. `tex` has no macros of the deck any more.

    MathJax makes links of `\\href`, and attributes of `\\style`. Their arguments must be written out, because a macro could stand for code.
    """
    for command in _TEX_HTML.finditer(tex):
        argument = _ARGUMENT.match(tex, command.end())
        if argument is None:
            return f"{command[0]} needs an address or a style without macros"
        safe = is_safe_address(argument[1]) if command[1] == "href" else is_safe_attribute("span", "style", argument[1])
        if not safe:
            return f"a card may not have {command[0]}{{{argument[1].strip()[:_SHOWN]}}}"
    return ""
