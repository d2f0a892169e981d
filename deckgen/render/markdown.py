"""One note → the HTML of its fields: mask, render as MkDocs does, attach media, restore.

The rules of math, clozes, media and links stand beside this module; here is only their order.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup
from markdown import Markdown

from deckgen.model import Kind, Media, Note, RenderedNote, Text
from deckgen.notetypes import fields_of
from deckgen.notetypes.cards import card_ordinals
from deckgen.problems import Problem, Severity
from deckgen.render import cloze, links
from deckgen.render.figures import with_images
from deckgen.render.mask import Masks, literal_tokens
from deckgen.render.media import MediaFiles
from deckgen.scan import Scan, SpanKind, scan
from deckgen.tex import anki_tex

_EXTENSIONS = ("abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "pymdownx.betterem",
               "pymdownx.details", "pymdownx.highlight", "pymdownx.superfences", "pymdownx.tasklist", "pymdownx.tilde")
_OPTIONS = {
    "pymdownx.highlight": {"css_class": "highlight", "guess_lang": False, "anchor_linenums": False},
    "pymdownx.superfences": {"disable_indented_code_blocks": False},
    "pymdownx.tilde": {"subscript": False},
}
_PLAIN = re.compile(r"[^\\`*_{}\[\]<>&#!|~:$\n\U000F0000-\U000FFFFD]*")
_NEEDS_TREE = re.compile(r"<(?:img|a|audio|video|source|object)\b")
_SOUND = re.compile(r"\[sound:([^\]\n]+)\]")
_ACTIVE = re.compile(r"\[(?=sound:|anki:|latex\]|/latex\]|\$\$?\]|/\$\$?\])", re.I)
_UNSEEN = {SpanKind.FENCE, SpanKind.INDENTED, SpanKind.CODE, SpanKind.COMMENT}


@dataclass
class _Field:
    """What rendering one text leaves behind."""

    html: str = ""
    media: list[Media] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Renderer:
    """Renders the notes of one deck.

    `root` is the folder that note keys are relative to, `figure` answers a `figure:` reference with its picture or
    raises FigureError, `base_url` is where relative links lead (empty: nowhere).
    """

    def __init__(self, root: Path, figure: Callable[[str], Media], base_url: str = ""):
        self._figure = figure
        self._media = MediaFiles(root, figure)
        self._base_url = base_url
        self._markdown = Markdown(extensions=_EXTENSIONS, extension_configs=_OPTIONS, output_format="html")
        self._markdown.ESCAPED_CHARS.append("$")
        # A list that the author began at 2 begins at 2.
        self._markdown.parser.blockprocessors["olist"].LAZY_OL = False

    def render(self, note: Note) -> tuple[RenderedNote, list[Problem]]:
        """The note's fields, and problems at their places in the file."""
        drawn, wrong = with_images(note, self._figure)
        rendered, problems = self._rendered(drawn)
        return replace(rendered, note=note), wrong + problems

    def _rendered(self, note: Note) -> tuple[RenderedNote, list[Problem]]:
        is_cloze = note.kind is Kind.CLOZE
        question = self._text(note, note.question, inline=True)
        answer = self._text(note, note.answer, cloze_marks=is_cloze)
        source = self._text(note, note.source, inline=True) if note.source else _Field()
        texts = (question, answer, source)
        values = {
            "Section": escape(" › ".join(note.section), quote=False),
            "Source": source.html,
            "Id": note.id or "",
        }
        if is_cloze:
            values |= {"Title": question.html, "Text": answer.html}
        else:
            values |= {
                "Front": question.html,
                "Back": answer.html,
                "Reverse": "1" if "reversed" in note.classes else "",
                "Typed": escape(plain_text(answer.html), quote=False) if "typed" in note.classes else "",
            }
        media = {m.name: m for text in texts for m in text.media}
        rendered = RenderedNote(note, {name: values.get(name, "") for name in fields_of(note.kind)},
                                tuple(media[name] for name in sorted(media)))
        problems = [problem for text in texts for problem in text.problems]
        if not card_ordinals(note.kind, rendered.fields):
            problems.append(Problem(note.file, note.line, 1, Severity.ERROR, "cloze-unclosed", "no cloze of the note is closed",
                                    "write {{c1::text}}"))
        return rendered, problems

    def _text(self, note: Note, text: Text, *, inline: bool = False, cloze_marks: bool = False) -> _Field:
        result = _Field()
        masks = Masks()
        found = scan(text.source)
        masked = self._mask(note, text, found, masks, result, cloze_marks)
        html = self._inline(masked) if inline else self._block(_closed(masked, found))
        if _NEEDS_TREE.search(html):
            soup = BeautifulSoup(html, "html.parser")
            media, problems = self._media.attach(soup, note, text, found)
            result.media += media
            result.problems += problems + links.lead(soup, note, text, self._base_url)
            html = soup.decode(formatter="minimal")
        if cloze_marks:
            html = cloze.inert(html)
        html = _ACTIVE.sub("&#91;", html)
        result.html = masks.restore(html)
        return result

    def _mask(self, note: Note, text: Text, found: Scan, masks: Masks, result: _Field, cloze_marks: bool) -> str:
        """The text with formulas, clozes, sounds and comments masked."""
        source = text.source
        cuts = [(m.start(), m.end(), m[0]) for m in literal_tokens(source)]
        for span in found.spans:
            if span.kind is SpanKind.FORMULA:
                cuts.append((span.start, span.end, _formula(span.tex, span.display, cloze_marks)))
            elif span.kind is SpanKind.COMMENT and source[span.start + 4 : span.end - 3].strip():
                cuts.append((span.start, span.end, ""))
        visible = _blank(source, found)
        for match in _SOUND.finditer(visible):
            media, problems = self._media.sound(match[1], note, text, match.start())
            result.media += media
            result.problems += problems
            if media:
                cuts.append((match.start(), match.end(), f"[sound:{media[0].name}]"))
        if cloze_marks:
            cuts += [(start, end, source[start:end]) for start, end, _ in cloze.marks(visible)]
        parts, pos = [], 0
        for start, end, shown in sorted(cuts):
            if start < pos:
                continue
            parts += [source[pos:start], masks.add(shown, escape(source[start:end], quote=False))]
            pos = end
        return "".join([*parts, source[pos:]])

    def _inline(self, text: str) -> str:
        """Text of one line, with inline markup only: a heading's text can open no block."""
        if _PLAIN.fullmatch(text):
            return text
        html = self._markdown.reset().convert("# " + " ".join(text.split("\n")))
        return html.removeprefix("<h1>").removesuffix("</h1>")

    def _block(self, text: str) -> str:
        return self._markdown.reset().convert(text)


def plain_text(html: str) -> str:
    """The text of a field, white space folded."""
    if "<" not in html and "&" not in html:
        return html
    return re.sub(r"\s+", " ", BeautifulSoup(html, "html.parser").get_text()).strip()


def _formula(tex: str, display: bool, in_cloze: bool) -> str:
    body = escape(anki_tex(tex), quote=False)
    if in_cloze:
        body = cloze.inert_tex(body)
    return f"\\[{body}\\]" if display else f"\\({body}\\)"


def _blank(source: str, found: Scan) -> str:
    """The source with code, comments and formulas blanked out, offsets kept."""
    chars, pos = [], 0
    for span in found.spans:
        if span.kind in _UNSEEN or span.kind is SpanKind.FORMULA:
            chars += [source[pos : span.start], " " * (span.end - span.start)]
            pos = span.end
    return "".join([*chars, source[pos:]])


def _closed(masked: str, found: Scan) -> str:
    """The text with a code fence closed that the author left open: its code is code to the end."""
    if any(fault.code == "fence-unclosed" for fault in found.faults):
        opened = re.findall(r"^[ \t>]*(`{3,}|~{3,})", masked, re.M)
        return f"{masked}\n{opened[-1]}"
    return masked
